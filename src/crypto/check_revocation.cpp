#include "check_parts.hpp"
#include "signer_certificate.hpp"
#include "trust.hpp"

namespace quietus {
namespace {

// A complete list for its issuer: no delta, no partition, nothing critical that we do not know
// (RFC 5280 clause 5.2: then it must not be used to tell that a certificate is good).
bool is_complete(const X509_CRL* crl) {
    for (int i = 0; i < X509_CRL_get_ext_count(crl); ++i)
        if (X509_EXTENSION_get_critical(X509_CRL_get_ext(crl, i)) != 0) return false;
    return X509_CRL_get_ext_by_NID(crl, NID_issuing_distribution_point, -1) < 0;
}

bool is_by(const X509_CRL* crl, const X509* issuer) {
    return X509_NAME_cmp(X509_CRL_get_issuer(crl), X509_get_subject_name(issuer)) == 0;
}

bool is_signed_by(X509_CRL* crl, X509* issuer) {
    const bool may = (X509_get_key_usage(issuer) & KU_CRL_SIGN) != 0;
    const bool holds = may && X509_CRL_verify(crl, X509_get0_pubkey(issuer)) == 1;
    ERR_clear_error();
    return holds;
}

// Reasons for which the key itself stays good: signatures made before the revocation stay valid.
// With any other reason somebody else may hold the key, and the signing time, being the signer's
// own word, proves nothing.
bool is_harmless_before(const X509_REVOKED* entry) {
    using ReasonPtr = std::unique_ptr<ASN1_ENUMERATED, Releasing<ASN1_ENUMERATED_free>>;
    const ReasonPtr reason(static_cast<ASN1_ENUMERATED*>(
        X509_REVOKED_get_ext_d2i(entry, NID_crl_reason, nullptr, nullptr)));
    if (!reason) return false;
    const long value = ASN1_ENUMERATED_get(reason.get());
    return value == CRL_REASON_AFFILIATION_CHANGED || value == CRL_REASON_SUPERSEDED ||
           value == CRL_REASON_CESSATION_OF_OPERATION;
}

bool is_revoked(const X509_REVOKED* entry, std::int64_t signed_at) {
    const auto since = utc_seconds_of(X509_REVOKED_get0_revocationDate(entry));
    return !since || !is_harmless_before(entry) || signed_at >= *since;
}

struct Lookup {
    X509* certificate;
    X509* issuer;
    std::int64_t signed_at;
};

// Whether this list says, for the time of signing, how the certificate stood.
bool consult(X509_CRL* crl, const Lookup& lookup, Findings& findings) {
    if (!is_signed_by(crl, lookup.issuer)) {
        findings.push_back({"E_CRL_SIG", "a revocation list is not signed by its issuer"});
        return false;
    }
    X509_REVOKED* entry = nullptr;
    if (X509_CRL_get0_by_cert(crl, &entry, lookup.certificate) != 0 && entry != nullptr &&
        is_revoked(entry, lookup.signed_at))
        findings.push_back(
            {"E_REVOKED",
             "the certificate of " + escaped(common_name(lookup.certificate)) + " is revoked"});
    const auto until = utc_seconds_of(X509_CRL_get0_nextUpdate(crl));
    return until && *until >= lookup.signed_at;
}

void check_one(const Lookup& lookup, const TrustAnchors::State& trust, Findings& findings) {
    bool found = false;
    bool current = false;
    for (const CrlPtr& crl : trust.crls) {
        if (!is_by(crl.get(), lookup.issuer) || !is_complete(crl.get())) continue;
        found = true;
        current = consult(crl.get(), lookup, findings) || current;
    }
    const std::string who = escaped(common_name(lookup.certificate));
    if (!found)
        findings.push_back({"I_REVOCATION_UNKNOWN", "no revocation list for " + who});
    else if (!current)
        findings.push_back(
            {"E_CRL_STALE", "no revocation list for " + who + " reaches the time of signing"});
}

} // namespace

void check_revocation(STACK_OF(X509) * path, std::int64_t signed_at,
                      const TrustAnchors::State& trust, Findings& findings) {
    for (int i = 0; i + 1 < sk_X509_num(path); ++i)
        check_one({sk_X509_value(path, i), sk_X509_value(path, i + 1), signed_at}, trust, findings);
}

} // namespace quietus
