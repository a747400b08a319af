#!/usr/bin/env python3
"""Whatever call beneath replace_file fails, and wherever it is killed, the old file or the new one is there, whole.

usage: replace_file_faults.py REPLACE_ONCE

Every system call that it makes once it has looked at the file fails in turn, by strace; then it is killed at each of
them. After a failure that it told there is no file besides, and the old content unless it said that the new one is in
place.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

OLD, NEW = "the old content\n" * 40, "the new content, of another length\n" * 50
CALL = re.compile(r"^(?:\[pid +\d+\] )?(\w+)\(")
HARMLESS = {"close", "getrandom", "geteuid", "exit_group", "mmap", "munmap", "brk", "mprotect", "futex", "lseek"}
NOT_LEAKS = {**os.environ, "ASAN_OPTIONS": "detect_leaks=0"}


class Bench:
    def __init__(self, program, scratch):
        self.program, self.folder = program, scratch / "folder"
        self.file, self.trace = self.folder / "file", scratch / "trace"

    def run(self, *options):
        for each in self.folder.glob("*") if self.folder.exists() else []:
            each.unlink()
        for each in self.folder.glob(".*"):
            each.unlink()
        self.folder.mkdir(exist_ok=True)
        self.file.write_text(OLD)
        return subprocess.run(["strace", "-o", self.trace, *options, self.program, self.file, OLD, NEW],
                              capture_output=True, text=True, env=NOT_LEAKS)

    def content(self):
        return {OLD: "old", NEW: "new"}.get(self.file.read_text(), "neither")

    def besides(self):
        return [path.name for path in self.folder.iterdir() if path != self.file]

    def calls(self):
        """Each call from the first look at the file on: its name, and its number among those of that name."""
        if self.run().returncode != 0 or self.content() != "new" or self.besides():
            sys.exit("replace_once fails without any fault")
        counts, calls, begun = {}, [], False
        for line in self.trace.read_text().splitlines():
            call = CALL.match(line)
            if not call:
                continue
            name = call.group(1)
            counts[name] = counts.get(name, 0) + 1
            begun = begun or name == "openat" and f'"{self.file}"' in line
            if begun:
                calls.append((name, counts[name]))
        return calls


def after_error(bench, name, number, error):
    run = bench.run("-e", f"inject={name}:error={error}:when={number}")
    what = f"{name} number {number} fails with {error}"
    content, told = bench.content(), run.stderr.strip()
    if run.returncode == 0:
        return None if content == "new" and not bench.besides() else f"{what}: told as done, the file is {content}"
    if run.returncode != 1 or not told:
        return f"{what}: ended with {run.returncode}"
    in_place = "not known to be durable" in told or "reads back" in told
    if content != ("new" if in_place else "old"):
        return f"{what}: the file is {content}, told was: {told}"
    return f"{what}: left {bench.besides()}" if bench.besides() else None


def after_kill(bench, name, number):
    bench.run("-e", f"inject={name}:signal=KILL:when={number}")
    if bench.content() == "neither":
        return f"killed at {name} number {number}: neither the old file nor the new one"
    return None


def main(arguments):
    with tempfile.TemporaryDirectory(prefix="quietus-replace-") as scratch:
        bench = Bench(arguments[0], pathlib.Path(scratch))
        calls = bench.calls()
        problems = [after_kill(bench, *call) for call in calls]
        failing = [call for call in calls if call[0] not in HARMLESS]
        problems += [after_error(bench, *call, error) for call in failing for error in ("EIO", "ENOSPC")]
    names = {name for name, _ in failing}
    problems += [f"no {name} was seen" for name in {"write", "rename", "fsync", "flock", "fchmod"} - names]
    problems = list(filter(None, problems))
    print("\n".join(problems) or f"{len(calls)} calls, {len(failing)} of them made to fail")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
