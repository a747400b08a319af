#!/usr/bin/env python3
"""The units of packaging/systemd: systemd reads them without a complaint, and what they take away is not missed.

usage: service_test.py QUIETUS UNITS

With strace an image is erased with no capability beyond the unit's, and every system call of it is in the unit's filter.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

EXPOSURE_MAX = 30  # of 100, as `systemd-analyze security` reckons


def output_of(words, **more):
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more)
    return done.returncode, done.stdout


def settings(unit, name):
    """All words of a setting, however often it stands there."""
    return [word for line in unit.read_text().splitlines() if line.startswith(f"{name}=")
            for word in line.split("=", 1)[1].split()]


def check_reading(unit, quietus, folder):
    """With the program that was built in place of the installed one."""
    copy = folder / unit.name
    copy.write_text(unit.read_text().replace("/usr/bin/quietus", str(quietus)))
    status, said = output_of(["systemd-analyze", "verify", "--man=no", str(copy)])
    yield from (f"{unit.name}: {line}" for line in said.splitlines() if unit.stem.rstrip("@") in line)
    if status != 0:
        yield f"{unit.name}: systemd-analyze verify: {status}"
    status, said = output_of(["systemd-analyze", "security", "--offline=true", f"--threshold={EXPOSURE_MAX}", str(copy)])
    if status != 0:
        yield f"{unit.name}: {said.splitlines()[-1] if said else 'systemd-analyze security'}"


def allowed_calls(unit):
    calls = set()
    for word in settings(unit, "SystemCallFilter"):
        if not word.startswith("@"):
            calls.add(word)
            continue
        pending = [word]
        while pending:
            said = output_of(["systemd-analyze", "syscall-filter", pending.pop()])[1]
            members = re.findall(r"^\s+([@a-z_0-9-]+)$", said, re.MULTILINE)
            pending += [each for each in members if each.startswith("@")]
            calls.update(each for each in members if not each.startswith("@"))
    return calls


def used_calls(trace):
    # "123  openat(AT_FDCWD" and "123  <... openat resumed>", which began with a line of its own
    return set(re.findall(r"^\d+ +([a-z_0-9]+)\(", trace.read_text(errors="replace"), re.MULTILINE))


def erase_under(unit, quietus, folder):
    """What is missing when an image is erased with the unit's capabilities; the system calls that it took."""
    state, image, trace = folder / "state", folder / "drive.img", folder / "trace"
    image.write_bytes(b"secret" * 100_000)
    words = [str(quietus), "--state", str(state)]
    target = [f"image:{image}", "--technique", "overwrite", "--json"]
    for prepare in (["key", "init", "--station", "BENCH1"],):
        status, said = output_of(words + prepare)
        if status != 0:
            raise SystemExit(said)
    planned = subprocess.run(words + ["plan"] + target, stdout=subprocess.PIPE, check=True).stdout
    code = json.loads(planned)["plans"][0]["confirmation_code"]
    kept = ",".join("+" + name.removeprefix("CAP_").lower() for name in settings(unit, "CapabilityBoundingSet"))
    confined = ["setpriv", "--no-new-privs", "--inh-caps=-all", f"--bounding-set=-all,{kept}", "strace", "-f", "-qq", "-o", str(trace)]
    no_leaks = {**os.environ, "ASAN_OPTIONS": "detect_leaks=0"}  # not to be looked for in what is traced
    done = subprocess.run(confined + words + ["erase", "--confirm", code] + target, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL, env=no_leaks)
    problems = [] if done.returncode == 0 else [f"{unit.name}: erase: {done.returncode}: {done.stderr}"]
    if b"secret" in image.read_bytes():
        problems.append(f"{unit.name}: the secret is still there")
    # strace itself, as a tracer, shows calls that are no more than restarted.
    return problems, used_calls(trace) - {"restart_syscall"}


def main(quietus, units):
    if shutil.which("systemd-analyze") is None:
        print("skipped: no systemd-analyze here")
        return 77
    quietus, units = pathlib.Path(quietus).resolve(), pathlib.Path(units)
    problems = []
    with tempfile.TemporaryDirectory() as place:
        folder = pathlib.Path(place)
        for unit in sorted(units.glob("*.service")):
            problems += check_reading(unit, quietus, folder)
        if os.geteuid() == 0:
            unit = units / "quietus-erase@.service"
            missing, used = erase_under(unit, quietus, folder)
            problems += missing
            problems += [f"{unit.name}: SystemCallFilter: {call} is used" for call in sorted(used - allowed_calls(unit))]
            print(f"{len(used)} system calls used, all looked up")
    print("\n".join(problems) or "units: nothing to complain of")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
