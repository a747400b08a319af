#!/usr/bin/env python3
"""Every code that a check can give is reached by a test: named in full by one, or by a vector's `expect`.

usage: check_codes.py ROOT

The checks of signatures, which stock software gets wrong, each have their codes in unit tests of their own.
"""
import pathlib
import re
import sys

CODE = re.compile(r'"([EIW]_[A-Z0-9_]*[A-Z0-9])"')
NAMED = re.compile(r"(?<![A-Z0-9_])[EIW]_[A-Z0-9_]*[A-Z0-9](?![A-Z0-9_])")


def found_in(folder, pattern, *globs):
    found = set()
    for glob in globs:
        for path in folder.rglob(glob):
            found.update(pattern.findall(path.read_text()))
    return found


def main(arguments):
    root = pathlib.Path(arguments[0])
    of_signatures = found_in(root / "src/crypto", CODE, "*.?pp")
    given = found_in(root / "src", CODE, "*.?pp")
    tested = found_in(root / "tests", NAMED, "*_test.?pp") | found_in(root / "certificates/vectors", NAMED, "expect")
    problems = [f"{code}: no test expects it" for code in sorted(given - tested)]
    problems += [f"{code}: no test under tests/unit/crypto expects it"
                 for code in sorted(of_signatures - found_in(root / "tests/unit/crypto", CODE, "*.?pp"))]
    documented = found_in(root / "certificates", NAMED, "SPEC.md") | of_the_manual(root)
    problems += [f"{code}: neither SPEC.md nor a page of the manual says what it means"
                 for code in sorted(given - documented)]
    print("\n".join([*problems, f"codes: {len(given)}, {len(of_signatures)} of them of signatures"]))
    return 1 if problems or not given else 0


def of_the_manual(root):
    """Without the marks of roff, which stand right before a code."""
    found = set()
    for path in (root / "man").glob("*.[0-9]"):
        found.update(NAMED.findall(re.sub(r"\\f[BIR]", " ", path.read_text())))
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
