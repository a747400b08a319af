#include "check_parts.hpp"
#include "signer_certificate.hpp"
#include "trust.hpp"

#include "quietus/core/clock.hpp"

#include <algorithm>

namespace quietus {
namespace {

// A complete list for its issuer: no delta, no partition, nothing critical that we do not know
// (RFC 5280 clause 5.2: then it must not be used to tell that a certificate is good).
bool is_complete(const X509_CRL* crl) {
    for (int i = 0; i < X509_CRL_get_ext_count(crl); ++i)
        if (X509_EXTENSION_get_critical(X509_CRL_get_ext(crl, i)) != 0) return false;
    return X509_CRL_get_ext_by_NID(crl, NID_issuing_distribution_point, -1) < 0;
}

// A CA that changed its key keeps its name; the key identifier tells the lists of both keys apart.
bool is_of_another_key(const X509_CRL* crl, X509* issuer) {
    using KeyIdPtr = std::unique_ptr<AUTHORITY_KEYID, Releasing<AUTHORITY_KEYID_free>>;
    const KeyIdPtr named(static_cast<AUTHORITY_KEYID*>(
        X509_CRL_get_ext_d2i(crl, NID_authority_key_identifier, nullptr, nullptr)));
    const ASN1_OCTET_STRING* own = X509_get0_subject_key_id(issuer);
    return named && named->keyid != nullptr && own != nullptr &&
           ASN1_OCTET_STRING_cmp(named->keyid, own) != 0;
}

bool is_by(const X509_CRL* crl, X509* issuer) {
    return X509_NAME_cmp(X509_CRL_get_issuer(crl), X509_get_subject_name(issuer)) == 0 &&
           !is_of_another_key(crl, issuer);
}

bool is_weakly_signed(const X509_CRL* crl) {
    constexpr int least_bits = 256;
    int digest = NID_undef;
    if (OBJ_find_sigid_algs(X509_CRL_get_signature_nid(crl), &digest, nullptr) != 1) return true;
    const EVP_MD* method = EVP_get_digestbynid(digest); // null for RSA-PSS: in its parameters
    return method != nullptr && 8 * EVP_MD_get_size(method) < least_bits;
}

bool is_signed_by(X509_CRL* crl, X509* issuer) {
    const bool may = (X509_get_key_usage(issuer) & KU_CRL_SIGN) != 0 && !is_weakly_signed(crl);
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

// An entry with a critical extension that we do not know may say anything (RFC 5280 clause 5.3).
bool is_understood(const X509_REVOKED* entry) {
    for (int i = 0; i < X509_REVOKED_get_ext_count(entry); ++i)
        if (X509_EXTENSION_get_critical(X509_REVOKED_get_ext(entry, i)) != 0) return false;
    return true;
}

// Since when the certificate is no good: the CA may know of an earlier day than that of the entry.
std::optional<std::int64_t> invalid_since(const X509_REVOKED* entry) {
    const auto revoked = utc_seconds_of(X509_REVOKED_get0_revocationDate(entry));
    const TimePtr date(static_cast<ASN1_TIME*>(
        X509_REVOKED_get_ext_d2i(entry, NID_invalidity_date, nullptr, nullptr)));
    if (!date || !revoked) return revoked;
    const auto invalid = utc_seconds_of(date.get());
    return invalid ? std::optional(std::min(*invalid, *revoked)) : std::nullopt;
}

bool is_revoked(const X509_REVOKED* entry, std::int64_t signed_at) {
    const auto since = invalid_since(entry);
    return !since || !is_understood(entry) || !is_harmless_before(entry) || signed_at >= *since;
}

struct Lookup {
    X509* certificate;
    X509* issuer;
    std::int64_t signed_at;
    std::int64_t judged_at;
    PathCache& known;
};

// How far the lists of one issuer tell.
struct Reach {
    bool found = false;
    bool signing = false; ///< one reaches the time of signing
    bool judging = false; ///< one reaches the time of judging
};

void consult(X509_CRL* crl, const Lookup& lookup, Reach& reach, Findings& findings) {
    if (!lookup.known.is_signed_by(crl, lookup.issuer, is_signed_by)) {
        findings.push_back({"E_CRL_SIG", "a revocation list is not signed by its issuer"});
        return;
    }
    X509_REVOKED* entry = nullptr;
    if (X509_CRL_get0_by_cert(crl, &entry, lookup.certificate) != 0 && entry != nullptr &&
        is_revoked(entry, lookup.signed_at))
        findings.push_back(
            {"E_REVOKED",
             "the certificate of " + escaped(common_name(lookup.certificate)) + " is revoked"});
    const auto until = utc_seconds_of(X509_CRL_get0_nextUpdate(crl));
    reach.signing = reach.signing || (until && *until >= lookup.signed_at);
    reach.judging = reach.judging || (until && *until >= lookup.judged_at);
}

bool is_known_yet(const X509_CRL* crl, const TrustAnchors::State& trust) {
    const auto since = utc_seconds_of(X509_CRL_get0_lastUpdate(crl));
    return since && (!trust.judged_at || *since <= *trust.judged_at + clock_skew);
}

void check_one(const Lookup& lookup, const TrustAnchors::State& trust, Findings& findings) {
    Reach reach;
    for (const CrlPtr& crl : trust.crls) {
        if (!is_by(crl.get(), lookup.issuer) || !is_complete(crl.get()) ||
            !is_known_yet(crl.get(), trust))
            continue;
        reach.found = true;
        consult(crl.get(), lookup, reach, findings);
    }
    const std::string who = escaped(common_name(lookup.certificate));
    if (!reach.found)
        findings.push_back({"I_REVOCATION_UNKNOWN", "no revocation list for " + who});
    else if (!reach.signing)
        findings.push_back(
            {"E_CRL_STALE", "no revocation list for " + who + " reaches the time of signing"});
    else if (!reach.judging)
        findings.push_back({"I_CRL_STALE", "no revocation list for " + who + " reaches " +
                                               to_rfc3339(lookup.judged_at) +
                                               ", as of which it is judged"});
}

} // namespace

void check_revocation(STACK_OF(X509) * path, std::int64_t signed_at,
                      const TrustAnchors::State& trust, Findings& findings) {
    const std::int64_t judged_at = trust.judged_at.value_or(signed_at);
    for (int i = 0; i + 1 < sk_X509_num(path); ++i)
        check_one(
            {sk_X509_value(path, i), sk_X509_value(path, i + 1), signed_at, judged_at, trust.known},
            trust, findings);
}

} // namespace quietus
