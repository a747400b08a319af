#!/usr/bin/env python3
"""Skipped tests: each needs a row in tests/allowed-skips, for the reason that it printed.

usage: check_skips.py ALLOWED JUNIT...    reads what `ctest --output-junit` wrote, and what GoogleTest wrote of a
                                          program's cases as PROGRAM.PART.xml; exit 1 on a breach
"""
import pathlib
import re
import sys
import xml.etree.ElementTree as xml


def read_allowed(path):
    rows = []
    for number, raw in enumerate(path.read_text().splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        name, colon, reason = line.partition(": ")
        if not colon or not reason.strip():
            raise ValueError(f"{path}:{number}: not of the form `test name: reason`")
        rows.append((re.compile(name), re.compile(reason.strip())))
    return rows


def is_allowed(name, printed, rows):
    return any(row.fullmatch(name) and reason.search(printed) for row, reason in rows)


def name_of(case, program):
    """As ctest has it: GoogleTest leaves a program's name to its file."""
    suite = case.get("classname")
    return f"{program}/{suite}.{case.get('name')}" if case.get("result") else case.get("name")


def said_by(case):
    skipped = case.find("skipped")
    return (case.findtext("system-out") or "") + (skipped.get("message") or "" if skipped is not None else "")


def check(junit, rows):
    """(breaches, tests, skips) of one JUnit file; not run at all counts as skipped."""
    breaches, tests, skips = [], 0, 0
    program = pathlib.Path(junit).name.split(".")[0]
    for case in xml.parse(junit).getroot().iter("testcase"):
        tests += 1
        if case.get("status") in ("run", "fail") and case.get("result") != "skipped":
            continue
        skips += 1
        name, printed = name_of(case, program), said_by(case)
        if not is_allowed(name, printed, rows):
            breaches.append(f"{name}: skipped without leave:\n{printed.strip() or 'it printed nothing'}")
    if tests == 0:
        breaches.append(f"{junit}: no tests ran")
    return breaches, tests, skips


def main(arguments):
    rows = read_allowed(pathlib.Path(arguments[0]))
    failed = False
    all_tests = all_skips = 0
    for junit in arguments[1:]:
        breaches, tests, skips = check(junit, rows)
        failed = failed or bool(breaches)
        all_tests, all_skips = all_tests + tests, all_skips + skips
        for breach in breaches:
            print(breach)
    print(f"skips: {all_skips} of {all_tests} tests")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
