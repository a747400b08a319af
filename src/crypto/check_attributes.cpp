#include "check_parts.hpp"
#include "der.hpp"
#include "signer_certificate.hpp"

#include "quietus/crypto/object_ids.hpp"

#include <openssl/ess.h>

#include <algorithm>
#include <array>
#include <set>

namespace quietus {
namespace {

// The value of a signed attribute that is there once with one value; null otherwise. Doubles are
// reported by check_single; here they are as good as missing.
const ASN1_TYPE* value_of(CMS_SignerInfo* signer, const ASN1_OBJECT* object, int type) {
    const int at = CMS_signed_get_attr_by_OBJ(signer, object, -1);
    if (at < 0 || CMS_signed_get_attr_by_OBJ(signer, object, at) >= 0) return nullptr;
    X509_ATTRIBUTE* attribute = CMS_signed_get_attr(signer, at);
    if (X509_ATTRIBUTE_count(attribute) != 1) return nullptr;
    const ASN1_TYPE* value = X509_ATTRIBUTE_get0_type(attribute, 0);
    return value != nullptr && value->type == type ? value : nullptr;
}

const ASN1_TYPE* value_of(CMS_SignerInfo* signer, int nid, int type) {
    return value_of(signer, OBJ_nid2obj(nid), type);
}

ByteView octets_of(const ASN1_STRING* string) {
    return {ASN1_STRING_get0_data(string), static_cast<std::size_t>(ASN1_STRING_length(string))};
}

void check_single(CMS_SignerInfo* signer, Findings& findings) {
    std::set<std::string> seen;
    for (int i = 0; i < CMS_signed_get_attr_count(signer); ++i) {
        X509_ATTRIBUTE* attribute = CMS_signed_get_attr(signer, i);
        const std::string object = dotted_of(X509_ATTRIBUTE_get0_object(attribute));
        if (!seen.insert(object).second || X509_ATTRIBUTE_count(attribute) != 1)
            findings.push_back(
                {"E_SIG_DUP_ATTR", "signed attribute " + object + " not exactly once"});
    }
}

void check_content_type(CMS_SignerInfo* signer, CMS_ContentInfo* cms, Findings& findings) {
    const ASN1_TYPE* value = value_of(signer, NID_pkcs9_contentType, V_ASN1_OBJECT);
    if (value == nullptr || OBJ_cmp(value->value.object, CMS_get0_eContentType(cms)) != 0)
        findings.push_back({"E_SIG_CONTENT_TYPE_ATTR",
                            "the signed content type is missing or not that of the signature"});
}

void check_digest(CMS_SignerInfo* signer, std::string_view payload, Findings& findings) {
    X509_ALGOR* algorithm = nullptr;
    CMS_SignerInfo_get0_algs(signer, nullptr, nullptr, &algorithm, nullptr);
    const auto digest = allowed_digest(algorithm);
    if (!digest) return; // check_algorithms says so
    std::array<unsigned char, EVP_MAX_MD_SIZE> expected{};
    unsigned length = 0;
    const bool computed = EVP_Digest(payload.data(), payload.size(), expected.data(), &length,
                                     EVP_get_digestbynid(*digest), nullptr) == 1;
    const ASN1_TYPE* value = value_of(signer, NID_pkcs9_messageDigest, V_ASN1_OCTET_STRING);
    if (!computed || value == nullptr ||
        !std::ranges::equal(octets_of(value->value.octet_string), ByteView(expected).first(length)))
        findings.push_back({"E_DIGEST", "the payload is not what was signed"});
}

// RFC 5652 clause 11.3: UTCTime through 2049, GeneralizedTime from 2050, whole seconds, Z; which is
// what ASN1_TIME_set makes.
std::optional<std::int64_t> signing_time(CMS_SignerInfo* signer) {
    const ASN1_TYPE* value = value_of(signer, NID_pkcs9_signingTime, V_ASN1_UTCTIME);
    if (value == nullptr) value = value_of(signer, NID_pkcs9_signingTime, V_ASN1_GENERALIZEDTIME);
    if (value == nullptr) return std::nullopt;
    const auto seconds = utc_seconds_of(value->value.asn1_string);
    if (!seconds) return std::nullopt;
    const TimePtr again(ASN1_TIME_set(nullptr, *seconds));
    if (!again || ASN1_STRING_cmp(again.get(), value->value.asn1_string) != 0) return std::nullopt;
    return seconds;
}

std::optional<Role> claimed_role(CMS_SignerInfo* signer) {
    const ASN1_TYPE* value = value_of(signer, object_of(role_attribute_oid).get(), V_ASN1_OBJECT);
    return value == nullptr ? std::nullopt : role_of_oid(dotted_of(value->value.object));
}

// One OCTET STRING; a binding that says anything else binds to nothing.
std::optional<Bytes> witness_binding(CMS_SignerInfo* signer) {
    const ObjectPtr object = object_of(witness_binding_oid);
    if (CMS_signed_get_attr_by_OBJ(signer, object.get(), -1) < 0) return std::nullopt;
    const ASN1_TYPE* value = value_of(signer, object.get(), V_ASN1_OCTET_STRING);
    if (value == nullptr) return Bytes{};
    const ByteView octets = octets_of(value->value.octet_string);
    return Bytes(octets.begin(), octets.end());
}

// Whether the first ESSCertIDv2 (RFC 5035 clause 4) hashes with SHA-256, the default, or better.
// An empty list would satisfy OSSL_ESS_check_signing_certs.
bool hashes_well(ByteView signing_certificate) {
    const auto whole = der::Reader(signing_certificate).next(der::sequence);
    if (!whole) return false;
    const auto list = der::Reader(whole->content).next(der::sequence);
    if (!list) return false;
    const auto first = der::Reader(list->content).next(der::sequence);
    if (!first) return false;
    const auto algorithm = der::Reader(first->content).next(der::sequence);
    if (!algorithm) return true;
    const unsigned char* at = algorithm->whole.data();
    const std::unique_ptr<X509_ALGOR, Releasing<X509_ALGOR_free>> read(
        d2i_X509_ALGOR(nullptr, &at, static_cast<long>(algorithm->whole.size())));
    return read && allowed_digest(read.get()).has_value();
}

// The signer first, as the check expects it, then the others it may name.
CertificateStack signer_first(X509* certificate, STACK_OF(X509) * embedded) {
    CertificateStack stack(sk_X509_new_null());
    X509_add_cert(stack.get(), certificate, X509_ADD_FLAG_UP_REF);
    X509_add_certs(stack.get(), embedded, X509_ADD_FLAG_UP_REF | X509_ADD_FLAG_NO_DUP);
    return stack;
}

void check_signing_certificate(CMS_SignerInfo* signer, X509* certificate, STACK_OF(X509) * embedded,
                               Findings& findings) {
    const ASN1_TYPE* value =
        value_of(signer, NID_id_smime_aa_signingCertificateV2, V_ASN1_SEQUENCE);
    if (value == nullptr) {
        findings.push_back({"E_SIG_NO_ESS", "no signing-certificate-v2 attribute"});
        return;
    }
    if (certificate == nullptr) return; // already a finding
    const ByteView octets = octets_of(value->value.sequence);
    const unsigned char* at = octets.data();
    const std::unique_ptr<ESS_SIGNING_CERT_V2, Releasing<ESS_SIGNING_CERT_V2_free>> read(
        d2i_ESS_SIGNING_CERT_V2(nullptr, &at, static_cast<long>(octets.size())));
    const CertificateStack chain = signer_first(certificate, embedded);
    if (!read || !hashes_well(octets) ||
        OSSL_ESS_check_signing_certs(nullptr, read.get(), chain.get(), 1) != 1)
        findings.push_back({"E_ESS_MISMATCH", "signed for another certificate"});
}

} // namespace

SignerClaims check_attributes(CMS_SignerInfo* signer, X509* certificate,
                              const SignedDocument& document, Findings& findings) {
    if (CMS_unsigned_get_attr_count(signer) >= 0)
        findings.push_back({"E_SIG_UNSIGNED_ATTRS", "attributes that nobody signed"});
    // Without signed attributes the signature is over the content alone, which anybody can pick to
    // be the attributes of a genuine signature.
    if (CMS_signed_get_attr_count(signer) <= 0) {
        findings.push_back({"E_SIG_NO_SIGNED_ATTRS", "no signed attributes"});
        return {};
    }
    check_single(signer, findings);
    check_content_type(signer, document.cms, findings);
    check_digest(signer, document.payload, findings);
    check_signing_certificate(signer, certificate, document.certificates, findings);
    SignerClaims claims{claimed_role(signer), signing_time(signer), witness_binding(signer)};
    if (!claims.role) findings.push_back({"E_SIG_ROLE_ATTR", "no role attribute of ours"});
    if (!claims.signed_at) findings.push_back({"E_SIG_TIME", "no well-formed signing time"});
    return claims;
}

} // namespace quietus
