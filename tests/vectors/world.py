"""Who signs in the vectors, and how a scenario is written down."""
import authority
from authority import ca, moment, revocation_list, signer, trust_file
from documents import attempt, canonical, certificate, rehearsal
from signature import Signer, signed_data

ROOT = ca("root of the test vectors", path_length=1)
ISSUING = ca("issuing CA of the test vectors", ROOT, 0)
STATION = signer("EXAMPLE", "station", ISSUING)
OPERATOR = signer("Jo Doe", "operator", ISSUING)
WITNESS = signer("Wil Ness", "witness", ISSUING)
REHEARSAL = signer("REHEARSAL", "rehearsal", ISSUING)
STOLEN = signer("EXAMPLE", "station", ISSUING, key_name="a stolen station key")
REPLACED = signer("EXAMPLE", "station", ISSUING, key_name="a station key that was replaced")
REPLACED_EARLY = signer("EXAMPLE", "station", ISSUING, key_name="a station key that was replaced before it signed")
REVOKED = [
    (STOLEN, moment("2025-03-01T00:00:00Z"), authority.KEY_COMPROMISE),
    (REPLACED, moment("2025-03-01T00:00:00Z"), authority.SUPERSEDED),
    (REPLACED_EARLY, moment("2025-01-10T00:00:00Z"), authority.SUPERSEDED)]
ROOT_LIST = revocation_list(ROOT)
ISSUING_LIST = revocation_list(ISSUING, REVOKED)
ROOT_FILE = trust_file([ROOT], [ROOT_LIST, ISSUING_LIST])

all_vectors = []


class Vector:
    def __init__(self, name, files, verdict, codes, given):
        self.name, self.files, self.verdict, self.codes, self.given = name, files, verdict, codes, given

    def expect(self):
        lines = ["expect: " + " ".join([self.verdict, *sorted(self.codes)])]
        lines += [f"{what}: {value}" for what, value in self.given.items() if value]
        return "\n".join(lines) + "\n"


def verdict_of(kind, codes):
    if any(code.startswith("E_") for code in codes):
        return "invalid"
    if codes:
        return "indeterminate"
    return "valid" if kind == "certificate" else "not-an-erasure"


def vector(name, codes="", payload=None, p7s=None, kind="certificate", **other):
    """One folder. `payload`: octets or a record; `p7s`: octets, or made by `signers` (default: the station);
    `trust`: a file of its own, or "none"; `at`: the time of judging; `stem`: other than the id; `beside`: more files,
    by what their names have after it; `verdict`: other than what codes and kind come to."""
    signers = other.get("signers") or [Signer(REHEARSAL if kind == "rehearsal" else STATION)]
    if payload is None:
        make = {"certificate": certificate, "attempt": attempt, "rehearsal": rehearsal}[kind]
        payload = make([each.certificate for each in signers])
    octets = payload if isinstance(payload, bytes) else canonical(payload)
    if p7s is None:
        p7s = signed_data(other.get("signed", octets), signers, kind, **other.get("cms", {}))
    stem = other.get("stem") or {"certificate": "QTS-EXAMPLE-00000001.qdc", "attempt": "QTS-EXAMPLE-00000002.qar",
                                 "rehearsal": "QTS-REHEARSAL-00000003.qrh"}[kind]
    files = {f"{stem}.json": octets, f"{stem}.p7s": p7s}
    files.update((f"{stem}{suffix}", content) for suffix, content in other.get("beside", {}).items())
    for missing in other.get("missing", ()):
        del files[f"{stem}{missing}"]
    trust = other.get("trust")
    if isinstance(trust, bytes):
        files["trust.pem"], trust = trust, "trust.pem"
    codes = codes.split()
    given = {"trust": trust, "at": other.get("at")}
    all_vectors.append(Vector(name, files, other.get("verdict") or verdict_of(kind, codes), codes, given))
