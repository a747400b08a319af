#!/usr/bin/env python3
"""Makes traces.txt: what each pass of each scheme leaves on a drive, from src/policy/data/schemes.toml alone.

usage: make_traces.py SCHEMES FILE            writes FILE anew
       make_traces.py --check SCHEMES FILE    fails unless FILE is, octet for octet, what would be written

Written from the words of the formats, without a look at the program's code: fixed octets repeat from offset 0;
a random stream is AES-256-CTR of zeros with the counter at 0 (NIST SP 800-38A section 6.5), made by openssl(1);
a stamp is the number of its block, eight octets big-endian, the rest of the block the base octet. What a pass
draws at random is here the SHA-256 of "SCHEME STEP", of a random character its first octet.

A line is a scheme, the number of a step, the drive, what the step does, then NAME=VALUE: draw (the octets that
the step draws), sha256 (of all that the drive holds after it), and OFFSET=OCTETS for places of the drive.
"""
import functools
import hashlib
import pathlib
import subprocess
import sys
import tomllib

MIB = 1 << 20
SLOT = 1 << 16
TIB = 1 << 40
WINDOW = 12  # octets shown at a place
NARROW = 20 * SLOT + 3 * 512 + 137
WIDE = 2 * MIB + 3 * 4096
FAR = 20 * TIB + 512
# name: octets of a block, of the drive, of a buffer, and the places shown: first, last, odd ones, and across the
# edges of blocks, pages, buffers, of a buffer used again, of a last block that is cut short, of 32-bit numbers of
# octets and blocks. The drive without buffers is too large to be written: its places alone are made.
DRIVES = {
    "narrow": (512, NARROW, SLOT,
               (0, 1, 510, 4093, SLOT - 2, 9 * SLOT - 3, 700001, NARROW - 137 - 2, NARROW - WINDOW)),
    "wide": (4096, WIDE, MIB, (0, 3, 4094, MIB - 3, 1234567, 2 * MIB - 2, WIDE - WINDOW)),
    "far": (512, FAR, 0, ((1 << 32) - 5, 2 * TIB - 1, 2 * TIB + 509, FAR - 512 - 3, FAR - WINDOW)),
}
COMPLEMENT = bytes(255 - octet for octet in range(256))


# What there is in [start, start + length), for each kind of data.

def keystream(key, start, length):
    counter = f"{start // 16:032x}"
    made = subprocess.run(["openssl", "enc", "-aes-256-ctr", "-nosalt", "-K", key.hex(), "-iv", counter],
                          input=bytes(start % 16 + length), stdout=subprocess.PIPE, check=True).stdout
    return made[start % 16:]


def repeated(octets, start, length):
    whole = octets * (length // len(octets) + 2)
    return whole[start % len(octets):][:length]


def stamped(base, block, start, length):
    numbers = range(start // block, (start + length) // block + 1)
    blocks = b"".join(number.to_bytes(8, "big") + base * (block - 8) for number in numbers)
    return blocks[start % block:][:length]


def complement(content, start, length):
    return content(start, length).translate(COMPLEMENT)


class Run:
    """One scheme over one drive."""

    def __init__(self, scheme, name):
        self.scheme, self.name = scheme, name
        self.block, self.size, self.slot, self.places = DRIVES[name]
        self.named, self.characters, self.last = {}, {}, None

    def lines(self):
        for number, step in enumerate(self.scheme["steps"], 1):
            yield " ".join([self.scheme["id"], str(number), self.name] +
                           (self.write(number, step) if step["op"] == "write" else ["verify"]))

    def write(self, number, step):
        draw = b""
        if step["data"] in ("random_stream", "random_char") and not step.get("reuse"):
            draw = hashlib.sha256(f"{self.scheme['id']} {number}".encode()).digest()
        if step["data"] == "random_char" and draw:
            draw = draw[:1]
            self.characters[step["id"]] = draw
        self.last = self.content(step, draw)
        if "id" in step:
            self.named[step["id"]] = self.last
        return [step["data"], f"draw={draw.hex()}"] + self.shown()

    def shown(self):
        if not self.slot:
            return [f"{place}={self.last(place, WINDOW).hex()}" for place in self.places]
        whole = self.last(0, self.size)
        return ([f"sha256={hashlib.sha256(whole).hexdigest()}"] +
                [f"{place}={whole[place:place + WINDOW].hex()}" for place in self.places])

    def content(self, step, draw):
        """A function from (start, length) to the octets there."""
        data = step["data"]
        if data == "fixed":
            return functools.partial(repeated, bytes.fromhex(step["bytes"]))
        if data == "random_char":
            return functools.partial(repeated, self.characters[step["id"]])
        if data == "random_stream":
            return functools.partial(keystream, draw)
        if data == "lba_stamp":
            return functools.partial(stamped, bytes.fromhex(step["base"]), self.block)
        if data == "complement":
            return functools.partial(complement, self.named[step["of"]])
        if data == "complement_of_previous":
            return functools.partial(complement, self.last)
        raise SystemExit(f"{self.scheme['id']}: {data}: not a kind of data")


def text(schemes):
    head = ["# Written by make_traces.py; the ctest `golden-traces-are-made-again` compares."]
    head += [f"# drive {name} block={block} size={size} slot={slot}"
             for name, (block, size, slot, _) in DRIVES.items()]
    lines = [line for scheme in schemes for name in DRIVES for line in Run(scheme, name).lines()]
    return "\n".join(head + lines) + "\n"


def main(arguments):
    check = arguments[:1] == ["--check"]
    schemes, file = (pathlib.Path(each) for each in arguments[-2:])
    made = text(tomllib.loads(schemes.read_text())["scheme"])
    if not check:
        file.write_text(made)
        return 0
    there = file.read_text().splitlines()
    differing = [line.split("=")[0] for line in set(made.splitlines()) ^ set(there)]
    print("\n".join(sorted(set(differing))) or f"{len(there)} lines as made")
    return 0 if file.read_text() == made else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
