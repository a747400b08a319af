"""Scenarios about statements of validation: what somebody else says of a certificate, beside it."""
import hashlib

from authority import signer
from documents import canonical, certificate, changed
from scenarios_confirmation import decision, operators_document
from signature import Signer, signed_data
from world import ISSUING, OPERATOR, STATION, vector

VALIDATOR = signer("Vera Lee", "validator", ISSUING)
LATER = "2025-01-20T10:00:00Z"


def statement(record, **other):
    return {
        "type": "quietus.validation", "schema": 1, "title": "STATEMENT OF VALIDATION", "id": record["id"],
        "payload_sha384": hashlib.sha384(canonical(record)).hexdigest(), "issued_at": LATER,
        "retain_until": "2040-01-21T10:00:00Z", "document_marking": "OFFICIAL", "classification": "OFFICIAL",
        "decision": "accepted", "reason": "", "validator": "Vera Lee", "station": "EXAMPLE", "tool": record["tool"],
        "time_source": "system clock, not proven",
        "signers_required": [{"role": "validator", "certificate_sha256": VALIDATOR.sha256()}], **other}


def validated(name, codes="", record=None, text=None, **other):
    """A certificate with a statement beside it. `text`: its octets; `by`: who signed it; `signed`: what was signed
    instead; `form`: as what; `p7s`: instead of all; `missing`: which file is not there."""
    record = record or certificate([STATION])
    text = text or canonical(statement(record))
    by = other.get("by") or [Signer(VALIDATOR, at=LATER)]
    p7s = signed_data(other.get("signed", text), by, other.get("form", "validation"))
    beside = {".validation.json": text, ".validation.p7s": other.get("p7s", p7s)}
    beside.pop(other.get("missing"), None)
    signers = [Signer(STATION)] + [Signer(OPERATOR)] * (len(record["signers_required"]) == 2)
    vector(name, codes, payload=record, signers=signers, beside=beside, verdict=other.get("verdict"))


def stated(name, codes="", record=None, by=None, verdict=None, **changes):
    record = record or certificate([STATION])
    validated(name, codes, record, canonical(statement(record, **changes)), by=by, verdict=verdict)


def requiring(one):
    return [{"role": one.role, "certificate_sha256": one.sha256()}]


def sound():
    validated("valid-validation")
    stated("valid-validation-unlisted-member", x_note="free")
    stated("valid-validation-under-a-folded-name", validator="vera  lee")
    stated("validation-rejected", verdict="not-an-erasure", decision="rejected", reason="held more than was said")
    ruled = certificate([STATION])
    ruled["policy"] = {"statement": "a policy was applied", "applied": True, "profile": "p", "rule": "r", "source": "s",
                       "decision": decision()}
    stated("validation-under-a-policy", "I_POLICY_TEXT", ruled)
    stated("validation-of-another-classification", "E_VALIDATION I_POLICY_TEXT", ruled, classification="SECRET")
    stated("validation-rejected-as-another-classification", "I_POLICY_TEXT", ruled, classification="SECRET",
           decision="rejected", reason="held SECRET")


def not_of_this():
    stated("validation-of-another-id", "E_VALIDATION_DOCUMENT", id="QTS-EXAMPLE-00000009")
    stated("validation-of-another-payload", "E_VALIDATION_DOCUMENT", payload_sha384="ab" * 48)
    stated("validation-before-the-certificate", "E_SEM_TIME_ORDER", issued_at="2025-01-15T08:59:59Z")
    stated("validation-not-retained", "E_SEM_TIME_ORDER", retain_until="2025-01-19T10:00:00Z")
    record = certificate([STATION])
    validated("validation-then-changed", "E_DIGEST", changed(record, "statements.site", "Bench 2"),
              canonical(statement(changed(record, "statements.site", "Bench 2"))), signed=canonical(statement(record)))


def not_in_form():
    text = canonical(statement(certificate([STATION])))
    stated("validation-of-another-type", "E_TYPE", type="quietus.attempt")
    stated("validation-of-another-schema", "E_SCHEMA_VERSION", schema=2)
    stated("validation-with-a-member", "E_SCHEMA_MEMBER", remark="too much")
    stated("validation-that-decides-nothing", "E_SCHEMA", decision="perhaps")
    stated("validation-rejected-for-nothing", "E_SCHEMA", decision="rejected")
    stated("validation-without-marking", "E_SCHEMA", document_marking="")
    stated("validation-without-classification", "E_SCHEMA", classification="")
    stated("validation-of-no-day", "E_SCHEMA", issued_at="2025-02-30T10:00:00Z")
    stated("validation-at-no-station", "E_SCHEMA", station="nowhere")
    stated("validation-under-another-title", "E_SCHEMA", title="CERTIFICATE OF ERASURE")
    short = statement(certificate([STATION]))
    del short["reason"]
    validated("validation-without-a-member", "E_SCHEMA", text=canonical(short))
    validated("validation-not-canonical", "E_JSON_NOT_CANONICAL", text=text.replace(b'":', b'": ', 1))
    validated("validation-no-json", "E_JSON_SYNTAX", text=b"yes")
    validated("validation-without-signature", "I_FILE", missing=".validation.p7s")
    validated("validation-without-statement", "I_FILE", missing=".validation.json")
    validated("validation-garbage", "E_SIG_PARSE", p7s=b"no signature at all")


def not_signed_so():
    text = canonical(statement(certificate([STATION])))
    validated("validation-tampered", "E_DIGEST", signed=text.replace(b"accepted", b"rejected"))
    validated("validation-signed-as-a-certificate", "E_SIG_CONTENT_TYPE", form="certificate")
    validated("validation-by-the-station", "E_ROLE_MISSING E_ROLE_SAME_KEY E_ROLE_UNEXPECTED E_VALIDATION",
              by=[Signer(STATION, at=LATER)])
    another = signer("Ann Other", "validator", ISSUING)
    validated("validation-by-another", "E_VALIDATION", by=[Signer(another, at=LATER)])
    validated("validation-by-two", "E_ROLE_UNEXPECTED E_VALIDATION",
              by=[Signer(VALIDATOR, at=LATER), Signer(another, at=LATER)])
    stated("validation-under-another-name", "E_VALIDATION", validator="Ann Other")
    stated("validation-of-two", "E_VALIDATION", signers_required=requiring(VALIDATOR) + requiring(another))
    stated("validation-of-nobody", "E_VALIDATION", signers_required=[])


def not_by_another():
    both = operators_document()
    double = signer("jo doe", "validator", ISSUING, key_name="a validator of that name")
    stated("validation-by-the-operator", "E_ROLE_SAME_PERSON", both, [Signer(double, at=LATER)], validator="jo doe",
           signers_required=requiring(double))
    same_key = signer("Jo B Doe", "validator", ISSUING, key_name="Jo Doe, operator")
    stated("validation-by-the-key-of-the-operator", "E_ROLE_SAME_KEY", both, [Signer(same_key, at=LATER)],
           validator="Jo B Doe", signers_required=requiring(same_key))
    named = signer("JD17", "validator", ISSUING)
    stated("validation-by-whom-it-names", "E_ROLE_SAME_PERSON", by=[Signer(named, at=LATER)], validator="JD17",
           signers_required=requiring(named))
    stated("valid-validation-beside-an-operator", record=both)


def define():
    sound()
    not_of_this()
    not_in_form()
    not_signed_so()
    not_by_another()
