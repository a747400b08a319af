#!/usr/bin/env python3
"""quietus-audit finds in every folder of certificates/vectors what its `expect` names, and openssl agrees
about the signatures of the documents that hold.

usage: vectors_test.py QUIETUS_AUDIT VECTORS
"""
import datetime
import json
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "vectors"))
import expectations  # noqa: E402

STATUS = {"valid": 0, "invalid": 1, "indeterminate": 6, "not-an-erasure": 9}


def audit(program, vector):
    trust = ["--trust", vector.trust] if vector.trust else []
    run = subprocess.run([program, "verify", "--json", "--at", vector.at, *trust, vector.document],
                         capture_output=True)
    report = json.loads(run.stdout)["documents"][0]
    return report["verdict"], {finding["code"] for finding in report["findings"]}, run.returncode


def openssl_agrees(vector):
    statement = vector.document.with_suffix(".validation.json")
    return all(openssl_verifies(vector, each) for each in (vector.document.with_suffix(".json"), statement)
               if each == vector.document.with_suffix(".json") or each.exists())


def openssl_verifies(vector, document):
    at = datetime.datetime.strptime(vector.at, "%Y-%m-%dT%H:%M:%S%z")
    run = subprocess.run(
        ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-CAfile", vector.trust, "-content", document,
         "-attime", str(int(at.timestamp())), "-in", document.with_suffix(".p7s"), "-out", "/dev/null"],
        capture_output=True)
    return run.returncode == 0


def check(program, vector):
    verdict, codes, status = audit(program, vector)
    if problem := vector.difference(verdict, codes):
        return problem
    if status != STATUS[verdict]:
        return f"{vector.name}: exit status {status}"
    if verdict in ("valid", "not-an-erasure") and not openssl_agrees(vector):
        return f"{vector.name}: openssl does not accept the signature"
    of_another = vector.name.startswith(("confirmation-", "validation-"))
    if vector.codes == ["E_DIGEST"] and not of_another and openssl_agrees(vector):
        return f"{vector.name}: openssl accepts the signature"
    return None


def main(arguments):
    vectors = expectations.read_all(arguments[1])
    problems = list(filter(None, (check(arguments[0], each) for each in vectors)))
    print("\n".join(problems) or f"vectors: {len(vectors)} as expected")
    return 1 if problems or not vectors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
