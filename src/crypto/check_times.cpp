#include "check_parts.hpp"
#include "signer_certificate.hpp"
#include "trust.hpp"

#include "quietus/core/clock.hpp"

namespace quietus {

void check_signing_time(const SignerClaims& claims, const TrustAnchors::State& trust,
                        Findings& findings) {
    if (claims.signed_at && trust.judged_at && *claims.signed_at > *trust.judged_at + clock_skew)
        findings.push_back({"E_TIME_WINDOW", "signed at " + to_rfc3339(*claims.signed_at) +
                                                 ", later than " + to_rfc3339(*trust.judged_at) +
                                                 ", as of which it is judged"});
}

// The time of signing is the signer's own word. Of a key whose certificate has ended nobody tells
// any more whether it was stolen, so somebody may have signed with it today and dated it back.
void check_expiry(STACK_OF(X509) * path, const TrustAnchors::State& trust, Findings& findings) {
    if (!trust.judged_at) return;
    for (int i = 0; i < sk_X509_num(path); ++i) {
        X509* certificate = sk_X509_value(path, i);
        const auto end = utc_seconds_of(X509_get0_notAfter(certificate));
        if (!end || *end < *trust.judged_at)
            findings.push_back(
                {"I_CHAIN_EXPIRED", "the certificate of " + escaped(common_name(certificate)) +
                                        " has expired since, and nothing but the signer's own word "
                                        "says that the signature is older"});
    }
}

} // namespace quietus
