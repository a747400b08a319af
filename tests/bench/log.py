#!/usr/bin/env python3
"""What a log costs as it grows: one append, one audit of all of it, and the memory of that audit.

usage: log.py [--check] [--entries N] [--directory DIR] LOG_GROWTH QUIETUS_AUDIT

Prints a table for tests/bench/RESULTS.md. With --check it fails unless an append costs the same at
every size, an audit of 1,000,000 entries takes less than 60 s, and its memory does not grow.
"""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

APPEND_GROWTH = 2.0  # of the median; the machine is shared
MEMORY_GROWTH = 1.25  # of the peak, against the log of a hundredth of the size
AUDIT_SECONDS = 60


def grow(program, directory, entries):
    run = subprocess.run([program, directory, str(entries)], capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(f"log_growth: {run.stderr}")
    return [tuple(map(int, line.split())) for line in run.stdout.splitlines()]


def audit(program, directory):
    """Seconds, peak of resident memory in KiB, and what it found; only the documents are missing."""
    begin = time.monotonic()
    process = subprocess.Popen(
        [program, "register", "--json", "--trust", directory / "root.pem", directory / "log"],
        stdout=subprocess.PIPE)
    report = json.loads(process.stdout.read())
    _, _, usage = os.wait4(process.pid, 0)
    codes = [finding["code"] for finding in report["findings"]]
    if codes != ["I_REGISTER_NO_DOCUMENTS"]:
        sys.exit(f"audit: {codes}")
    return time.monotonic() - begin, usage.ru_maxrss, report["entries"]


def measure(options, scratch):
    problems = []
    small = scratch / "small"
    grow(options.log_growth, small, options.entries // 100)
    _, small_memory, small_entries = audit(options.quietus_audit, small)
    large = scratch / "large"
    appends = grow(options.log_growth, large, options.entries)
    seconds, memory, entries = audit(options.quietus_audit, large)
    print("| figure | measured |\n|---|---|")
    for size, median in appends:
        print(f"| one append at {size:,} entries, median | {median / 1000:.2f} ms |")
    print(f"| audit of {entries:,} entries | {seconds:.1f} s |")
    print(f"| its memory | {memory / 1024:.1f} MiB |")
    print(f"| memory of an audit of {small_entries:,} entries | {small_memory / 1024:.1f} MiB |")
    if appends[-1][1] > APPEND_GROWTH * min(median for _, median in appends):
        problems.append("an append costs more as the log grows")
    if memory > MEMORY_GROWTH * small_memory:
        problems.append("the memory of an audit grows with the log")
    if seconds > AUDIT_SECONDS * max(1, options.entries / 1_000_000):
        problems.append("the audit takes too long")
    return problems


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--directory", help="where the logs are made (default: a temporary one)")
    parser.add_argument("log_growth", type=pathlib.Path)
    parser.add_argument("quietus_audit", type=pathlib.Path)
    options = parser.parse_args()
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="quietus-log-", dir=options.directory))
    try:
        problems = measure(options, scratch)
    finally:
        shutil.rmtree(scratch)
    print("\n".join(problems), end="\n" if problems else "")
    return 1 if problems and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
