"""Detached CMS signatures, sound ones and, by the words of `Signer` and `signed_data`, broken ones."""
import hashlib

import der
from authority import ARC, ROLES, moment

DIGESTS = {"sha1": "1.3.14.3.2.26", "sha256": "2.16.840.1.101.3.4.2.1", "sha384": "2.16.840.1.101.3.4.2.2"}
SIGNED_AT = "2025-01-15T09:00:00Z"
CONTENT = {"certificate": f"{ARC}.20.1", "attempt": f"{ARC}.20.2", "destruction": f"{ARC}.20.3",
           "validation": f"{ARC}.20.4", "confirmation": f"{ARC}.20.5", "rehearsal": f"{ARC}.20.6"}
CONTENT_TYPE, MESSAGE_DIGEST, SIGNING_TIME = (f"1.2.840.113549.1.9.{n}" for n in (3, 4, 5))
SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.47"
ROLE, BINDING = f"{ARC}.21", f"{ARC}.22"


def digest_algorithm(name):
    return der.sequence(der.oid(DIGESTS[name]))


def attribute(kind, *values):
    return der.sequence(der.oid(kind), der.set_of(*values))


class Signer:
    """One SignerInfo over a payload. `change` edits the dictionary of signed attributes; `edit` the list
    that is made of it; `sign` False leaves them out."""

    def __init__(self, certificate, role=None, at=SIGNED_AT, digest=None, change=None, **other):
        self.certificate, self.role, self.at = certificate, role or certificate.role, moment(at)
        self.digest = digest or certificate.key.curve.digest
        self.change, self.other = change, other
        self.value = None

    def attributes(self, payload, content_type):
        reference = der.sequence(  # SHA-256 is the default of ESSCertIDv2 and left out
            digest_algorithm("sha384"), der.octets(hashlib.sha384(self.certificate.der).digest()))
        values = {
            CONTENT_TYPE: der.oid(content_type),
            MESSAGE_DIGEST: der.octets(hashlib.new(self.digest, payload).digest()),
            SIGNING_TIME: der.time(self.at),
            SIGNING_CERTIFICATE: der.sequence(der.sequence(reference)),
            ROLE: der.oid(f"{ARC}.{ROLES[self.role]}")}
        if bound := self.other.get("bound_to"):
            values[BINDING] = der.octets(hashlib.sha384(bound.value).digest())
        if self.change:
            self.change(values)
        attributes = [attribute(kind, value) for kind, value in values.items()]
        return sorted(self.other.get("edit", lambda each: each)(attributes))

    def info(self, payload, content_type):
        attributes = self.attributes(payload, content_type)
        unsigned = self.other.get("sign", True) is False
        signed = payload if unsigned else der.set_of(*attributes)
        self.signed = der.set_of(*attributes)
        self.value = self.other.get("value") or self.certificate.key.sign(signed, self.digest)
        return der.sequence(
            der.integer(self.other.get("version", 1)), self.certificate.identifier(),
            digest_algorithm(self.digest), b"" if unsigned else der.element(0xA0, *attributes),
            self.certificate.key.signature_algorithm(self.digest), der.octets(self.value),
            self.other.get("unsigned", b""))


def signed_data(payload, signers, kind="certificate", **other):
    content_type = CONTENT[kind]
    attribute_type = other.get("attribute_type", content_type)
    infos = [each.info(payload, attribute_type) for each in signers]
    certificates = {}
    for each in signers:
        at = each.certificate
        while at.issuer is not at:
            certificates[at.der] = None
            at = at.issuer
    for each in other.get("without", ()):
        certificates.pop(each.der, None)
    certificates.update((each.der, None) for each in other.get("extra", ()))
    content = der.context(0, der.octets(payload)) if other.get("encapsulated") else b""
    lists = b"".join(other.get("lists", ()))
    digests = other.get("digests", sorted({each.digest for each in signers}))
    data = der.sequence(
        der.integer(other.get("version", 3)), der.set_of(*map(digest_algorithm, digests)),
        der.sequence(der.oid(content_type), content), der.element(0xA0, *sorted(certificates)),
        der.element(0xA1, lists) if lists else b"", der.set_of(*infos))
    return der.sequence(der.oid("1.2.840.113549.1.7.2"), der.context(0, data))
