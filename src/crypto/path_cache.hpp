// PathCache: what verifying one document established about certificates, kept for the next.
//
// A station signs thousands of documents with one certificate. Its path, and the signatures on the
// revocation lists, are verified once; each document's own signature, its times, its roles and the
// entries of the lists are looked at every time.
#pragma once

#include "check_parts.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <utility>

namespace quietus {

class PathCache {
  public:
    /// A path that was good for this certificate, role and embedded material and whose certificates
    /// are all valid at the time of signing; empty when none is known.
    [[nodiscard]] CertificateStack find(X509* certificate, const SignerClaims& claims,
                                        const SignedDocument& document);
    /// Remembers a path without any finding.
    void keep(X509* certificate, const SignerClaims& claims, const SignedDocument& document,
              STACK_OF(X509) * path);

    /// What `verify` says of this list and issuer, asked once. The lists must outlive the cache.
    template <typename Verify>
    bool is_signed_by(X509_CRL* list, X509* issuer, Verify verify) {
        const auto key = std::pair<const X509_CRL*, std::string>(list, digest_of(issuer));
        if (const auto known = lists_.find(key); known != lists_.end()) return known->second;
        if (lists_.size() >= most) lists_.clear();
        return lists_[key] = verify(list, issuer);
    }

  private:
    struct Known {
        CertificateStack path;
        std::int64_t from; ///< when all its certificates are valid, UTC seconds, both included
        std::int64_t until;
    };
    /// Whoever sends documents may not fill the memory.
    static constexpr std::size_t most = 1000;

    [[nodiscard]] static std::string digest_of(const X509* certificate);
    [[nodiscard]] static std::string key_of(X509* certificate, const SignerClaims& claims,
                                            const SignedDocument& document);

    std::map<std::string, Known> paths_;
    std::map<std::pair<const X509_CRL*, std::string>, bool> lists_;
};

} // namespace quietus
