#include "quietus/crypto/signer_chain.hpp"

#include "check_parts.hpp"
#include "pem.hpp"
#include "signer_certificate.hpp"
#include "trust.hpp"

namespace quietus {
namespace {

bool is_own_issuer(X509* certificate) {
    return X509_NAME_cmp(X509_get_subject_name(certificate), X509_get_issuer_name(certificate)) ==
           0;
}

CertificateStack stack_of(const std::vector<CertificatePtr>& certificates) {
    CertificateStack stack(sk_X509_new_null());
    for (const CertificatePtr& each : certificates)
        X509_add_cert(stack.get(), each.get(), X509_ADD_FLAG_UP_REF);
    return stack;
}

} // namespace

std::vector<CheckFinding> check_signer_chain(std::string_view chain, const TrustAnchors& trust,
                                             std::int64_t at) {
    const auto content = read_pem(chain);
    if (!content || content->certificates.empty()) return {{"E_CHAIN_UNTRUSTED", "no certificate"}};
    X509* signer = content->certificates.front().get();
    const auto roles = granted_roles(signer);
    SignerClaims claims;
    claims.signed_at = at;
    if (roles.size() == 1) claims.role = roles.front();
    const CertificateStack embedded = stack_of(content->certificates);
    const SignedDocument nothing{nullptr, embedded.get(), {}, DocumentType::attempt, trust.state()};
    Findings findings;
    check_permissions(signer, claims, findings);
    const CertificateStack path = check_path(signer, claims, nothing, findings);
    if (path) check_revocation(path.get(), at, trust.state(), findings);
    ERR_clear_error();
    return findings;
}

Result<std::string> without_roots(std::string_view chain) {
    const auto content = read_pem(chain);
    if (!content) return content.error();
    if (!content->crls.empty())
        return Error{Fault::invalid, "a revocation list among the certificates"};
    std::string kept;
    for (const CertificatePtr& each : content->certificates)
        if (!is_own_issuer(each.get())) kept += to_pem(each.get());
    if (kept.empty()) return Error{Fault::invalid, "no certificate that a CA issued"};
    return kept;
}

Result<AnchorParts> split_anchors(std::string_view pem) {
    const auto content = read_pem(pem);
    if (!content) return content.error();
    AnchorParts parts;
    for (const CertificatePtr& root : content->certificates)
        parts.roots += to_pem(root.get());
    for (const CrlPtr& list : content->crls)
        parts.lists += to_pem(list.get());
    if (parts.roots.empty()) return Error{Fault::invalid, "no certificate in it"};
    return parts;
}

} // namespace quietus
