#!/usr/bin/env python3
"""The project speaks of itself alone, claims only what it can prove, and leaves nothing half done.

usage: check_words.py ROOT
"""
import pathlib
import re
import sys

SKIPPED_FOLDERS = {".git", "build", "corpus", "vectors", "__pycache__"}
SKIPPED_FILES = {"LICENSE"}
THIS = pathlib.Path(__file__).name, "check_house_test.py"

# pattern, where it holds (start of the path under the root), what to tell
RULES = [
    (r"/(?:home|Users)/(?!somebody\b)\w+|(?<![\w.$}])/(?:root|work|workspace|builds?)/\w", "",
     "a path of one machine"),
    (r"(?<![\w.$}])/tmp/\w", "", "a fixed temporary path; use TMPDIR, mktemp or mkdtemp"),
    (r"\b(?:10|192\.168|172\.(?:1[6-9]|2\d|3[01]))(?:\.\d{1,3}){2,3}\b", "", "a private address"),
    (r"https?://[\w.-]*(?:mirror|proxy|registry|artifact|pypi|npmjs)", "", "a package host"),
    (r"\b(?:TODO|FIXME|XXX|HACK)\b", "", "unfinished work; finish it or drop it"),
    (r"^(?:<{7}|>{7}|={7}$)", "", "a merge left undone"),
    (r"(?i)\b(?:unrecoverabl[ey]|irrecoverabl[ey]|military[- ]grade|securely eras|NCSC[- ]approved)",
     ("src/", "include/", "man/", "certificates/"), "a claim nobody can prove"),
    (r"\b(?:class|struct)\s+(?:\[\[\w+\]\]\s+)?\w+(?:Manager|Handler|Helper|Utils?)\b",
     ("src/", "include/", "tests/"), "a name that says nothing"),
]
RULES = [(re.compile(pattern), places, told) for pattern, places, told in RULES]


def texts(root):
    """(path under the root, text) of every text file of the project."""
    for path in sorted(root.rglob("*")):
        place = path.relative_to(root)
        if SKIPPED_FOLDERS & set(place.parts) or not path.is_file() or path.is_symlink():
            continue
        if path.name in SKIPPED_FILES or path.name in THIS:
            continue
        try:
            yield place.as_posix(), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def check(place, text):
    for number, line in enumerate(text.splitlines(), 1):
        for pattern, places, told in RULES:
            found = pattern.search(line) if place.startswith(places) else None
            if found:
                yield f"{place}:{number}: {found[0].strip()}: {told}"


def main(arguments):
    findings, counted = [], 0
    for place, text in texts(pathlib.Path(arguments[0])):
        counted += 1
        findings += check(place, text)
    print("\n".join(findings + [f"words: {counted} files read"]))
    return 1 if findings or not counted else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
