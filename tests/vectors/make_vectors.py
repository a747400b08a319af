#!/usr/bin/env python3
"""Makes certificates/vectors: one scenario a folder, from certificates/SPEC.md and Python's own library.

usage: make_vectors.py DIRECTORY            writes the folders anew
       make_vectors.py --check DIRECTORY    fails unless DIRECTORY is what would be written

The same octets come out of every run: keys are made from their names, signatures are deterministic.
"""
import pathlib
import shutil
import sys

import scenarios_confirmation
import scenarios_destruction
import scenarios_hidden
import scenarios_luks
import scenarios_own_erasure
import scenarios_own_erasure_nvme
import scenarios_payload
import scenarios_signature
import scenarios_validation
from world import ROOT_FILE, all_vectors


def files():
    scenarios_payload.define()
    scenarios_hidden.define()
    scenarios_luks.define()
    scenarios_own_erasure.define()
    scenarios_own_erasure_nvme.define()
    scenarios_signature.define()
    scenarios_confirmation.define()
    scenarios_validation.define()
    scenarios_destruction.define()
    made = {"root.pem": ROOT_FILE}
    for vector in all_vectors:
        for name, content in vector.files.items():
            made[f"{vector.name}/{name}"] = content
        made[f"{vector.name}/expect"] = vector.expect().encode()
    return made


def present(directory):
    return {str(path.relative_to(directory)): path.read_bytes()
            for path in directory.rglob("*") if path.is_file() and path.name not in ("README.md", ".gitattributes")}


def main(arguments):
    check = arguments[:1] == ["--check"]
    directory = pathlib.Path(arguments[-1])
    made = files()
    if check:
        there = present(directory)
        differing = sorted(name for name in made.keys() | there.keys() if made.get(name) != there.get(name))
        print("\n".join(f"{name}: not what make_vectors.py makes" for name in differing)
              or f"{len(all_vectors)} vectors as made")
        return 1 if differing else 0
    for path in directory.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
    for name, content in made.items():
        path = directory / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
