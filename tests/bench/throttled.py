#!/usr/bin/env python3
"""Speed and CPU of quietus on a drive that does 500 MB/s: beside fio on the same loop device, interleaved, medians.

usage: throttled.py QUIETUS [--rounds N] [--size-mib N] [--block-bytes N] [--bytes-a-second N] [--check]

Needs root, fio, and the blkio controller of cgroup v1 (blkio.throttle): a group of its own is made, in which both
programs run, and removed. The drive is a loop device over a file on /dev/shm, written once before anything is timed.
fio moves 512 KiB at depth 16: of its transfers of 1 MiB, which the kernel splits, the throttle counts a part twice,
and fio comes to half of the rate. Ours are of buffers in one piece, which are not split. Pass times are those of the
erasure record; the share of a core is the CPU time of all its processes in a step over the time that the step takes, read
from /proc when the program tells that a step has ended. With --check the exit status is 1 when a median misses its goal.
"""
import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

import speed
from speed import Drive, Station, fio

BLKIO = pathlib.Path("/sys/fs/cgroup/blkio")
GOALS = {
    "write zero / fio write": (0.98, True),
    "write random / fio write": (0.98, True),
    "read back zero / fio read": (0.98, True),
    "read back random / fio read": (0.98, True),
    "share of a core, write zero": (0.03, False),
    "share of a core, read back zero": (0.03, False),
    "share of a core, write random": (0.12, False),
    "share of a core, read back random": (0.12, False),
}
FIO = ("--bs=512k", "--iodepth=16")
WAYS = {"write": "write", "read": "read back"}  # as fio calls them, and as the tables do


class Throttle:
    """A group whose processes move so many bytes a second to and from a drive; this process enters it."""

    def __init__(self, drive, bytes_a_second):
        number = os.stat(drive.node).st_rdev
        rule = f"{os.major(number)}:{os.minor(number)} {bytes_a_second}"
        self.group = BLKIO / f"quietus-bench-{os.getpid()}"
        self.home = BLKIO / next(line.split(":", 2)[2].strip().lstrip("/")
                                 for line in pathlib.Path("/proc/self/cgroup").read_text().splitlines()
                                 if "blkio" in line.split(":")[1].split(","))
        self.group.mkdir()
        for direction in ("read", "write"):
            (self.group / f"blkio.throttle.{direction}_bps_device").write_text(rule)
        self.enter(self.group)

    @staticmethod
    def enter(group):
        (group / "cgroup.procs").write_text(str(os.getpid()))

    def close(self):
        self.enter(self.home)
        self.group.rmdir()


def cpu_of(process):
    """Seconds of it and of all its children: those that have ended are counted as its own."""
    try:
        fields = pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
        children = pathlib.Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except FileNotFoundError:
        return 0.0  # it has ended since it was named
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK") + sum(map(cpu_of, children))


def ours(station, drive, scheme):
    """Bytes a second and the share of a core, of the pass and of its read-back."""
    options = [drive.node, "--technique", "overwrite", "--scheme", scheme, "--json"]
    plan = json.loads(speed.output_of(station.words + ["plan"] + options))["plans"][0]
    words = station.words + ["erase", "--confirm", plan["confirmation_code"]] + options
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        ends = []
        for line in process.stdout:
            event = json.loads(line)
            if event["event"] == "step_finished":
                ends.append((time.monotonic(), cpu_of(process.pid)))
    if process.returncode != 0 or len(ends) != 3:
        raise SystemExit(f"{' '.join(words)}: exit status {process.returncode}, {len(ends)} steps")
    payload = json.loads(pathlib.Path(event["drives"][0]["document"]).read_text())
    taken = {"write": payload["method"]["passes"][0], "read": payload["verification"]["read_backs"][0]}
    found = {way: drive.size * 1000 / record["timing"]["milliseconds"] for way, record in taken.items()}
    for way, (begin, end) in {"write": ends[0:2], "read": ends[1:3]}.items():
        found[f"{way} share"] = (end[1] - begin[1]) / (end[0] - begin[0])
    return found


def measure(arguments):
    drive = Drive(arguments.size_mib, arguments.block_bytes)
    try:
        station = Station(arguments.quietus, drive.folder)
        throttle = Throttle(drive, arguments.bytes_a_second)
        try:
            return [{"fio write": fio(drive, "write", FIO), "zero": ours(station, drive, "generic.zero"),
                     "fio read": fio(drive, "read", FIO), "random": ours(station, drive, "generic.random")}
                    for _ in range(arguments.rounds)]
        finally:
            throttle.close()
    finally:
        drive.close()


def figures(rounds):
    def median(pick):
        return statistics.median(pick(each) for each in rounds)
    peer = {way: median(lambda each: each[f"fio {way}"]) for way in ("write", "read")}
    speeds = {"fio write": peer["write"], "fio read": peer["read"]}
    shares = {}
    for data in ("zero", "random"):
        for way, words in WAYS.items():
            speeds[f"{words} {data}"] = median(lambda each: each[data][way])
            shares[f"{words} {data} / fio {way}"] = speeds[f"{words} {data}"] / peer[way]
            shares[f"share of a core, {words} {data}"] = median(lambda each: each[data][f"{way} share"])
    return speeds, shares


def report(rounds):
    """Prints the tables; whether every goal was met."""
    speeds, shares = figures(rounds)
    print(f"medians of {len(rounds)} interleaved rounds, load {os.getloadavg()[1]:.1f}\n\n| pass | MB/s |\n|---|---|")
    for name, value in speeds.items():
        print(f"| {name} | {value / 1e6:.1f} |")
    return speed.print_goals(GOALS, shares)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("quietus")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--size-mib", type=int, default=4096)
    parser.add_argument("--block-bytes", type=int, default=512)
    parser.add_argument("--bytes-a-second", type=int, default=500_000_000)
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    if os.geteuid() != 0 or shutil.which("fio") is None or not (BLKIO / "blkio.throttle.write_bps_device").exists():
        print("skipped: needs root, fio and the blkio controller of cgroup v1")
        return 77
    met = report(measure(arguments))
    return 0 if met or not arguments.check else 1


if __name__ == "__main__":
    sys.exit(main())
