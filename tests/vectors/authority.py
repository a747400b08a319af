"""Certificates and revocation lists of an authority that exists for vectors only."""
import base64
import datetime
import hashlib

import der
from keys import Key

ARC = "2.25.1831565813"
ORGANISATION = "quietus test vectors (public keys and public secrets)"
ROLES = {"station": 1, "operator": 2, "witness": 3, "validator": 4, "rehearsal": 9}
DOCUMENT_SIGNING, EMAIL, SERVER = "1.3.6.1.5.5.7.3.36", "1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.1"
DIGITAL_SIGNATURE, NON_REPUDIATION, CERTIFICATES, LISTS = 0x80, 0x40, 0x04, 0x02


def moment(text):
    return datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")


BEGIN, END = moment("2025-01-01T00:00:00Z"), moment("2055-01-01T00:00:00Z")
SIGNER_END = moment("2045-01-01T00:00:00Z")


def name(common_name, organisation=ORGANISATION, more=()):
    parts = [("2.5.4.10", der.utf8(organisation)), ("2.5.4.3", der.utf8(common_name)), *more]
    return der.sequence(*(der.set_of(der.sequence(der.oid(kind), text)) for kind, text in parts))


def extension(oid, value, critical=False):
    return der.sequence(der.oid(oid), der.boolean(True) if critical else b"", der.octets(value))


def key_usage(octet):
    unused = (octet & -octet).bit_length() - 1
    return extension("2.5.29.15", der.bits(bytes([octet]), unused), critical=True)


def basic_constraints(is_ca, path_length=None):
    length = b"" if path_length is None else der.integer(path_length)
    return extension("2.5.29.19", der.sequence(der.boolean(True) + length if is_ca else b""), critical=True)


def extended_key_usage(*oids):
    return extension("2.5.29.37", der.sequence(*map(der.oid, oids)))


def usage_period(begin, end):
    content = [begin.strftime("%Y%m%d%H%M%SZ").encode(), end.strftime("%Y%m%d%H%M%SZ").encode()]
    return extension("2.5.29.16", der.sequence(der.element(0x80, content[0]), der.element(0x81, content[1])))


def policies(*oids):
    return extension("2.5.29.32", der.sequence(*(der.sequence(der.oid(each)) for each in oids)))


def policy_demanded(after=0):
    return extension("2.5.29.36", der.sequence(der.element(0x80, bytes([after]))), critical=True)


def policy_mapped(issuers, subjects):
    pair = der.sequence(der.oid(issuers), der.oid(subjects))
    return extension("2.5.29.33", der.sequence(pair), critical=True)


def any_policy_ends(after=0):
    return extension("2.5.29.54", der.integer(after), critical=True)


def permitted_names(subject):
    subtree = der.sequence(der.context(4, subject))
    return extension("2.5.29.30", der.sequence(der.context(0, subtree)), critical=True)


class Certificate:
    """`extensions` come after the key identifiers; the key is made from `key_name`."""

    def __init__(self, subject, issuer, extensions, key_name, begin=BEGIN, end=END, curve=None):
        self.subject = subject
        self.key = Key(key_name, *([curve] if curve else []))
        self.issuer = issuer or self
        self.serial = int.from_bytes(hashlib.sha256(key_name.encode() + subject).digest()[:16], "big") >> 1
        identifiers = [
            extension("2.5.29.14", der.octets(self.key.identifier())),
            extension("2.5.29.35", der.sequence(der.element(0x80, self.issuer.key.identifier())))]
        algorithm = self.issuer.key.signature_algorithm()
        body = der.sequence(
            der.context(0, der.integer(2)), der.integer(self.serial), algorithm, self.issuer.subject,
            der.sequence(der.time(begin), der.time(end)), subject, self.key.public(),
            der.context(3, der.sequence(*identifiers, *extensions)))
        self.der = der.sequence(body, algorithm, der.bits(self.issuer.key.sign(body)))

    def sha256(self):
        return hashlib.sha256(self.der).hexdigest()

    def identifier(self):
        return der.sequence(self.issuer.subject, der.integer(self.serial))


def ca(common_name, issuer=None, path_length=None, more=(), usage=CERTIFICATES | LISTS, **other):
    extensions = [basic_constraints(True, path_length), key_usage(usage), *more]
    return Certificate(name(common_name), issuer, extensions, other.pop("key_name", common_name), **other)


def signer(common_name, role, issuer, **other):
    """Somebody who may sign in a role, unless `other` says otherwise."""
    begin, end = other.pop("period", (BEGIN, SIGNER_END))
    usages = other.pop("usages", (DOCUMENT_SIGNING, EMAIL, f"{ARC}.{ROLES[role]}"))
    extensions = [
        basic_constraints(False), key_usage(other.pop("usage", DIGITAL_SIGNATURE | NON_REPUDIATION)),
        extended_key_usage(*usages), *([usage_period(begin, end)] if begin else []),
        *other.pop("extensions", [])]
    subject = name(common_name, **{key: other.pop(key) for key in ("organisation", "more") if key in other})
    key_name = other.pop("key_name", f"{common_name}, {role}")
    certificate = Certificate(subject, issuer, extensions, key_name, end=other.pop("until", SIGNER_END), **other)
    certificate.role = role
    return certificate


SUPERSEDED, KEY_COMPROMISE = 4, 1


def revocation_list(issuer, revoked=(), begin=BEGIN, end=END, key=None):
    """`revoked`: certificate, day, reason."""
    entries = [
        der.sequence(der.integer(each.serial), der.time(day),
                     der.sequence(extension("2.5.29.21", der.enumerated(reason))))
        for each, day, reason in revoked]
    signing = key or issuer.key
    extensions = [
        extension("2.5.29.35", der.sequence(der.element(0x80, issuer.key.identifier()))),
        extension("2.5.29.20", der.integer(1))]
    body = der.sequence(
        der.integer(1), signing.signature_algorithm(), issuer.subject, der.time(begin), der.time(end),
        der.sequence(*entries) if entries else b"", der.context(0, der.sequence(*extensions)))
    return der.sequence(body, signing.signature_algorithm(), der.bits(signing.sign(body)))


def pem(label, content):
    text = base64.b64encode(content).decode()
    lines = [text[at:at + 64] for at in range(0, len(text), 64)]
    return "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""])


def trust_file(roots, lists):
    return "".join([pem("CERTIFICATE", each.der) for each in roots] +
                   [pem("X509 CRL", each) for each in lists]).encode()
