#!/usr/bin/env python3
"""What it costs to verify documents: speed beside a loop over CMS_verify, and memory as they grow in number.

usage: documents.py [--check] [--speed N] [--memory N] [--directory DIR] BENCH_DOCUMENTS QUIETUS_AUDIT

--speed: N documents of two signers (default 1000), whole processes, each three times, the least CPU seconds count.
--memory: N documents (default 100000) and a hundredth of them, each with its own number, drive and predecessor; the
largest resident set of any process of the run. 0 leaves a part out. Prints tables for tests/bench/RESULTS.md.
"""
import argparse
import ctypes
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

SPEED = 1.5  # times the loop
MEMORY_GROWTH = 1.25
JUDGED_AT = "2026-12-01T00:00:00Z"


def make(program, directory, count, *witness):
    subprocess.run([program, "make", directory, str(count), *witness], check=True)
    return directory


def adopt_orphans():
    """What the processes under test leave behind becomes ours to wait for, and to count."""
    PR_SET_CHILD_SUBREAPER = 36
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        sys.exit("prctl: no subreaper")


def run(command):
    """Wall and CPU seconds of a process and all that it started, and the largest resident set of any, KiB."""
    begin = time.monotonic()
    process = subprocess.Popen(command)
    usages = []
    while True:
        try:
            ended, status, usage = os.wait4(-1, 0)
        except ChildProcessError:
            break
        if ended == process.pid and status != 0:
            sys.exit(f"{command[0]}: ended with {os.waitstatus_to_exitcode(status)}")
        usages.append(usage)
    seconds = sum(each.ru_utime + each.ru_stime for each in usages)
    return time.monotonic() - begin, seconds, max(each.ru_maxrss for each in usages)


def audit(options, directory):
    return run([options.quietus_audit, "verify", "--quiet", "--jobs", "1", "--at", JUDGED_AT,
                "--trust", directory / "root.pem", directory / "documents"])


def speed(options, scratch):
    directory = make(options.bench_documents, scratch / "speed", options.speed, "witness")
    plain, ours = [], []
    for _ in range(3):
        plain.append(run([options.bench_documents, "plain", directory])[1])
        ours.append(audit(options, directory)[1])
    ratio = min(plain) / min(ours)
    print("| figure | measured |\n|---|---|")
    print(f"| loop over `CMS_verify`, no revocation | {options.speed / min(plain):.0f}/s |")
    print(f"| `quietus-audit verify --jobs 1` | {options.speed / min(ours):.0f}/s |")
    print(f"| ratio | {ratio:.2f} |")
    return [] if ratio >= SPEED else ["verifying is not fast enough beside CMS_verify"]


def memory(options, scratch):
    peaks = []
    print("| documents | wall | largest resident set |\n|---|---|---|")
    for count in (options.memory // 100, options.memory):
        directory = make(options.bench_documents, scratch / f"memory-{count}", count)
        wall, _, peak = audit(options, directory)
        shutil.rmtree(directory)
        print(f"| {count:,} | {wall:.1f} s | {peak:,} KiB |", flush=True)
        peaks.append(peak)
    return [] if peaks[1] <= MEMORY_GROWTH * peaks[0] else ["memory grows with the number of documents"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--speed", type=int, default=1000)
    parser.add_argument("--memory", type=int, default=100_000)
    parser.add_argument("--directory", help="where the documents are made (default: a temporary one)")
    parser.add_argument("bench_documents", type=pathlib.Path)
    parser.add_argument("quietus_audit", type=pathlib.Path)
    options = parser.parse_args()
    adopt_orphans()
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="quietus-documents-", dir=options.directory))
    try:
        problems = speed(options, scratch) if options.speed else []
        problems += memory(options, scratch) if options.memory else []
    finally:
        shutil.rmtree(scratch)
    print("\n".join(problems), end="\n" if problems else "")
    return 1 if problems and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
