#!/usr/bin/env python3
"""Every code that the checks of signatures can give is reached by a test, by its full name.

usage: check_codes.py ROOT
"""
import pathlib
import re
import sys

CODE = re.compile(r'"([EIW]_[A-Z0-9_]+)"')


def codes_in(folder):
    found = set()
    for path in folder.rglob("*.?pp"):
        found.update(CODE.findall(path.read_text()))
    return found


def main(arguments):
    root = pathlib.Path(arguments[0])
    given = codes_in(root / "src/crypto")
    untested = sorted(given - codes_in(root / "tests/unit/crypto"))
    for code in untested:
        print(f"{code}: no test under tests/unit/crypto expects it")
    print(f"codes: {len(given)} of the signature checks")
    return 1 if untested or not given else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
