"""Scenarios about signatures: the CMS object, certificates, revocation, and who signed."""
import hashlib

import authority
import der
import signature
from authority import ARC, DIGITAL_SIGNATURE, NON_REPUDIATION, ca, moment, revocation_list, signer, trust_file
from documents import canonical, certificate
from keys import P256
from signature import Signer, attribute, signed_data
from world import (ISSUING, ISSUING_LIST, OPERATOR, REPLACED, REPLACED_EARLY, ROOT, ROOT_LIST, STATION, STOLEN,
                   WITNESS, vector)


def with_attributes(name, codes, change=None, **other):
    vector(name, codes, signers=[Signer(STATION, change=change, **other)])


def attributes():
    vector("cms-no-signed-attributes", "E_SIG_NO_SIGNED_ATTRS E_ROLE_MISSING",
           signers=[Signer(STATION, sign=False)])
    genuine = Signer(STATION)
    genuine.info(canonical(certificate([STATION])), signature.CONTENT["certificate"])
    vector("cms-attribute-confusion", "E_SIG_NO_SIGNED_ATTRS E_ROLE_MISSING E_JSON_UTF8", payload=genuine.signed,
           signers=[Signer(STATION, sign=False, value=genuine.value)])
    with_attributes("cms-content-type-attribute", "E_SIG_CONTENT_TYPE_ATTR",
                    lambda values: values.update({signature.CONTENT_TYPE: der.oid(signature.CONTENT["attempt"])}))
    with_attributes("cms-no-content-type-attribute", "E_SIG_CONTENT_TYPE_ATTR E_SIGNATURE",
                    lambda values: values.pop(signature.CONTENT_TYPE))
    with_attributes("cms-no-message-digest", "E_DIGEST E_SIGNATURE", lambda values: values.pop(signature.MESSAGE_DIGEST))
    with_attributes("cms-no-signing-time", "E_SIG_TIME", lambda values: values.pop(signature.SIGNING_TIME))
    with_attributes("cms-no-role", "E_SIG_ROLE_ATTR E_ROLE_MISSING", lambda values: values.pop(signature.ROLE))
    with_attributes("cms-no-signing-certificate", "E_SIG_NO_ESS",
                    lambda values: values.pop(signature.SIGNING_CERTIFICATE))
    other = der.sequence(signature.digest_algorithm("sha384"), der.octets(hashlib.sha384(OPERATOR.der).digest()))
    with_attributes("cms-signing-certificate-of-another", "E_ESS_MISMATCH",
                    lambda values: values.update({signature.SIGNING_CERTIFICATE: der.sequence(der.sequence(other))}))
    payload = canonical(certificate([STATION]))
    second = attribute(signature.MESSAGE_DIGEST, der.octets(hashlib.sha384(payload).digest()))
    with_attributes("cms-attribute-twice", "E_SIG_DUP_ATTR E_DIGEST E_SIGNATURE", edit=lambda each: [*each, second])
    double = attribute(signature.ROLE, der.oid(f"{ARC}.1"), der.oid(f"{ARC}.2"))
    with_attributes("cms-attribute-of-two-values", "E_SIG_DUP_ATTR E_SIG_ROLE_ATTR E_ROLE_MISSING",
                    edit=lambda each: [a for a in each if der.oid(signature.ROLE) not in a] + [double])
    stray = attribute("1.2.840.113549.1.9.16.2.14", der.octets(b"a time stamp that nobody checked"))
    with_attributes("cms-unsigned-attributes", "E_SIG_UNSIGNED_ATTRS", unsigned=der.element(0xA1, stray))
    with_attributes("cms-wrong-value", "E_SIGNATURE", value=STATION.key.sign(b"something else"))
    with_attributes("cms-sha1", "E_ALG_DIGEST E_ESS_MISMATCH", digest="sha1", change=weak_reference)
    with_attributes("cms-short-digest", "E_ALG_DIGEST", digest="sha256")


def weak_reference(values):
    reference = der.sequence(signature.digest_algorithm("sha1"), der.octets(hashlib.sha1(STATION.der).digest()))
    values[signature.SIGNING_CERTIFICATE] = der.sequence(der.sequence(reference))


def indefinite(p7s):
    """The same with an outer length that is not given."""
    content = p7s[4:]
    return b"\x30\x80" + content + b"\x00\x00"


def structure():
    payload = canonical(certificate([STATION]))
    good = signed_data(payload, [Signer(STATION)])
    vector("trailing-bytes", "E_SIG_TRAILING", p7s=good + b"\n")
    vector("cms-indefinite-length", "E_SIG_NOT_DER", p7s=indefinite(good))
    vector("cms-garbage", "E_SIG_PARSE", p7s=b"no signature at all")
    vector("cms-empty", "E_SIG_PARSE", p7s=b"")
    data = der.sequence(der.oid("1.2.840.113549.1.7.1"), der.context(0, der.octets(payload)))
    vector("cms-plain-data", "E_SIG_TYPE", p7s=data)
    vector("cms-encapsulated", "E_SIG_NOT_DETACHED", cms={"encapsulated": True})
    vector("cms-content-type", "E_SIG_CONTENT_TYPE", p7s=signed_data(payload, [Signer(STATION)], "attempt"))
    vector("cms-content-type-mismatch", "E_SIG_CONTENT_TYPE E_SIG_CONTENT_TYPE_ATTR",
           p7s=signed_data(payload, [Signer(STATION)], "attempt", attribute_type=signature.CONTENT["certificate"]))
    vector("cms-version", "E_SIG_VERSION", cms={"version": 1})
    vector("cms-signer-version", "E_SIG_VERSION", signers=[Signer(STATION, version=3)])
    vector("cms-digest-list", "E_ALG_DIGEST", cms={"digests": ["sha256", "sha384"]})
    vector("cms-no-signer", "E_SIG_NO_SIGNER E_ROLE_MISSING E_SIG_EXTRA",
           p7s=signed_data(payload, [], extra=[ISSUING, STATION]))
    vector("cms-embedded-list", "E_SIG_EXTRA", cms={"lists": [ISSUING_LIST]})
    vector("cms-extra-certificate", "E_SIG_EXTRA", cms={"extra": [OPERATOR]})
    vector("cms-no-certificate", "E_SIG_NO_CERT E_ROLE_MISSING", cms={"without": [STATION]})
    many = [Signer(signer("EXAMPLE" if not n else f"Operator {n}", "operator" if n else "station", ISSUING))
            for n in range(9)]
    vector("cms-nine-signers", "E_SIG_TOO_MANY E_SIG_EXTRA", signers=many)


def one_signer(name, codes, certificate_of_it, **other):
    vector(name, codes, signers=[Signer(certificate_of_it)], **other)


def paths():
    vector("no-trust", "I_CHAIN_NO_TRUST", trust="none")
    rogue = ca("root of the test vectors", path_length=1, key_name="a root of the same name")
    vector("wrong-root", "E_CHAIN_UNTRUSTED", trust=trust_file([rogue], [revocation_list(rogue)]))
    vector("issuing-ca-missing", "E_CHAIN_UNTRUSTED", cms={"without": [ISSUING]})
    one_signer("valid-p256", "", signer("EXAMPLE", "station", ISSUING, key_name="a P-256 station", curve=P256))
    one_signer("certificate-expired", "E_CHAIN_EXPIRED",
               signer("EXAMPLE", "station", ISSUING, key_name="an expired station", until=moment("2025-01-10T00:00:00Z")))
    one_signer("certificate-not-yet-valid", "E_CHAIN_NOTYET",
               signer("EXAMPLE", "station", ISSUING, key_name="an early station", begin=moment("2025-01-20T00:00:00Z")))
    one_signer("usage-period-over", "E_KEY_PERIOD",
               signer("EXAMPLE", "station", ISSUING, key_name="a station past its period",
                      period=(authority.BEGIN, moment("2025-01-10T00:00:00Z"))))
    one_signer("usage-period-not-begun", "E_KEY_PERIOD",
               signer("EXAMPLE", "station", ISSUING, key_name="a station before its period",
                      period=(moment("2025-02-01T00:00:00Z"), authority.SIGNER_END)))
    one_signer("usage-period-missing", "E_KEY_PERIOD",
               signer("EXAMPLE", "station", ISSUING, key_name="a station without a period", period=(None, None)))
    one_signer("web-server-certificate", "E_CHAIN_EKU",
               signer("EXAMPLE", "station", ISSUING, key_name="a web server", usages=(authority.SERVER,)))
    one_signer("role-of-another", "E_CHAIN_EKU",
               signer("EXAMPLE", "station", ISSUING, key_name="an operator who claims to be a station",
                      usages=(authority.EMAIL, f"{ARC}.2")))
    one_signer("key-usage", "E_CHAIN_KU",
               signer("EXAMPLE", "station", ISSUING, key_name="a station for something else", usage=DIGITAL_SIGNATURE))
    one_signer("two-common-names", "E_CHAIN_NAME",
               signer("EXAMPLE", "station", ISSUING, key_name="a station of two names",
                      more=[("2.5.4.3", der.utf8("EXAMPLE"))]))
    for name, codes, between in [
            ("path-too-long", "E_CHAIN_PATHLEN", ca("a CA beneath the issuing CA", ISSUING, 0)),
            ("ca-that-is-none", "E_CHAIN_KU E_CHAIN_UNTRUSTED", no_ca()),
            ("ca-that-may-not-certify", "E_CHAIN_KU E_CHAIN_UNTRUSTED",
             ca("a CA for lists", ROOT, 0, usage=authority.LISTS)),
            ("ca-of-another-role", "E_CHAIN_EKU",
             ca("a CA for operators", ROOT, 0, [authority.extended_key_usage(authority.EMAIL, f"{ARC}.2")])),
            ("ca-of-another-name", "E_CHAIN_NAME",
             ca("a CA of a contractor", ROOT, 0, [authority.permitted_names(contractor())]))]:
        beneath = signer("EXAMPLE", "station", between, key_name=f"a station: {name}")
        lists = [ROOT_LIST, ISSUING_LIST, revocation_list(between)]
        one_signer(name, codes, beneath, trust=trust_file([ROOT], lists))
    limited = ca("a CA of a contractor", ROOT, 0, [authority.permitted_names(contractor())])
    within = signer("EXAMPLE", "station", limited, organisation="A Contractor", key_name="a station of a contractor")
    one_signer("valid-within-name-constraints", "", within,
               trust=trust_file([ROOT], [ROOT_LIST, revocation_list(limited)]))


def policies():
    """What a CA demands of those beneath it (RFC 5280 section 6.1); no verifier asks for a policy of its own."""
    one, other, every = "1.2.3.4", "1.2.3.5", "2.5.29.32.0"
    demand = [authority.policies(one), authority.policy_demanded()]

    def beneath(name, codes, ca_extensions, *station_extensions):
        between = ca(f"a CA: {name}", ROOT, 0, ca_extensions)
        station = signer("EXAMPLE", "station", between, key_name=f"a station: {name}", extensions=station_extensions)
        one_signer(name, codes, station, trust=trust_file([ROOT], [ROOT_LIST, revocation_list(between)]))

    beneath("valid-under-a-policy", "", demand, authority.policies(one, other))
    beneath("policy-of-another", "E_CHAIN_POLICY", demand, authority.policies(other))
    beneath("policy-none", "E_CHAIN_POLICY", demand)
    beneath("policy-twice", "E_CHAIN_POLICY", demand, authority.policies(one, one))
    beneath("valid-policy-not-demanded", "", [authority.policies(one)])
    beneath("valid-under-any-policy", "", demand, authority.policies(every))
    beneath("any-policy-ended", "E_CHAIN_POLICY", [*demand, authority.any_policy_ends()], authority.policies(every))
    beneath("valid-under-a-mapped-policy", "", [*demand, authority.policy_mapped(one, other)],
            authority.policies(other))
    beneath("policy-mapped-away", "E_CHAIN_POLICY", [*demand, authority.policy_mapped(one, other)],
            authority.policies(one))
    beneath("policy-demanded-by-the-station", "E_CHAIN_POLICY", [], authority.policy_demanded())
    beneath("valid-policy-demanded-later", "", [authority.policies(one), authority.policy_demanded(2)])


def no_ca():
    extensions = [authority.basic_constraints(False), authority.key_usage(authority.CERTIFICATES | authority.LISTS)]
    return authority.Certificate(authority.name("no CA at all"), ROOT, extensions, "no CA at all")


def contractor():
    return der.sequence(der.set_of(der.sequence(der.oid("2.5.4.10"), der.utf8("A Contractor"))))


def revocation():
    one_signer("revoked-key-compromise", "E_REVOKED", STOLEN)
    one_signer("revoked-after-signing", "", REPLACED)
    one_signer("revoked-before-signing", "E_REVOKED", REPLACED_EARLY)
    vector("list-missing", "I_REVOCATION_UNKNOWN", trust=trust_file([ROOT], [ROOT_LIST]))
    stale = revocation_list(ISSUING, end=moment("2025-01-10T00:00:00Z"))
    vector("list-stale", "E_CRL_STALE", trust=trust_file([ROOT], [ROOT_LIST, stale]))
    forged = revocation_list(ISSUING, key=OPERATOR.key)
    vector("list-forged", "E_CRL_SIG E_CRL_STALE", trust=trust_file([ROOT], [ROOT_LIST, forged]))
    vector("list-forged-beside-a-good-one", "E_CRL_SIG", trust=trust_file([ROOT], [ROOT_LIST, ISSUING_LIST, forged]))
    ended = revocation_list(ISSUING, end=moment("2025-03-01T00:00:00Z"))
    vector("list-ended-since", "I_CRL_STALE", trust=trust_file([ROOT], [ROOT_LIST, ended]))
    vector("list-not-ended-yet", trust=trust_file([ROOT], [ROOT_LIST, ended]), at="2025-02-01T00:00:00Z")
    later = revocation_list(ISSUING, begin=moment("2025-03-01T00:00:00Z"))
    vector("list-from-later", "I_REVOCATION_UNKNOWN", trust=trust_file([ROOT], [ROOT_LIST, later]),
           at="2025-02-01T00:00:00Z")
    vector("signed-after-judging", "E_TIME_WINDOW", at="2025-01-15T08:54:59Z")
    vector("signed-within-the-skew", at="2025-01-15T08:55:00Z")
    one_signer("certificate-ended-since", "I_CHAIN_EXPIRED",
               signer("EXAMPLE", "station", ISSUING, key_name="a station that ended", until=moment("2025-03-01T00:00:00Z")))
    revoked_ca = revocation_list(ROOT, [(ISSUING, moment("2025-01-05T00:00:00Z"), authority.KEY_COMPROMISE)])
    vector("issuing-ca-revoked", "E_REVOKED", trust=trust_file([ROOT], [revoked_ca, ISSUING_LIST]))


def people():
    station = Signer(STATION)
    vector("valid-operator", signers=[station, Signer(OPERATOR)])
    vector("valid-operator-and-witness", signers=[station, Signer(OPERATOR), Signer(WITNESS, bound_to=station)])
    required = certificate([STATION, OPERATOR, WITNESS])
    vector("witness-missing", "I_ROLE_MISSING", payload=required, signers=[station, Signer(OPERATOR)])
    vector("witness-and-operator-missing", "I_ROLE_MISSING", payload=required)
    vector("witness-unbound", "E_WITNESS_BINDING", signers=[station, Signer(WITNESS)])
    elsewhere = Signer(STATION)
    elsewhere.info(b"another payload", signature.CONTENT["certificate"])
    vector("witness-of-something-else", "E_WITNESS_BINDING", signers=[station, Signer(WITNESS, bound_to=elsewhere)])
    vector("witness-bound-to-the-operator", "E_WITNESS_BINDING",
           signers=[station, (operator := Signer(OPERATOR)), Signer(WITNESS, bound_to=operator)])
    vector("same-signer-twice", "E_ROLE_SAME_KEY E_ROLE_UNEXPECTED", signers=[Signer(STATION), Signer(STATION)])
    again = signer("jo  doe", "witness", ISSUING)
    vector("same-person-twice", "E_ROLE_SAME_PERSON", signers=[station, Signer(OPERATOR), Signer(again, bound_to=station)])
    number = [("2.5.4.5", der.element(0x13, b"P-4711"))]
    first, second = (signer(name, role, ISSUING, more=number)
                     for name, role in [("J. Doe", "operator"), ("Joanna Doe", "witness")])
    vector("same-person-by-number", "E_ROLE_SAME_PERSON", signers=[station, Signer(first), Signer(second, bound_to=station)])
    vector("signer-not-required", "E_ROLE_UNEXPECTED", payload=certificate([STATION]), signers=[station, Signer(OPERATOR)])
    vector("station-not-required", "E_ROLE_MISSING E_ROLE_UNEXPECTED I_ROLE_MISSING", payload=certificate([OPERATOR]))
    vector("station-did-not-sign", "E_ROLE_MISSING", signers=[Signer(OPERATOR)])
    vector("validator-signs-a-certificate", "E_ROLE_UNEXPECTED",
           signers=[station, Signer(signer("Val I. Dator", "validator", ISSUING))])


def define():
    attributes()
    structure()
    paths()
    policies()
    revocation()
    people()
