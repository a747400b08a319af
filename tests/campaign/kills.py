#!/usr/bin/env python3
"""Kills by chance: processes of an erasure die at a random instant, and nothing that was promised is lost.

usage: kills.py QUIETUS AUDIT COUNT SEED [PROGRESS]
       with a file of progress goes on where it was when it is run again

Each trial erases a disk image of 16 MiB and kills the worker, the coordinator, the signer, or all three, by SIGKILL, at a
random instant from before the intent to after the document; sometimes another one while the job is brought to its end or
gone on with. Afterwards `status` must leave every intent with its one result and document, and no number twice
(quietus-audit register); a job that says `erased` must have a certificate that holds, of an image that reads so
octet for octet; and going on, or where nothing is known erasing anew, must end with such a one.
"""
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

SIZE = 16 << 20
SECRET = b"TOP SECRET: the cellar is behind the wine rack. "
STATION = "KILLS1"
TRIALS_A_STATION = 20
RATES = ("6M", "20M", "60M")
SCHEMES = ("generic.random", "generic.zero", "uk.is5.enhanced", "us.dod.5220-22-m.d", "uk.moj.3-random")
VICTIMS = ("worker", "coordinator", "signer", "all")


class Broken(Exception):
    """A promise that was not kept."""


def require(holds, what):
    if not holds:
        raise Broken(what)


class Station:
    """A station's state in a directory of its own, used by several trials."""

    def __init__(self, quietus, audit):
        self.quietus, self.audit = quietus, audit
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="quietus-kills-"))
        self.state = self.folder / "state"
        self.run("key", "init", "--station", STATION)

    def command(self, *words):
        return [self.quietus, "--state", str(self.state), *words]

    def run(self, *words):
        return subprocess.run(self.command(*words), capture_output=True, text=True, stdin=subprocess.DEVNULL)

    def run_on_drive(self, *words):
        """What a killed process had in flight keeps its file open for a moment after it is gone."""
        for _ in range(50):
            result = self.run(*words)
            if result.returncode != 3 or "open-elsewhere" not in result.stderr:
                break
            time.sleep(0.1)
        return result

    def start(self, *words):
        return subprocess.Popen(self.command(*words), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True)

    def jobs(self):
        result = self.run("--json", "status")
        require(result.returncode == 0, f"status ends with {result.returncode}: {result.stderr}")
        return json.loads(result.stdout)["jobs"]

    def check_log(self):
        """With the auditor's program: one result and one document an intent, numbers without a gap."""
        if not (self.state / "log" / "checkpoint").exists():
            return
        keys = self.state / "keys" / "root.pem"
        certificates = self.state / "certificates"
        words = ["register", "--trust", str(keys)]
        if certificates.exists():
            words += ["--documents", str(certificates)]
        result = subprocess.run([self.audit, *words, str(self.state / "log")], capture_output=True, text=True)
        require(result.returncode == 0, f"the log does not hold: {result.stdout}{result.stderr}")


def children(pid):
    try:
        return [int(each) for each in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except (OSError, ValueError):
        return []


def holds(pid, path):
    """Whether the process has this file open."""
    try:
        return any(os.readlink(each) == str(path) for each in pathlib.Path(f"/proc/{pid}/fd").iterdir())
    except OSError:
        return False


def victims(kind, program, image):
    """Of the processes that are there now. The signer is begun first, and has nothing of the drive."""
    below = children(program.pid)
    workers = [each for each in below if holds(each, image)]
    signer = below[:1] if below and below[0] not in workers else []
    return {"worker": workers, "signer": signer, "coordinator": [program.pid],
            "all": [program.pid, *below]}[kind]


def kill_at(instant, kind, program, image):
    """Waits for the instant; whether there was somebody to be killed."""
    end = time.monotonic() + instant
    while time.monotonic() < end and program.poll() is None:
        time.sleep(min(0.005, max(0, end - time.monotonic())))
    if program.poll() is not None:
        return False
    killed = False
    for each in victims(kind, program, image):
        try:
            os.kill(each, signal.SIGKILL)
            killed = True
        except ProcessLookupError:
            pass
    return killed


def stream_of(seed):
    zeros = subprocess.Popen(["head", "-c", str(SIZE), "/dev/zero"], stdout=subprocess.PIPE)
    made = subprocess.run(["openssl", "enc", "-aes-256-ctr", "-K", seed, "-iv", "0" * 32, "-nopad"],
                          stdin=zeros.stdout, capture_output=True, check=True)
    zeros.wait()
    return made.stdout


class Trial:
    def __init__(self, station, number, chance):
        self.station, self.chance = station, chance
        self.image = station.folder / f"drive-{number}.img"
        self.image.write_bytes((SECRET * (SIZE // len(SECRET) + 1))[:SIZE])
        self.rate = chance.choice(RATES)
        self.scheme = chance.choice(SCHEMES)
        self.victim = chance.choice(VICTIMS)
        self.options = ["--technique", "overwrite", "--scheme", self.scheme, "--limit-rate", self.rate]
        if chance.random() < 0.3:
            self.options += ["--verification", "full"]
        self.kills = 0
        self.resumed = 0

    def target(self):
        return f"image:{self.image}"

    def code(self):
        result = self.station.run_on_drive("--json", "plan", self.target(), *self.options)
        require(result.returncode == 0, f"plan: {result.stderr}")
        return json.loads(result.stdout)["plans"][0]["confirmation_code"]

    def expected_seconds(self):
        steps = {"generic.random": 2, "generic.zero": 2, "uk.is5.enhanced": 4, "us.dod.5220-22-m.d": 5,
                 "uk.moj.3-random": 4}[self.scheme]
        return 0.3 + steps * SIZE / (int(self.rate[:-1]) * 1e6)

    def disturb(self, program, victim, within):
        instant = self.chance.uniform(0, within)
        self.kills += kill_at(instant, victim, program, self.image)
        program.communicate(timeout=120)
        time.sleep(0.02)  # children are killed with their parent, and take a moment to be gone

    def mine(self):
        return [job for job in self.station.jobs() if job["node"] == self.target()]

    def check_erased(self, job):
        """The certificate holds, and the image is what it says, octet for octet."""
        document = job["document"]
        require(document and document.endswith(".qdc.json"), f"{job['job']}: erased without a certificate")
        audit = subprocess.run([self.station.audit, "verify", "--trust",
                                str(self.station.state / "keys" / "root.pem"), document],
                               capture_output=True, text=True)
        require(audit.returncode == 0, f"the certificate does not hold: {audit.stdout}")
        last = json.loads(pathlib.Path(document).read_text())["method"]["passes"][-1]
        expected = stream_of(last["seed"]) if "seed" in last else None
        content = self.image.read_bytes()
        if expected is None:
            octets = bytes.fromhex(last["bytes"])
            expected = (octets * (SIZE // len(octets) + 1))[:SIZE]
        require(content == expected, f"{job['job']}: erased, and the image holds something else")

    def check_documents(self):
        for job in self.mine():
            require(job["verdict"], f"{job['job']}: no result")
            require(job["state"] != "running", f"{job['job']}: nobody is at work on it")
            if job["verdict"] != "erased":
                require(not (job["document"] or "").endswith(".qdc.json"), f"{job['job']}: a false certificate")
        self.station.check_log()

    def go_on(self, job):
        words = ["--json", "resume", job, "--limit-rate", self.rate]
        victim = self.chance.choice(VICTIMS) if self.chance.random() < 0.25 else None
        if victim:
            self.disturb(self.station.start(*words), victim, self.expected_seconds())
            return None
        result = self.station.run_on_drive(*words)
        if result.returncode == 3 and "stdin is no terminal" in result.stderr:
            result = self.station.run(*words, "--confirm", self.code())
        return result

    def bring_to_its_end(self):
        for _ in range(12):
            jobs = self.mine()
            last = jobs[-1] if jobs else None
            if last and last["verdict"] == "erased":
                return self.check_erased(last)
            if last and last["verdict"] == "interrupted":
                self.resumed += 1
                result = self.go_on(last["job"])
                require(result is None or result.returncode in (0, 5, 7),
                        f"resume {last['job']} ends with {result and result.returncode}: {result and result.stderr}")
            else:
                require(last is None or last["verdict"] in ("failed", "indeterminate"), f"an odd end: {last}")
                result = self.station.run_on_drive("--json", "erase", self.target(), *self.options, "--confirm", self.code())
                require(result.returncode == 0, f"erase anew ends with {result.returncode}: {result.stderr}")
            self.check_documents()
        raise Broken("it comes to no end")

    def run(self):
        program = self.station.start("--json", "erase", self.target(), *self.options, "--confirm", self.code())
        self.disturb(program, self.victim, 1.1 * self.expected_seconds())
        if self.chance.random() < 0.15:
            self.disturb(self.station.start("--json", "status"), self.chance.choice(("coordinator", "signer")), 0.3)
        self.check_documents()
        after = [job["verdict"] for job in self.mine()]
        self.bring_to_its_end()
        self.image.unlink()
        return {"victim": self.victim, "scheme": self.scheme, "rate": self.rate, "kills": self.kills,
                "after": after, "resumed": self.resumed}


def done_before(progress):
    if progress is None or not progress.exists():
        return 0
    return sum(1 for line in progress.read_text().splitlines() if json.loads(line)["held"])


def tell(progress, facts):
    if progress is not None:
        with progress.open("a") as file:
            file.write(json.dumps(facts, sort_keys=True) + "\n")
            file.flush()
            os.fsync(file.fileno())


def main(quietus, audit, count, seed, progress=None):
    progress = pathlib.Path(progress) if progress else None
    station, kills, resumed = None, 0, 0
    first = done_before(progress)
    for number in range(first, int(count)):
        if station is None or number % TRIALS_A_STATION == 0:
            if station is not None:
                shutil.rmtree(station.folder)
            station = Station(quietus, audit)
        trial = Trial(station, number, random.Random(f"{seed} {number}"))
        try:
            facts = trial.run()
        except (Broken, subprocess.TimeoutExpired) as broken:
            print(f"trial {number}, {trial.victim}, {trial.scheme} at {trial.rate}: {broken}\n"
                  f"kept: {station.folder}")
            return 1
        kills, resumed = kills + facts["kills"], resumed + facts["resumed"]
        tell(progress, {"trial": number, "held": True, **facts})
    if station is not None:
        shutil.rmtree(station.folder)
    print(f"{int(count) - first} trials (from {first}): {kills} kills, {resumed} times gone on with: all held")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
