#!/usr/bin/env python3
"""The recipe for a departmental hierarchy does what it says, with openssl's commands as they stand.

usage: ca_recipe_test.py QUIETUS QUIETUS-AUDIT RECIPE-FOLDER
"""
import base64
import hashlib
import json
import os
import pathlib
import shutil
import stat
import subprocess
import sys
import tempfile
import unittest

QUIETUS, AUDIT, RECIPE = (pathlib.Path(each).resolve() for each in sys.argv[1:4])


def commands():
    """The indented commands of the page by heading; a block before the first heading has none."""
    sections, heading = {}, ""
    for line in (RECIPE / "README.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            heading = line[3:]
        elif line.startswith("    "):
            sections.setdefault(heading, []).append(line[4:])
        elif sections.get(heading):
            sections[heading].append("")
    return {heading: "\n".join(lines) for heading, lines in sections.items()}


class Department(unittest.TestCase):
    """One directory for the whole story: each test is a chapter, and they run in order."""

    @classmethod
    def setUpClass(cls):
        cls.place = pathlib.Path(tempfile.mkdtemp(prefix="quietus-ca-"))
        cls.page = commands()
        shutil.copy(RECIPE / "ca.cnf", cls.place)
        (cls.place / "bin").mkdir()
        wrapper = cls.place / "bin" / "quietus"
        wrapper.write_text(f'#!/bin/sh\nexec "{QUIETUS}" --state "$STATE" "$@"\n')
        wrapper.chmod(0o755)
        cls.state = cls.place / "state"
        cls.variables = ""

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.place)

    def shell(self, script, state=None, status=0):
        environment = dict(os.environ, PATH=f"{self.place}/bin:{os.environ['PATH']}", LOCK="",
                           STATE=str(state or self.state))
        ran = subprocess.run(["sh", "-euc", self.variables + script], cwd=self.place, text=True,
                             env=environment, stdin=subprocess.DEVNULL, capture_output=True,
                             check=False)
        self.assertEqual(ran.returncode, status, f"{script}\n{ran.stdout}{ran.stderr}")
        return ran

    def section(self, heading):
        return self.shell(self.page[heading])

    def issue(self, ca, extensions, name):
        """Beneath CA, with these extensions: NAME.csr to the chain NAME.pem."""
        self.shell(f"CA={ca} openssl ca -config ca.cnf -batch -notext -extensions {extensions} "
                   f"-in {name}.csr -out {name}.pem && cat {ca}/ca.pem >> {name}.pem")

    def contractors_station(self, station, subject):
        """A request of its own in a state of its own, signed by the contractor's CA."""
        state = self.place / station
        self.shell(f"quietus key request --station {station} --subject '{subject}' && "
                   f"cp {state}/keys-requested/station.csr {station}.csr", state)
        self.issue("contractor", "station", station)
        return state

    def audit(self, *arguments):
        ran = subprocess.run([AUDIT, "verify", "--json", *arguments], cwd=self.place, text=True,
                             capture_output=True, check=False)
        report = json.loads(ran.stdout)["documents"][0]
        return ran.returncode, report["verdict"], {each["code"] for each in report["findings"]}

    def test_1_the_authorities_are_made(self):
        self.section("The authorities, once")
        self.__class__.variables = (
            "export CA=root FROM=$(date -u +%Y%m%d%H%M%SZ) "
            "UNTIL=$(date -u -d '+1 year' +%Y%m%d%H%M%SZ)\n")
        self.section("Revocation lists, and what verifiers pin")
        for ca in "issuing", "contractor":
            self.shell(f"openssl verify -x509_strict -CAfile root/ca.pem {ca}/ca.pem")

    def test_2_a_station_asks_and_is_answered(self):
        told = self.section("A station")
        self.assertIn("self-signature verify OK", told.stdout + told.stderr)
        self.assertIn("bench7.pem: OK", told.stdout)
        shown = json.loads(self.shell("quietus key show --json").stdout)
        self.assertEqual(shown["station"], "BENCH7")
        key = self.state / "keys" / "station.key"
        self.assertEqual(stat.S_IMODE(key.stat().st_mode), 0o600)
        self.assertFalse((self.state / "keys-requested").exists())

    def test_3_the_key_signs_for_a_year_and_the_certificate_stays_for_fifteen(self):
        expires = json.loads(self.shell("quietus key show --json").stdout)["expires"]
        in_a_year = self.shell("date -u -d '+1 year' +%Y-%m-%d").stdout.strip()
        self.assertEqual(expires[:10], in_a_year)
        self.shell("openssl x509 -in bench7.pem -noout -checkend $((5478 * 86400))")

    def test_4_persons_are_known(self):
        block = self.page["Persons"].split("quietus sign")[0]
        self.shell(block)
        people = (self.state / "people.toml").read_text()
        self.assertIn('id = "alice"\nrole = "operator"', people)
        self.assertIn('id = "bob"\nrole = "witness"', people)

    def test_5_a_document_is_signed_by_three(self):
        people = "--technique overwrite --operator alice --witness bob"
        self.shell("truncate -s 300K drive.img")
        plan = self.shell(f"quietus plan image:$PWD/drive.img {people} --json")
        code = json.loads(plan.stdout)["plans"][0]["confirmation_code"]
        self.shell(f"quietus erase image:$PWD/drive.img {people} -q --confirm {code}")
        document = str(self.state / "certificates" / "QTS-BENCH7-00000001.qdc.json")
        self.assertEqual(self.audit(document, "--trust", "root.pem")[:2], (6, "indeterminate"))
        for line in self.page["Persons"].splitlines():
            if line.startswith("quietus sign"):
                self.shell(line.replace("ID.qdc.json", document))
        self.assertEqual(self.audit(document, "--trust", "root.pem"), (0, "valid", set()))
        p7s = document.replace(".json", ".p7s")
        self.shell(f"openssl cms -verify -binary -inform DER -in {p7s} -content {document} "
                   "-CAfile root.pem -crl_check_all -signer signers.pem -out /dev/null")
        signers = (self.place / "signers.pem").read_text()
        self.assertEqual(signers.count("BEGIN CERTIFICATE"), 3)

    def test_5b_the_operator_signs_the_plan_before_the_erase(self):
        people = "--technique overwrite --operator alice"
        plan = self.shell(f"quietus plan image:$PWD/drive.img {people} --json")
        code = json.loads(plan.stdout)["plans"][0]["confirmation_code"]
        self.shell(f"quietus erase image:$PWD/drive.img {people} -q --confirm {code} "
                   "--key bob/person.key", status=1)
        self.shell(f"quietus erase image:$PWD/drive.img {people} -q --confirm {code} "
                   "--key alice/person.key")
        document = self.state / "certificates" / "QTS-BENCH7-00000002.qdc.json"
        payload = json.loads(document.read_text())
        borne = payload["confirmation"]
        # With nothing but the document and openssl:
        (self.place / "confirmation.json").write_text(borne["statement"])
        (self.place / "confirmation.p7s").write_bytes(base64.b64decode("".join(borne["signature"])))
        self.shell("openssl cms -verify -binary -inform DER -in confirmation.p7s "
                   "-content confirmation.json -CAfile root.pem -signer signer.pem -out /dev/null")
        subject = self.shell("openssl x509 -in signer.pem -noout -subject").stdout
        self.assertRegex(subject, r"CN ?= ?alice")  # OpenSSL 3.5 prints no spaces
        confirmed = json.loads(borne["statement"])
        self.assertEqual(confirmed["station"], "BENCH7")
        # It is of the plan whose digest the log took down, and of this drive.
        bundles = b"".join(each.read_bytes() for each in self.state.glob("log/tile/entries/**/*")
                           if each.is_file())
        self.assertIn(confirmed["plan_sha256"].encode(), bundles)
        drive = {each: payload["drive"][each]
                 for each in ("kind", "model", "serial", "serial_raw_hex", "wwn")}
        canonical = json.dumps(drive, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        self.assertEqual(confirmed["drive_sha256"], hashlib.sha256(canonical.encode()).hexdigest())
        self.shell(f"quietus sign {document} --key alice/person.key "
                   "--certificate alice/person.pem --trust root.pem")
        self.assertEqual(self.audit(str(document), "--trust", "root.pem"), (0, "valid", set()))

    def test_6_a_contractor_may_have_stations_under_its_own_name(self):
        state = self.contractors_station("YARD1", "/C=GB/O=Example Contractor Ltd")
        self.shell("quietus key import --certificate YARD1.pem --trust root.pem", state)
        self.shell("openssl verify -x509_strict -crl_check_all -CAfile root.pem "
                   "-untrusted contractor/ca.pem YARD1.pem")

    def test_7_and_under_no_other(self):
        state = self.contractors_station("YARD2", "/C=GB/O=Example Department")
        ran = self.shell("quietus key import --certificate YARD2.pem --trust root.pem", state, 1)
        self.assertIn("E_CHAIN_NAME", ran.stderr)
        self.assertFalse((state / "keys").exists())
        self.assertTrue((state / "keys-requested" / "station.key").exists())
        # openssl says the same
        ran = self.shell("openssl verify -CAfile root.pem -untrusted contractor/ca.pem YARD2.pem",
                         status=2)
        self.assertIn("permitted subtree violation", ran.stderr)

    def test_8_a_certificate_of_another_key_is_refused(self):
        state = self.place / "YARD3"
        self.shell("quietus key request --station YARD1 --subject '/C=GB/O=Example Contractor Ltd'",
                   state)
        ran = self.shell("quietus key import --certificate YARD1.pem --trust root.pem", state, 3)
        self.assertIn("not of the key", ran.stderr)
        ran = self.shell("quietus key import --certificate alice/person.pem --trust root.pem",
                         state, 3)
        self.assertIn("not of a station", ran.stderr)
        self.shell("cat root/ca.pem > bare.pem")
        ran = self.shell("quietus key import --certificate YARD1.pem --trust bare.pem", state, 3)
        self.assertIn("no revocation lists", ran.stderr)
        self.assertFalse((state / "keys").exists())

    def test_9_a_renewal_keeps_the_old_keys_and_the_log(self):
        before = (self.state / "keys" / "log.pub").read_bytes()
        old = (self.state / "keys" / "station.pem").read_bytes()
        self.shell("quietus key request --subject '/C=GB/O=Example Department' && "
                   "cp $STATE/keys-requested/station.csr renewed.csr")
        self.issue("issuing", "station", "renewed")
        self.shell("quietus key import --certificate renewed.pem --trust root.pem", status=3)
        self.assertEqual((self.state / "keys" / "station.pem").read_bytes(), old)
        self.shell("quietus key import --certificate renewed.pem --trust root.pem --replace")
        self.assertEqual((self.state / "keys" / "log.pub").read_bytes(), before)
        self.assertEqual((self.state / "keys" / "checkpoint").read_bytes(),
                         (self.state / "log" / "checkpoint").read_bytes())
        kept = list(self.state.glob("keys-until-*"))
        self.assertEqual(len(kept), 1)
        self.assertEqual((kept[0] / "station.pem").read_bytes(), old)
        self.assertTrue((kept[0] / "station.key").exists())

    def test_a_new_lists_are_brought_in_and_say_who_is_revoked(self):
        self.section("Revoking")
        self.shell("quietus key import --trust root.pem --replace")
        self.assertIn((self.place / "issuing" / "ca.crl").read_text(),
                      (self.state / "keys" / "root.pem").read_text())
        document = str(self.state / "certificates" / "QTS-BENCH7-00000001.qdc.json")
        status, verdict, codes = self.audit(document, "--trust", "root.pem")
        self.assertEqual((status, verdict), (1, "invalid"))
        self.assertIn("E_REVOKED", codes)
        ran = self.shell("quietus key import --person alice --certificate alice/person.pem --replace",
                         status=1)
        self.assertIn("E_REVOKED", ran.stderr)


if __name__ == "__main__":
    if not shutil.which("openssl"):
        sys.exit("openssl is missing")
    unittest.main(argv=sys.argv[:1], verbosity=2)
