#!/usr/bin/env python3
"""Speed of quietus beside scrub, shred and nwipe on the same loop device: interleaved rounds, medians.

usage: peers.py QUIETUS [--rounds N] [--size-mib N] [--block-bytes N] [--check]

Needs root, SIZE of memory, and the Debian packages scrub, coreutils and nwipe. The drive is a loop device over a
file on /dev/shm, written once before anything is timed. Each program erases all of it once a round: quietus by its
own record of the pass, the others by the clock, from start to end, which favours nobody by more than their start.
Their own verification is off. Of nwipe's generators all run in the first round, and the fastest of them in the
others. With --check the exit status is 1 when a median misses its goal.
"""
import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

from speed import Drive, Finished, Station, output_of

# nwipe 0.34 has no method that writes one pass of what a generator gives and no more by any other name.
NWIPE = ["nwipe", "--nogui", "--autonuke", "--nowait", "--method=prng", "--rounds=1", "--verify=off", "--noblank"]
GENERATORS = ("twister", "isaac", "isaac64", "add_lagg_fibonacci_prng", "xoroshiro256_prng")


def generators():
    """Those that this nwipe knows."""
    known = subprocess.run(["nwipe", "--help"], capture_output=True, text=True, check=False)
    words = set(re.findall(r"[a-z_0-9]+", known.stdout + known.stderr))
    return [each for each in GENERATORS if each in words]


def versions():
    return output_of(["dpkg-query", "--show", "scrub", "coreutils", "nwipe"]).splitlines()


def peers(node, known):
    """Name to command line, with those generators of nwipe."""
    commands = {"scrub -p fillzero": ["scrub", "-f", "-S", "-p", "fillzero", node],
                "shred -n0 -z": ["shred", "-n0", "-z", node],
                "shred -n1": ["shred", "-n1", node]}
    for each in known:
        commands[f"nwipe {each}"] = [*NWIPE, f"--prng={each}", node]
    return commands


def timed(words, drive, folder):
    """Bytes a second and CPU seconds a GiB; nwipe writes its log where it stands."""
    before = os.getcwd()
    os.chdir(folder)
    try:
        ran = Finished(words)
    finally:
        os.chdir(before)
    return {"speed": drive.size / ran.seconds, "cpu": ran.cpu / (drive.size / (1 << 30))}


def ours(station, drive, scheme):
    run, write, _ = station.run(drive, scheme)
    # The process read the drive back as well: its CPU is of two passes.
    return {"speed": drive.size * 1000 / write, "cpu": run.cpu / (2 * drive.size / (1 << 30))}


def measure(arguments):
    drive = Drive(arguments.size_mib, arguments.block_bytes)
    rounds = []
    try:
        station = Station(arguments.quietus, drive.folder)
        with tempfile.TemporaryDirectory(prefix="quietus-peers-") as folder:
            known = generators()
            for _ in range(arguments.rounds):
                round_ = {"quietus zero": ours(station, drive, "generic.zero")}
                for name, words in peers(drive.node, known).items():
                    round_[name] = timed(words, drive, folder)
                round_["quietus random"] = ours(station, drive, "generic.random")
                rounds.append(round_)
                # The slow ones take minutes and are of no further interest.
                known = sorted(known, key=lambda each, all=round_: -all[f"nwipe {each}"]["speed"])[:1]
    finally:
        drive.close()
    return rounds


def report(rounds):
    """Prints the tables; whether every goal was met."""
    medians = {name: {what: statistics.median(each[name][what] for each in rounds if name in each)
                      for what in ("speed", "cpu")}
               for name in rounds[0]}
    print("\n".join(versions()))
    print(f"\nmedians of {len(rounds)} interleaved rounds, load {os.getloadavg()[1]:.1f}\n")
    print("| one pass | GB/s | CPU s/GiB |\n|---|---|---|")
    for name, median in medians.items():
        print(f"| {name} | {median['speed'] / 1e9:.2f} | {median['cpu']:.2f} |")
    fastest = max((name for name in medians if name.startswith("nwipe")), key=lambda name: medians[name]["speed"],
                  default=None)
    goals = [("quietus zero", "scrub -p fillzero", 1.0), ("quietus zero", "shred -n0 -z", 1.0),
             ("quietus random", "shred -n1", 2.5)]
    if fastest:
        goals.append(("quietus random", fastest, 1.0))
    print("\n| figure | goal | measured | met |\n|---|---|---|---|")
    met = True
    for one, other, goal in goals:
        ratio = medians[one]["speed"] / medians[other]["speed"]
        met = met and ratio >= goal
        print(f"| {one} / {other} | >= {goal} | {ratio:.2f} | {'yes' if ratio >= goal else 'NO'} |")
    return met


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("quietus")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--size-mib", type=int, default=4096)
    parser.add_argument("--block-bytes", type=int, default=512)
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    missing = [name for name in ("scrub", "shred", "nwipe") if shutil.which(name) is None]
    if os.geteuid() != 0 or missing:
        print("skipped: needs root, and " + (", ".join(missing) or "all peers are here"))
        return 77
    met = report(measure(arguments))
    return 0 if met or not arguments.check else 1


if __name__ == "__main__":
    sys.exit(main())
