"""Scenarios about statements of destruction: two persons say it, the station that they said it."""
from authority import signer
from documents import canonical, certificate, changed, on_a_drive
from scenarios_confirmation import decision
from signature import Signer, signed_data
from world import ISSUING, OPERATOR, STATION, WITNESS, vector

STEM = "QTS-EXAMPLE-00000005.qds"
KEPT = ("issued_at", "retain_until", "document_marking", "drive", "statements", "tool", "station", "time_source", "log")
VALIDATOR = signer("Vera Lee", "validator", ISSUING)


def statement(signers=(STATION, OPERATOR, WITNESS), **other):
    """An SSD that was disintegrated; by a profile whose text no verifier has."""
    record = on_a_drive(certificate(signers, 5))
    record["drive"].update({"kind": "ata", "medium": "flash", "model": "Example SSD"})
    record["statements"].update({"operator": "Jo Doe", "witness": "Wil Ness"})
    answer = {**decision(), "medium": "ssd-sata", "disposition": "destroy", "method": "", "level": "none"}
    del answer["offered"]
    return {
        "type": "quietus.destruction", "schema": 1, "title": "STATEMENT OF PHYSICAL DESTRUCTION", "id": record["id"],
        **{name: record[name] for name in KEPT}, "signers_required": record["signers_required"],
        "policy": {"statement": "a policy was applied", "applied": True, "profile": "p", "rule": "r", "source": "s",
                   "decision": answer},
        "basis": "persons_stated", "seen_by_station": False,
        "destruction": {"method": "disintegrate-6", "equipment": "Example 6", "particle_mm": 5, "residue": "recycled",
                        "destroyed_at": "2025-01-15T08:30:00Z", "residue_counts_as": ""},
        "sufficient": True, "reason": "", **other}


def everybody(operator=OPERATOR, witness=WITNESS):
    station = Signer(STATION)
    return [station, Signer(operator), Signer(witness, bound_to=station)]


def stated(name, codes="", record=None, signers=None, **other):
    """No verifier has the profile: I_POLICY_TEXT in all whose policy can be looked at."""
    vector(name, codes, payload=record or statement(), kind="destruction", signers=signers or everybody(),
           stem=other.pop("stem", STEM), **other)


def altered(name, codes, path, value):
    stated(name, codes, changed(statement(), path, value))


def people():
    station = Signer(STATION)
    stated("destruction-by-two-persons", "I_POLICY_TEXT")
    stated("destruction-not-signed-yet", "I_POLICY_TEXT I_ROLE_MISSING", signers=[station])
    stated("destruction-without-its-witness", "I_POLICY_TEXT I_ROLE_MISSING", signers=everybody()[:2])
    without = [Signer(OPERATOR), Signer(WITNESS)]
    stated("destruction-without-its-station", "I_POLICY_TEXT I_ROLE_MISSING", signers=without)
    double = signer("JO DOE", "witness", ISSUING)
    stated("destruction-by-one-person", "E_ROLE_SAME_PERSON I_POLICY_TEXT", statement([STATION, OPERATOR, double]),
           everybody(witness=double))
    stated("destruction-that-wants-no-witness", "E_DESTRUCTION I_POLICY_TEXT I_ROLE_MISSING",
           statement([STATION, OPERATOR]), everybody()[:2])
    stated("destruction-that-wants-no-station", "E_ROLE_MISSING E_ROLE_UNEXPECTED I_POLICY_TEXT",
           statement([OPERATOR, WITNESS]))
    stated("destruction-by-a-validator", "E_ROLE_UNEXPECTED I_POLICY_TEXT",
           statement([STATION, OPERATOR, WITNESS, VALIDATOR]), [*everybody(), Signer(VALIDATOR)])
    stated("destruction-unbound", "E_WITNESS_BINDING I_POLICY_TEXT",
           signers=[station, Signer(OPERATOR), Signer(WITNESS)])
    other = signer("ANOTHER", "station", ISSUING)
    station = Signer(other)
    stated("destruction-of-another-station", "E_STATION I_POLICY_TEXT", statement([other, OPERATOR, WITNESS]),
           [station, Signer(OPERATOR), Signer(WITNESS, bound_to=station)])


def form():
    altered("destruction-under-another-title", "E_SCHEMA I_POLICY_TEXT", "title", "DRIVE ERASED")
    altered("destruction-on-another-basis", "E_SCHEMA I_POLICY_TEXT", "basis", "host_read_back")
    altered("destruction-with-a-verdict", "E_SCHEMA_MEMBER I_POLICY_TEXT", "verdict", "erased")
    altered("destruction-without-a-member", "E_SCHEMA", "seen_by_station", None)
    altered("destruction-of-another-schema", "E_SCHEMA_VERSION", "schema", 2)
    altered("destruction-by-no-policy", "E_SCHEMA", "policy.decision", None)
    altered("destruction-that-suffices-not", "E_SCHEMA I_POLICY_TEXT", "sufficient", False)
    altered("destruction-for-a-reason", "E_SCHEMA I_POLICY_TEXT", "reason", "it does not suffice")
    altered("destruction-of-no-drive", "E_DESTRUCTION I_POLICY_TEXT", "drive.serial", "")
    altered("destruction-of-an-emulated-drive", "E_REHEARSAL I_POLICY_TEXT", "drive.provenance", "rehearsal")
    altered("destruction-of-another-number", "E_STATION I_POLICY_TEXT", "station.sequence", 6)
    altered("destruction-on-no-day", "E_SCHEMA I_POLICY_TEXT", "destruction.destroyed_at", "2025-02-30T08:30:00Z")
    altered("destruction-after-the-statement", "E_SEM_TIME_ORDER I_POLICY_TEXT", "destruction.destroyed_at",
            "2025-01-15T09:00:01Z")
    altered("destruction-not-retained", "E_SEM_TIME_ORDER I_POLICY_TEXT", "retain_until", "2025-01-15T08:59:59Z")
    altered("destruction-unlisted-member", "I_POLICY_TEXT", "x_note", "free")
    altered("destruction-that-closes-a-job", "I_POLICY_TEXT", "closes", ["QTS-EXAMPLE-00000004"])
    altered("destruction-of-unmeasured-pieces", "I_POLICY_TEXT", "destruction.particle_mm", None)


def signature():
    text = canonical(statement())
    stated("destruction-altered", "E_DIGEST I_POLICY_TEXT", changed(statement(), "destruction.particle_mm", 6),
           signed=text)
    stated("destruction-signed-as-a-certificate", "E_SIG_CONTENT_TYPE I_POLICY_TEXT",
           p7s=signed_data(text, everybody(), "certificate"))
    stated("destruction-as-certificate", "E_TYPE I_POLICY_TEXT", stem="QTS-EXAMPLE-00000005.qdc")


def define():
    people()
    form()
    signature()
