#!/usr/bin/env python3
"""Many drives at once: what each still gets, and what that takes of memory and of the processor.

usage: scale.py QUIETUS [--drives 2,8,32,64] [--size-mib N] [--bytes-a-second N] [--scheme ID] [--check]

Needs root and cgroup v1 with blkio, cpuacct: groups of its own are made, in which the program runs, and removed. Each
drive is a loop device over a file on /dev/shm, written once before anything is timed, which a throttle lets move so many
bytes a second in each direction. The scheme has many passes, so that small drives are busy for more than 20 s. Speed of a
drive is all bytes of its passes and read-backs over their time, by its own document. Memory is the largest sum of the
proportional sets (smaps_rollup) of all processes of the program at any moment. Processor time is by byte moved: that of the
workers, which is what a byte takes, as last seen before they ended; and that of the whole group, in which every drive that is
planned, begun or held is looked for among all the others. With --check the exit status is 1 when a goal is missed.
"""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time

GROUPS = pathlib.Path("/sys/fs/cgroup")
SHARE_GOAL, MEMORY_GOAL, CPU_GOAL, LEAST_SECONDS = 0.95, 700, 1.25, 20
NOBODY = 65534


def output_of(words):
    return subprocess.run(words, stdout=subprocess.PIPE, check=True, text=True).stdout


class Drives:
    """So many loop devices over memory, detached in the end."""

    def __init__(self, count, mib):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="quietus-scale-", dir="/dev/shm"))
        self.nodes = []
        for number in range(count):
            medium = self.folder / f"medium{number}"
            medium.write_bytes(b"\x5a" * (mib << 20))
            self.nodes.append(output_of(["losetup", "--find", "--show", str(medium)]).strip())

    def close(self):
        for node in self.nodes:
            subprocess.run(["losetup", "--detach", node], check=False)
        shutil.rmtree(self.folder)


class Group:
    """A group of one controller, entered by whoever starts a program with enter() first."""

    def __init__(self, controller):
        self.path = GROUPS / controller / f"quietus-scale-{os.getpid()}"
        self.path.mkdir()

    def enter(self):
        (self.path / "cgroup.procs").write_text(str(os.getpid()))

    def processes(self):
        return [int(line) for line in (self.path / "cgroup.procs").read_text().split()]

    def close(self):
        for _ in range(100):
            try:
                return self.path.rmdir()
            except OSError:
                time.sleep(0.1)  # the last process is about to be gone


def throttle(group, nodes, bytes_a_second):
    for node in nodes:
        number = os.stat(node).st_rdev
        rule = f"{os.major(number)}:{os.minor(number)} {bytes_a_second}"
        for direction in ("read", "write"):
            (group.path / f"blkio.throttle.{direction}_bps_device").write_text(rule)


def proportional_set(process):
    try:
        for line in pathlib.Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    except OSError:
        pass  # it has ended
    return 0


def worker_seconds(process):
    """Processor time of a process that has become nobody; of another nothing."""
    try:
        if f"\nUid:\t{NOBODY}\t" not in pathlib.Path(f"/proc/{process}/status").read_text():
            return 0
        fields = pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Watcher(threading.Thread):
    """The largest sum of proportional sets of a group's processes, and what its workers take of the processor."""

    def __init__(self, group):
        super().__init__(daemon=True)
        self.group, self.largest, self.most, self.over = group, 0, 0, threading.Event()
        self.seconds = {}

    def run(self):
        while not self.over.wait(2):
            processes = self.group.processes()
            self.most = max(self.most, len(processes))
            self.largest = max(self.largest, sum(map(proportional_set, processes)))
            self.seconds.update({each: worker_seconds(each) for each in processes if worker_seconds(each)})


def speed_of(document, size):
    """Bytes moved and seconds taken by passes and read-backs."""
    payload = json.loads(pathlib.Path(document).read_text())
    records = payload["method"]["passes"] + payload["verification"]["read_backs"]
    return len(records) * size, sum(each["timing"]["milliseconds"] for each in records) / 1000


def erase_all(arguments, drives, blkio, cpuacct):
    words = [arguments.quietus, "--state", str(drives.folder / "state")]
    subprocess.run(words + ["key", "init", "--station", "SCALE"], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    options = drives.nodes + ["--technique", "overwrite", "--scheme", arguments.scheme, "--json"]
    plans = json.loads(output_of(words + ["plan"] + options))["plans"]
    for plan in plans:
        options += ["--confirm", plan["confirmation_code"]]

    def enter():
        blkio.enter()
        cpuacct.enter()
    watcher = Watcher(cpuacct)
    with tempfile.TemporaryFile("w+") as said:
        with subprocess.Popen(words + ["erase"] + options, stdout=said, stderr=subprocess.DEVNULL,
                              preexec_fn=enter) as process:
            watcher.start()
        watcher.over.set()
        watcher.join()
        said.seek(0)
        result = json.loads(said.read().splitlines()[-1])
    return result["drives"], watcher


def measure(arguments, count):
    drives = Drives(count, arguments.size_mib)
    blkio, cpuacct = Group("blkio"), Group("cpuacct")
    try:
        if arguments.bytes_a_second:
            throttle(blkio, drives.nodes, arguments.bytes_a_second)
        outcomes, watcher = erase_all(arguments, drives, blkio, cpuacct)
        bad = [each for each in outcomes if each["verdict"] != "erased"]
        if bad:
            raise SystemExit(f"{count} drives: {len(bad)} are not erased: {json.dumps(bad[0])[:2000]}")
        moved = [speed_of(each["document"], arguments.size_mib << 20) for each in outcomes]
        cpu = int((cpuacct.path / "cpuacct.usage").read_text()) / 1e9
        gibibytes = sum(size for size, _ in moved) / (1 << 30)
        return {"drives": count, "slowest": min(size / taken for size, taken in moved),
                "total": sum(size / taken for size, taken in moved), "seconds": min(taken for _, taken in moved),
                "memory": watcher.largest / 1024, "processes": watcher.most,
                "cpu": sum(watcher.seconds.values()) / gibibytes, "all": cpu / gibibytes}
    finally:
        blkio.close()
        cpuacct.close()
        drives.close()


def report(arguments, rows):
    """Prints the tables; whether every goal was met."""
    print("\n| drives | slowest, MB/s | sum of speeds, MB/s | busy, s | memory (PSS), MiB | processes | CPU of workers, s a GiB "
          "| of all, s a GiB |\n|---|---|---|---|---|---|---|---|")
    for row in rows:
        print(f"| {row['drives']} | {row['slowest'] / 1e6:.1f} | {row['total'] / 1e6:.0f} | {row['seconds']:.0f} | "
              f"{row['memory']:.0f} | {row['processes']} | {row['cpu']:.3f} | {row['all']:.3f} |")
    goals = [("memory of the most, MiB", rows[-1]["memory"], MEMORY_GOAL, False),
             ("CPU of workers a byte, most over fewest", rows[-1]["cpu"] / rows[0]["cpu"], CPU_GOAL, False)]
    if arguments.bytes_a_second:
        slowest = min(row["slowest"] for row in rows) / arguments.bytes_a_second
        goals = [("slowest drive of all, share of its limit", slowest, SHARE_GOAL, True),
                 ("busy at least, s", min(row["seconds"] for row in rows), LEAST_SECONDS, True)] + goals
    print("\n| figure | goal | measured | met |\n|---|---|---|---|")
    for name, value, goal, higher in goals:
        good = value >= goal if higher else value <= goal
        print(f"| {name} | {'>=' if higher else '<='} {goal} | {value:.3f} | {'yes' if good else 'NO'} |")
    return all(value >= goal if higher else value <= goal for _, value, goal, higher in goals)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("quietus")
    parser.add_argument("--drives", default="2,8,32,64")
    parser.add_argument("--size-mib", type=int, default=32)
    parser.add_argument("--bytes-a-second", type=int, default=40_000_000, help="0: no throttle")
    parser.add_argument("--scheme", default="x.gutmann")
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    controllers = [GROUPS / "blkio" / "blkio.throttle.write_bps_device", GROUPS / "cpuacct" / "cpuacct.usage"]
    if os.geteuid() != 0 or not all(each.exists() for each in controllers):
        print("skipped: needs root, and the controllers blkio and cpuacct of cgroup v1")
        return 77
    rows = [measure(arguments, int(count)) for count in arguments.drives.split(",")]
    met = report(arguments, rows)
    print(f"\nload {os.getloadavg()[1]:.1f}")
    return 0 if met or not arguments.check else 1


if __name__ == "__main__":
    sys.exit(main())
