"""Scenarios about confirmations: what the operator signed before the erase, inside a document."""
import base64
import hashlib

from authority import signer
from documents import attempt, canonical, certificate, digest, on_a_drive
from signature import Signer, signed_data
from world import ISSUING, OPERATOR, STATION, vector

BEFORE, DURING = "2025-01-15T08:49:00Z", "2025-01-15T08:50:30Z"
PIECE = 4000


def plan_of(record):
    """The plan that was confirmed, member by member; a member that is not listed is no part of it."""
    method = record["method"]
    steps = [{name: value for name, value in each.items() if not name.startswith("x_")} for each in method["steps"]]
    policy = {name: record["policy"][name] for name in ("applied", "profile", "rule", "source")}
    if "decision" in record["policy"]:
        policy["decision"] = {name: value for name, value in record["policy"]["decision"].items() if not name.startswith("x_")}
    plan = {
        "technique": method["technique"], "scheme": method["scheme"], "scheme_title": method["scheme_title"],
        "scheme_status": method["scheme_status"], "level": method["level"], "steps": steps,
        "policy": policy,
        "verification": {name: record["verification"][name] for name in ("mode", "percent")}}
    if method.get("not_reached"):
        plan["not_reached"] = method["not_reached"]
    return plan


def statement(record, **other):
    identity = {name: record["drive"][name] for name in ("kind", "model", "serial", "serial_raw_hex", "wwn")}
    return {
        "type": "quietus.confirmation", "schema": 1, "operator": record["statements"]["operator"],
        "station": record["station"]["id"], "plan_sha256": hashlib.sha256(canonical(plan_of(record))).hexdigest(),
        "drive_sha256": hashlib.sha256(canonical(identity)).hexdigest(),
        "attachment_sha256": digest("where it was attached"), "confirmed_at": BEFORE, **other}


def decision():
    """By a profile whose text no verifier has."""
    return {
        "profile": {"id": "p", "version": 1, "sha256": digest("no profile")}, "classification_given": "OFFICIAL",
        "classification": "uk.official", "medium": "hdd", "disposition": "reuse", "destination": "",
        "offered": ["overwrite"], "decision": "allow", "method": "overwrite", "level": "clear", "people": ["operator"],
        "recheck_percent": 0, "on_failure": "destroy", "residual": "some", "retention_years": 7, "x_note": "no part of it",
        "supplied": [{"name": "classification", "value": "OFFICIAL", "by": "option", "reference": ""}]}


def operators_document(make=certificate):
    record = on_a_drive(make([STATION, OPERATOR])) if make is certificate else make([STATION, OPERATOR])
    record["statements"]["operator"] = "Jo Doe"
    return record


def borne(text, p7s):
    encoded = base64.b64encode(p7s).decode()
    member = {"statement": text.decode(), "signature": [encoded[at:at + PIECE] for at in range(0, len(encoded), PIECE)]}
    return {name: value for name, value in member.items() if value}


def confirmed(name, codes="", record=None, text=None, **other):
    """A document that its station and operator signed, with a confirmation. `text`: the statement's octets; `by`
    and `at`: who signed it and when; `signed`: what was signed instead; `form`: as what; `p7s`: instead of all."""
    record = record or operators_document()
    text = text or canonical(statement(record))
    by = other.get("by") or [Signer(OPERATOR, at=other.get("at", BEFORE))]
    p7s = signed_data(other.get("signed", text), by, other.get("form", "confirmation"))
    record["confirmation"] = borne(text, other.get("p7s", p7s))
    record["confirmation"].update(other.get("change", {}))
    kind = record["type"].removeprefix("quietus.")
    vector(name, codes, payload=record, kind=kind, signers=[Signer(STATION), Signer(OPERATOR)])


def sound():
    confirmed("valid-confirmation")
    plain = operators_document()
    del plain["method"]["not_reached"]
    plain["method"]["steps"][1]["x_note"] = "no part of the plan"
    confirmed("valid-confirmation-of-a-plain-plan", record=plain)
    odd = operators_document()
    odd["drive"]["model"] = "back\\\\slash \"quoted\" \u00e9"
    confirmed("valid-confirmation-of-an-odd-model", record=odd)
    ruled = operators_document()
    ruled["policy"] = {"statement": "a policy was applied", "applied": True, "profile": "p", "rule": "r", "source": "s",
                       "decision": decision()}
    confirmed("confirmation-under-a-policy", "I_POLICY_TEXT", record=ruled)
    extra = statement(operators_document(), x_note="free")
    confirmed("valid-confirmation-unlisted-member", text=canonical(extra))


def not_of_this():
    record = operators_document()

    def stated(name, codes, **changes):
        confirmed(name, codes, text=canonical(statement(record, **changes)))

    stated("confirmation-of-another-plan", "E_CONFIRMATION_PLAN", plan_sha256=digest("another plan"))
    stated("confirmation-of-another-drive", "E_CONFIRMATION_DRIVE", drive_sha256=digest("another drive"))
    stated("confirmation-of-another-station", "E_CONFIRMATION_STATION", station="ANOTHER")
    stated("confirmation-of-another-operator", "E_CONFIRMATION_OPERATOR", operator="jd17")
    stated("confirmation-from-the-run", "E_CONFIRMATION_TIME", confirmed_at=DURING)
    stated("confirmation-from-no-day", "E_CONFIRMATION_TIME", confirmed_at="2025-02-30T08:49:00Z")
    stated("confirmation-of-another-type", "E_CONFIRMATION", type="quietus.attempt")
    stated("confirmation-of-another-schema", "E_CONFIRMATION", schema=2)
    stated("confirmation-with-a-member", "E_CONFIRMATION", remark="too much")
    stated("confirmation-of-a-number", "E_CONFIRMATION", operator=7)
    short = statement(record)
    del short["attachment_sha256"]
    confirmed("confirmation-without-a-member", "E_CONFIRMATION", text=canonical(short))
    weaker = operators_document()
    text = canonical(statement(weaker))
    weaker["method"]["scheme_title"] = "Another title"
    confirmed("confirmation-plan-changed", "E_CONFIRMATION_PLAN", record=weaker, text=text)
    late = operators_document(attempt)
    confirmed("attempt-confirmation-from-the-run", record=late,
              text=canonical(statement(late, confirmed_at=DURING)))


def not_in_form():
    text = canonical(statement(operators_document()))
    confirmed("confirmation-not-canonical", "E_CONFIRMATION", text=text.replace(b'":', b'": ', 1))
    confirmed("confirmation-no-json", "E_CONFIRMATION", text=b"yes")
    confirmed("confirmation-twice-a-member", "E_CONFIRMATION",
              text=text.replace(b'"schema":1', b'"schema":2,"schema":1'))
    confirmed("confirmation-control-character", "E_CONFIRMATION",
              text=text.replace(b'"Jo Doe"', rb'"Jo Doe\u0007"'))
    confirmed("confirmation-not-base64", "E_CONFIRMATION", change={"signature": ["!" * 8]})
    confirmed("confirmation-padded-early", "E_CONFIRMATION", change={"signature": ["MA==", "MA=="]})
    confirmed("confirmation-loose-bits", "E_CONFIRMATION", change={"signature": ["MB=="]})
    confirmed("confirmation-without-signature", "E_SIG_PARSE", p7s=b"")
    confirmed("confirmation-garbage", "E_SIG_PARSE", p7s=b"no signature at all")


def not_signed_so():
    text = canonical(statement(operators_document()))
    confirmed("confirmation-tampered", "E_DIGEST", signed=text + b" ")
    confirmed("confirmation-signed-as-a-certificate", "E_SIG_CONTENT_TYPE", form="certificate")
    confirmed("confirmation-signed-late", "E_CONFIRMATION_TIME", at=DURING)
    double = signer("Jo Doe", "operator", ISSUING, key_name="another operator of that name")
    confirmed("confirmation-by-another", "E_CONFIRMATION_OPERATOR", by=[Signer(double, at=BEFORE)])
    confirmed("confirmation-by-the-station", "E_CONFIRMATION_OPERATOR E_ROLE_MISSING E_ROLE_UNEXPECTED",
              by=[Signer(STATION, at=BEFORE)])
    confirmed("confirmation-by-two", "E_CONFIRMATION_OPERATOR E_ROLE_UNEXPECTED",
              by=[Signer(OPERATOR, at=BEFORE), Signer(STATION, at=BEFORE)])
    stated = operators_document()
    stated["statements"]["operator"] = "jd17"
    confirmed("confirmation-of-a-stated-operator", "E_CONFIRMATION_OPERATOR", record=stated)


def define():
    sound()
    not_of_this()
    not_in_form()
    not_signed_so()
