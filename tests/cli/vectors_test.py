#!/usr/bin/env python3
"""Every folder of certificates/vectors gets the verdict and the codes that its `expect` names, and
openssl agrees about the signatures of the documents that hold.

usage: vectors_test.py QUIETUS_AUDIT VECTORS
"""
import json
import pathlib
import subprocess
import sys

STATUS = {"valid": 0, "invalid": 1, "indeterminate": 6, "not-an-erasure": 9}


def read_expect(folder):
    lines = dict(line.split(": ", 1) for line in (folder / "expect").read_text().splitlines())
    verdict, *codes = lines["expect"].split()
    return verdict, sorted(codes), lines.get("trust") != "none"


def audit(program, document, root):
    trust = ["--trust", root] if root else []
    run = subprocess.run([program, "verify", "--json", *trust, document], capture_output=True)
    report = json.loads(run.stdout)["documents"][0]
    codes = {finding["code"] for finding in report["findings"]}
    return report["verdict"], sorted(code for code in codes if code[0] != "W"), run.returncode


def openssl_agrees(document, root):
    run = subprocess.run(
        ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-CAfile", root, "-content",
         document, "-in", document.with_suffix(".p7s"), "-out", "/dev/null"], capture_output=True)
    return run.returncode == 0


def check(program, folder, root):
    verdict, codes, trusted = read_expect(folder)
    document = next(folder.glob("*.json"))
    found = audit(program, document, root if trusted else None)
    if found != (verdict, codes, STATUS[verdict]):
        return f"{folder.name}: expected {verdict} {codes}, found {found}"
    if verdict in ("valid", "not-an-erasure") and not openssl_agrees(document, root):
        return f"{folder.name}: openssl does not accept the signature"
    if codes == ["E_DIGEST"] and openssl_agrees(document, root):
        return f"{folder.name}: openssl accepts the signature"
    return None


def main(arguments):
    program, vectors = arguments[0], pathlib.Path(arguments[1])
    folders = sorted(path.parent for path in vectors.glob("*/expect"))
    strays = {path for path in vectors.iterdir() if path.is_dir()} - set(folders)
    problems = [f"{path.name}: no `expect`" for path in strays]
    problems += filter(None, (check(program, each, vectors / "root.pem") for each in folders))
    print("\n".join(problems) or f"vectors: {len(folders)} as expected")
    return 1 if problems or not folders else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
