#include "path_cache.hpp"

#include "signer_certificate.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace quietus {

std::string PathCache::digest_of(const X509* certificate) {
    std::array<unsigned char, 32> octets{};
    unsigned length = 0;
    // Of everything in it; an empty text when that fails, which is never kept.
    if (X509_digest(certificate, EVP_sha256(), octets.data(), &length) != 1) return {};
    return std::string(as_text({octets.data(), length}));
}

// All that the search for a path depends on but the time: other material might give another path.
std::string PathCache::key_of(X509* certificate, const SignerClaims& claims,
                              const SignedDocument& document) {
    std::string key(1, claims.role ? static_cast<char>('a' + static_cast<int>(*claims.role)) : '-');
    const std::string own = digest_of(certificate);
    if (own.empty()) return {};
    key += own;
    for (int i = 0; i < sk_X509_num(document.certificates); ++i) {
        const std::string other = digest_of(sk_X509_value(document.certificates, i));
        if (other.empty()) return {};
        key += other;
    }
    return key;
}

CertificateStack PathCache::find(X509* certificate, const SignerClaims& claims,
                                 const SignedDocument& document) {
    const auto known = paths_.find(key_of(certificate, claims, document));
    if (known == paths_.end() || *claims.signed_at < known->second.from ||
        *claims.signed_at > known->second.until)
        return nullptr;
    return CertificateStack(X509_chain_up_ref(known->second.path.get()));
}

void PathCache::keep(X509* certificate, const SignerClaims& claims, const SignedDocument& document,
                     STACK_OF(X509) * path) {
    std::int64_t from = INT64_MIN;
    std::int64_t until = INT64_MAX;
    for (int i = 0; i < sk_X509_num(path); ++i) {
        const auto begins = utc_seconds_of(X509_get0_notBefore(sk_X509_value(path, i)));
        const auto ends = utc_seconds_of(X509_get0_notAfter(sk_X509_value(path, i)));
        if (!begins || !ends) return;
        from = std::max(from, *begins);
        until = std::min(until, *ends);
    }
    std::string key = key_of(certificate, claims, document);
    if (key.empty() || path == nullptr) return;
    if (paths_.size() >= most) paths_.clear();
    paths_.insert_or_assign(std::move(key),
                            Known{CertificateStack(X509_chain_up_ref(path)), from, until});
}

} // namespace quietus
