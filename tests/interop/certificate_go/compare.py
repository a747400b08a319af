#!/usr/bin/env python3
"""Another verifier finds in every folder of certificates/vectors what its `expect` names.

usage: compare.py CHECK CERTIFICATES     the program, and the folder with `schema` and `vectors`
"""
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent.parent / "vectors"))
import expectations  # noqa: E402


def check(program, schemas, vector):
    trust = ["-trust", vector.trust] if vector.trust else []
    run = subprocess.run([program, "-schemas", schemas, "-at", vector.at, *trust, vector.document],
                         capture_output=True, text=True)
    if run.returncode != 0:
        return f"{vector.name}: {run.stderr.strip()}"
    verdict, *codes = run.stdout.split()
    return vector.difference(verdict, codes)


def main(arguments):
    program, certificates = arguments[0], pathlib.Path(arguments[1])
    vectors = expectations.read_all(certificates / "vectors")
    schemas = certificates / "schema"
    problems = list(filter(None, (check(program, schemas, each) for each in vectors)))
    print("\n".join(problems) or f"{len(vectors)} vectors as expected")
    return 1 if problems or not vectors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
