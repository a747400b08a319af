#!/usr/bin/env python3
"""Many drives at once: what each still gets, and what that takes of memory and of the processor.

usage: scale.py QUIETUS [--measure throttled,random,unthrottled,jobs] [--drives 2,8,32,64] [--rounds 7] [--check]
                [--size-mib N]

Needs root and cgroup v1 with blkio, cpuacct: groups of its own are made, in which the program runs, and removed. Each
drive is a loop device over a file on /dev/shm, written once before anything is timed. Schemes have many passes, so that
small drives are busy for long.

throttled    a throttle lets each drive move 40 MB/s in each direction (x.gutmann). Speed of a drive is all bytes of its passes
             and read-backs over their time, by its own document. Memory is the largest sum of the proportional sets
             (smaps_rollup) of all processes of the program at any moment. Processor time is by byte moved: that of the workers,
             which is what a byte takes, as last seen before they ended; and that of the whole group, from the first look at the
             machine to the last document. Overlap is how long all drives were at work at the same time.
random       the same of passes that all need the generator (x.pfitzner33).
unthrottled  what all drives move together in a second: from the first step begun to the last one done, and in the time in
             which all of them are at work. Only the latter is compared: before and after it there are fewer drives. However
             many they are, they have as many bytes together, so that all runs are equally long and lie in the same caches.
             After each run fio writes all of these drives at once (1 MiB, O_DIRECT, io_uring, depth 4): the best that this
             machine does with so many. Rounds are interleaved, the medians count.
jobs         nine drives with --jobs 3: never more at work than that, and as many wherever there is work.

With --check the exit status is 1 when a goal is missed.
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
import threading
import time

GROUPS = pathlib.Path("/sys/fs/cgroup")
SHARE_GOAL, MEMORY_GOAL, CPU_GOAL, LEAST_SECONDS, TOTAL_GOAL = 0.95, 700, 1.25, 20, 0.9
BYTES_A_SECOND = 40_000_000
MIB_TOGETHER = 4096
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


class Course:
    """When jobs were at work, as the events told while they came in."""

    def __init__(self, lines):
        self.begun, self.done, self.moved, self.moments, self.result = {}, {}, {}, {}, None
        # Looked at when all is over: meanwhile the processor is for what is measured.
        for now, line in [(time.monotonic(), line) for line in lines]:
            event = json.loads(line)
            kind, job = event.get("event"), event.get("job")
            if kind == "started":
                self.begun.setdefault(job, now)
            elif kind == "step_finished":
                self.done[job] = now
            if kind in ("progress", "step_finished"):
                self.take_progress(job, now, event)
            elif kind == "result":
                self.result = event

    def take_progress(self, job, now, event):
        """How much a job has moved by now: steps that move nothing have no bytes."""
        steps = self.moved.setdefault(job, {})
        steps[event["step"]] = event["bytes_done"]
        self.moments.setdefault(job, []).append((now, sum(steps.values())))

    def moved_between(self, begin, end):
        """Of all jobs together, in between of what they told."""
        def at(moments, when):
            before = max((each for each in moments if each[0] <= when), default=moments[0])
            after = min((each for each in moments if each[0] >= when), default=moments[-1])
            if after[0] == before[0]:
                return before[1]
            return before[1] + (after[1] - before[1]) * (when - before[0]) / (after[0] - before[0])
        return sum(at(moments, end) - at(moments, begin) for moments in self.moments.values())

    def together(self):
        """Bytes a second while all of them were at work."""
        begin, end = max(self.begun.values()), min(self.done.values())
        return self.moved_between(begin, end) / (end - begin) if end > begin else 0

    def seconds(self):
        return max(self.done.values()) - min(self.begun.values())

    def overlap(self):
        """How long all of them were at work at the same time."""
        return max(0, min(self.done.values()) - max(self.begun.values()))

    def most(self):
        """Of which so many were at work at once, at the most; and for what share of the time as many."""
        moments = sorted([(when, 1) for when in self.begun.values()] + [(when, -1) for when in self.done.values()])
        now, most, last, by_count = 0, 0, moments[0][0], {}
        for when, step in moments:
            by_count[now] = by_count.get(now, 0) + when - last
            now, last = now + step, when
            most = max(most, now)
        return most, by_count.get(most, 0) / self.seconds()


def erase_all(quietus, drives, scheme, groups, more=()):
    words = [quietus, "--state", str(drives.folder / "state")]
    subprocess.run(words + ["key", "init", "--station", "SCALE"], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    options = drives.nodes + ["--technique", "overwrite", "--scheme", scheme, "--json"]
    plans = json.loads(output_of(words + ["plan"] + options))["plans"]
    for plan in plans:
        options += ["--confirm", plan["confirmation_code"]]
    watcher = Watcher(groups[1])
    with subprocess.Popen(words + ["erase"] + options + list(more), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          text=True, preexec_fn=lambda: [group.enter() for group in groups]) as process:
        watcher.start()
        course = Course(process.stdout)
    watcher.over.set()
    watcher.join()
    if course.result is None:
        raise SystemExit(f"{len(drives.nodes)} drives: it ended with {process.returncode} and no result")
    bad = [each for each in course.result["drives"] if each["verdict"] != "erased"]
    if bad:
        raise SystemExit(f"{len(drives.nodes)} drives: {len(bad)} are not erased: {json.dumps(bad[0])[:2000]}")
    return course, watcher


def written_by_fio(drives):
    """Bytes a second that fio writes to all drives together."""
    words = ["fio", "--output-format=json", "--ioengine=io_uring", "--direct=1", "--bs=1M", "--iodepth=4", "--rw=write",
             "--time_based", "--runtime=6"]
    for number, node in enumerate(drives.nodes):
        words += [f"--name=peer{number}", f"--filename={node}"]
    return sum(job["write"]["bw_bytes"] for job in json.loads(output_of(words))["jobs"])


def measure(quietus, count, mib, scheme, bytes_a_second, more=(), beside=None):
    drives = Drives(count, mib)
    groups = [Group("blkio"), Group("cpuacct")]
    try:
        if bytes_a_second:
            throttle(groups[0], drives.nodes, bytes_a_second)
        course, watcher = erase_all(quietus, drives, scheme, groups, more)
        moved = [speed_of(each["document"], mib << 20) for each in course.result["drives"]]
        cpu = int((groups[1].path / "cpuacct.usage").read_text()) / 1e9
        total = sum(size for size, _ in moved)
        speeds = [size / taken for size, taken in moved]
        peer = beside(drives) if beside else 0
        return {"drives": count, "fio": peer, "slowest": min(speeds), "fastest": max(speeds), "total": total / course.seconds(), "together": course.together(),
                "seconds": min(taken for _, taken in moved), "overlap": course.overlap(), "most": course.most(),
                "memory": watcher.largest / 1024, "processes": watcher.most,
                "cpu": sum(watcher.seconds.values()) / (total / (1 << 30)), "all": cpu / (total / (1 << 30))}
    finally:
        for group in groups:
            group.close()
        drives.close()


def print_rows(title, rows):
    print(f"\n{title}\n\n| drives | slowest, MB/s | fastest, MB/s | together, MB/s | while all at work, MB/s | busy, s | overlap, s | memory (PSS), MiB "
          "| processes | CPU of workers, s a GiB | of all, s a GiB |\n|---|---|---|---|---|---|---|---|---|---|---|")
    for row in rows:
        print(f"| {row['drives']} | {row['slowest'] / 1e6:.1f} | {row['fastest'] / 1e6:.1f} | {row['total'] / 1e6:.0f} | "
              f"{row['together'] / 1e6:.0f} | "
              f"{row['seconds']:.0f} | {row['overlap']:.0f} | {row['memory']:.0f} | {row['processes']} | {row['cpu']:.3f} | "
              f"{row['all']:.3f} |", flush=True)


class Goal:
    def __init__(self, name, value, goal, higher):
        self.name, self.value, self.goal, self.higher = name, value, goal, higher

    def met(self):
        return self.value >= self.goal if self.higher else self.value <= self.goal


def throttled(arguments, scheme, title):
    rows = [measure(arguments.quietus, count, arguments.size_mib or 32, scheme, BYTES_A_SECOND)
            for count in arguments.counts]
    print_rows(title, rows)
    return [Goal(f"{title}: slowest drive of all, share of its limit", min(row["slowest"] for row in rows) / BYTES_A_SECOND,
                 SHARE_GOAL, True),
            Goal(f"{title}: busy at least, s", min(row["seconds"] for row in rows), LEAST_SECONDS, True),
            Goal(f"{title}: all at work at once, s", min(row["overlap"] for row in rows), 1, True),
            Goal(f"{title}: memory of the most, MiB", rows[-1]["memory"], MEMORY_GOAL, False),
            Goal(f"{title}: CPU of workers a byte, most over fewest", rows[-1]["cpu"] / rows[0]["cpu"], CPU_GOAL, False),
            Goal(f"{title}: CPU of all a byte, most over fewest", rows[-1]["all"] / rows[0]["all"], CPU_GOAL, False)]


def median_row(rows):
    """Of each figure the median over rounds; not of pairs."""
    return {name: statistics.median(row[name] for row in rows) for name in rows[0] if name != "most"}


def unthrottled(arguments):
    rounds = [[measure(arguments.quietus, count, (arguments.size_mib or MIB_TOGETHER) // count, "x.gutmann", 0,
                       beside=written_by_fio)
               for count in arguments.counts] for _ in range(arguments.rounds)]
    rows = [median_row(of_count) for of_count in zip(*rounds)]
    print_rows(f"unthrottled, medians of {arguments.rounds} rounds", rows)
    for name, words in (("together", "quietus, while all at work"), ("fio", "fio")):
        print(f"\n{words}, MB/s, by round: " + "; ".join(
            " ".join(f"{row[name] / 1e6:.0f}" for row in each) for each in rounds))
        best = max(row[name] for row in rows)
        print("share of its best: " + ", ".join(f"{row['drives']} drives {row[name] / best:.2f}" for row in rows))
    best = max(row["together"] for row in rows)
    return [Goal("unthrottled: least of all while all are at work, share of the best",
                 min(row["together"] for row in rows) / best, TOTAL_GOAL, True),
            *(Goal(f"unthrottled: {row['drives']} drives, share of what fio writes to as many",
                   row["together"] / row["fio"], TOTAL_GOAL, True) for row in rows)]


def jobs(arguments):
    drives, limit = 9, 3
    row = measure(arguments.quietus, drives, arguments.size_mib or 64, "us.dod.5220-22-m.ece", BYTES_A_SECOND,
                  ["--jobs", str(limit)])
    most, share = row["most"]
    print(f"\n{drives} drives with --jobs {limit}: at most {most} at work, as many for {share:.0%} of the time")
    return [Goal("jobs: at work at once, at most", most, limit, False), Goal("jobs: and at least", most, limit, True),
            Goal("jobs: as many for so much of the time", share, 0.6, True)]


MEASURES = {"throttled": lambda arguments: throttled(arguments, "x.gutmann", "throttled"),
            "random": lambda arguments: throttled(arguments, "x.pfitzner33", "random"),
            "unthrottled": unthrottled, "jobs": jobs}


def report(goals):
    """Prints what was to be met; whether all of it was."""
    print("\n| figure | goal | measured | met |\n|---|---|---|---|")
    for goal in goals:
        print(f"| {goal.name} | {'>=' if goal.higher else '<='} {goal.goal} | {goal.value:.3f} | "
              f"{'yes' if goal.met() else 'NO'} |")
    return all(goal.met() for goal in goals)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("quietus")
    parser.add_argument("--measure", default=",".join(MEASURES))
    parser.add_argument("--drives", default="2,8,32,64")
    parser.add_argument("--size-mib", type=int, default=0, help="of a drive, or of all that are not throttled; 0: as each measure has it")
    parser.add_argument("--rounds", type=int, default=7, help="of what is not throttled")
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    arguments.counts = [int(count) for count in arguments.drives.split(",")]
    chosen = arguments.measure.split(",")
    for name in chosen:
        if name not in MEASURES:
            parser.error(f"--measure: {name} is none of {', '.join(MEASURES)}")
    controllers = [GROUPS / "blkio" / "blkio.throttle.write_bps_device", GROUPS / "cpuacct" / "cpuacct.usage"]
    if os.geteuid() != 0 or shutil.which("fio") is None or not all(each.exists() for each in controllers):
        print("skipped: needs root, fio, and the controllers blkio and cpuacct of cgroup v1")
        return 77
    met = report([goal for name in chosen for goal in MEASURES[name](arguments)])
    print(f"\nload {os.getloadavg()[1]:.1f}")
    return 0 if met or not arguments.check else 1


if __name__ == "__main__":
    sys.exit(main())
