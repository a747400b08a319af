#!/usr/bin/env python3
"""Speed of quietus beside fio on the same loop device: interleaved rounds, medians.

usage: speed.py QUIETUS [--rounds N] [--size-mib N] [--block-bytes N] [--check]

Needs root, fio, and SIZE of memory: the drive is a loop device over a file on /dev/shm, written once
before anything is timed. Pass times are those of the erasure record; CPU seconds are of all its processes, per GiB
written or read back; memory is the peak of the largest of them. What evidence costs is the time of a
whole run on a drive of 2 MiB less its passes and less the looks at the machine (before the plan, at
opening, before the first write), each of which takes as long as `list`. With --check the exit status is
1 when a median misses its goal.
"""
import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

GIB = 1 << 30
LOOKS = 3
# name: (goal, better is higher); speeds as a share of fio's median, CPU in seconds a GiB.
GOALS = {
    "write zero / fio write": (0.95, True),
    "write random / fio write": (0.75, True),
    "read back zero / fio read": (0.95, True),
    "read back random / fio read": (0.70, True),
    "CPU zero": (0.06, False),
    "CPU random": (0.25, False),
    "memory MiB": (48, False),
    "evidence, s a run": (0.25, False),
}


class Finished:
    """A program that ran to its end: what it printed, its seconds, CPU seconds, peak memory in MiB."""

    def __init__(self, words):
        with tempfile.TemporaryFile("w+", errors="replace") as out:
            start = time.monotonic()
            process = subprocess.Popen(words, stdout=out, stderr=subprocess.DEVNULL)
            _, status, usage = os.wait4(process.pid, 0)
            self.seconds = time.monotonic() - start
            process.returncode = os.waitstatus_to_exitcode(status)
            out.seek(0)
            self.text = out.read()
        if process.returncode != 0:
            raise SystemExit(f"{' '.join(words)}: exit status {process.returncode}\n{self.text}")
        self.cpu = usage.ru_utime + usage.ru_stime
        self.memory = usage.ru_maxrss / 1024


def output_of(words):
    return Finished(words).text


class Drive:
    """A loop device over memory, detached in the end."""

    def __init__(self, mib, block_bytes):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="quietus-speed-", dir="/dev/shm"))
        medium = self.folder / "medium"
        with open(medium, "wb") as file:
            for _ in range(mib):
                file.write(b"\x5a" * (1 << 20))
        self.node = output_of(["losetup", "--find", "--show", "--sector-size", str(block_bytes),
                               str(medium)]).strip()
        self.size = mib << 20

    def close(self):
        subprocess.run(["losetup", "--detach", self.node], check=False)
        shutil.rmtree(self.folder)


def fio(drive, direction, shape=("--bs=1M", "--iodepth=8")):
    """Bytes a second: O_DIRECT, io_uring, 1 MiB and depth 8 unless told otherwise."""
    report = json.loads(output_of([
        "fio", "--output-format=json", "--name=peer", f"--filename={drive.node}", *shape,
        "--direct=1", "--ioengine=io_uring", f"--rw={direction}",
        f"--size={drive.size}"]))
    return report["jobs"][0][direction]["bw_bytes"]


class Station:
    def __init__(self, program, folder):
        self.words = [program, "--state", str(folder / "state")]
        output_of(self.words + ["key", "init", "--station", "SPEED"])

    def run(self, drive, scheme):
        """The run, and the milliseconds of its write and its read-back by its own record."""
        options = [drive.node, "--technique", "overwrite", "--scheme", scheme, "--json"]
        plan = json.loads(output_of(self.words + ["plan"] + options))["plans"][0]
        run = Finished(self.words + ["erase", "--confirm", plan["confirmation_code"]] + options)
        result = json.loads(run.text.splitlines()[-1])["drives"][0]
        payload = json.loads(pathlib.Path(result["document"]).read_text())
        write = payload["method"]["passes"][0]["timing"]["milliseconds"]
        read = payload["verification"]["read_backs"][0]["timing"]["milliseconds"]
        return run, write, read

    def erase(self, drive, scheme):
        """Bytes a second of both passes, CPU seconds a GiB moved, peak memory in MiB."""
        run, write, read = self.run(drive, scheme)
        return {"write": drive.size * 1000 / write, "read": drive.size * 1000 / read,
                "cpu": run.cpu / (2 * drive.size / GIB), "memory": run.memory}

    def evidence(self, small):
        """Seconds of a run that are neither passes nor looks at the machine."""
        look = Finished(self.words + ["list"]).seconds
        run, write, read = self.run(small, "generic.zero")
        return run.seconds - (write + read) / 1000 - LOOKS * look


def measure(arguments):
    drive = Drive(arguments.size_mib, arguments.block_bytes)
    small = Drive(2, arguments.block_bytes)
    try:
        station = Station(arguments.quietus, drive.folder)
        return [{"fio write": fio(drive, "write"), "zero": station.erase(drive, "generic.zero"),
                 "fio read": fio(drive, "read"), "random": station.erase(drive, "generic.random"),
                 "evidence": station.evidence(small)}
                for _ in range(arguments.rounds)]
    finally:
        small.close()
        drive.close()


def figures(rounds):
    """The medians that the goals are about, and the speeds behind them."""
    def median(pick):
        return statistics.median(pick(each) for each in rounds)
    peer = {direction: median(lambda each: each[f"fio {direction}"])
            for direction in ("write", "read")}
    speeds = {"fio write": peer["write"], "fio read": peer["read"]}
    shares = {}
    for data in ("zero", "random"):
        for direction, words in (("write", "write"), ("read", "read back")):
            speed = median(lambda each: each[data][direction])
            speeds[f"{words} {data}"] = speed
            shares[f"{words} {data} / fio {direction}"] = speed / peer[direction]
    shares["CPU zero"] = median(lambda each: each["zero"]["cpu"])
    shares["CPU random"] = median(lambda each: each["random"]["cpu"])
    shares["memory MiB"] = max(each[data]["memory"] for each in rounds for data in ("zero", "random"))
    shares["evidence, s a run"] = median(lambda each: each["evidence"])
    return speeds, shares


def report(rounds):
    """Prints the tables; whether every goal was met."""
    speeds, shares = figures(rounds)
    print(f"medians of {len(rounds)} interleaved rounds\n\n| pass | GB/s |\n|---|---|")
    for name, speed in speeds.items():
        print(f"| {name} | {speed / 1e9:.2f} |")
    return print_goals(GOALS, shares)


def print_goals(goals, shares):
    """The table of goals; whether every one was met."""
    print("\n| figure | goal | measured | met |\n|---|---|---|---|")
    met = True
    for name, (goal, higher) in goals.items():
        good = shares[name] >= goal if higher else shares[name] <= goal
        met = met and good
        print(f"| {name} | {'>=' if higher else '<='} {goal} | {shares[name]:.3f} | "
              f"{'yes' if good else 'NO'} |")
    return met


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("quietus")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--size-mib", type=int, default=4096)
    parser.add_argument("--block-bytes", type=int, default=512)
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    if os.geteuid() != 0 or shutil.which("fio") is None:
        print("skipped: needs root and fio")
        return 77
    met = report(measure(arguments))
    return 0 if met or not arguments.check else 1


if __name__ == "__main__":
    sys.exit(main())
