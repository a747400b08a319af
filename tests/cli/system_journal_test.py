#!/usr/bin/env python3
"""What the program tells the system journal is there as journalctl finds it, by its fields.

usage: system_journal_test.py QUIETUS

A journal of its own runs meanwhile, on directories that nobody else sees: a mount namespace, so as root.
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

JOURNALD = "/lib/systemd/systemd-journald"
INSIDE = "--inside"


def run(words, **more):
    return subprocess.run([str(each) for each in words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          stdin=subprocess.DEVNULL, **more)


def start_journal():
    """Its process, once it listens."""
    for place in ("/run", "/var/log"):
        subprocess.run(["mount", "-t", "tmpfs", "none", place], check=True)
    machine = pathlib.Path("/etc/machine-id").read_text().strip()
    for place in ("/run/systemd/journal", f"/run/log/journal/{machine}"):
        os.makedirs(place)
    journal = subprocess.Popen([JOURNALD], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(200):
        if pathlib.Path("/run/systemd/journal/socket").exists():
            break
        time.sleep(0.05)
    return journal


def found(*matches):
    for _ in range(50):  # it writes when it likes
        lines = run(["journalctl", "-D", "/run/log/journal", "-o", "json", *matches]).stdout.splitlines()
        if lines:
            break
        time.sleep(0.1)
    return [json.loads(line) for line in lines]


def check(quietus, folder):
    configuration, image = folder / "quietus.toml", folder / "drive.img"
    configuration.write_text(f'[directories]\nstate = "{folder}/state"\n[log]\njournal = true\n')
    image.write_bytes(b"secret" * 100_000)
    words = [quietus, "--config", configuration]
    target = [f"image:{image}", "--technique", "overwrite", "--json"]
    made = run(words + ["key", "init", "--station", "BENCH1"])
    assert made.returncode == 0, made.stderr
    code = json.loads(run(words + ["plan"] + target).stdout)["plans"][0]["confirmation_code"]
    erased = run(words + ["erase", "--confirm", code] + target)
    assert erased.returncode == 0, erased.stderr
    records = found("QUIETUS_JOB=QTS-BENCH1-00000001", "QUIETUS_EVENT=ended")
    assert len(records) == 1, records
    expected = {"QUIETUS_DRIVE": f"image:{image}", "SYSLOG_IDENTIFIER": "quietus", "PRIORITY": "6",
                "MESSAGE": f"ended job=QTS-BENCH1-00000001 drive=image:{image}: erased"}
    told = {name: records[0].get(name) for name in expected}
    assert told == expected, told
    events = [each["QUIETUS_EVENT"] for each in found("SYSLOG_IDENTIFIER=quietus")]
    assert events[:2] == ["planned", "committed"] and events[-2:] == ["certified", "ended"], events
    refused = run(words + ["erase"] + target)  # without a code
    assert refused.returncode == 3, refused
    assert found("QUIETUS_EVENT=not_done", "PRIORITY=4"), "a refusal is not told"


def main(quietus, *rest):
    if os.geteuid() != 0 or run(["unshare", "--mount", "true"]).returncode != 0:
        print("skipped: needs root, and the right to mount")
        return 77
    if not pathlib.Path(JOURNALD).exists() or shutil.which("journalctl") is None:
        print("skipped: no system journal here")
        return 77
    if INSIDE not in rest:
        return subprocess.run(["unshare", "--mount", sys.executable, "-B", __file__, quietus, INSIDE]).returncode
    journal = start_journal()
    try:
        with tempfile.TemporaryDirectory() as place:
            check(pathlib.Path(quietus).resolve(), pathlib.Path(place))
    finally:
        journal.terminate()
        journal.wait()
    print("the system journal has every event with its fields")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
