// The parts of check_signature, one file each: structure, attributes, algorithms, times, path,
// revocation; roles have a header of their own.
//
// Each adds its findings and goes on as far as what it looks at allows: all findings are reported.
#pragma once

#include "openssl_handles.hpp"

#include "quietus/crypto/cms.hpp"

#include <optional>

namespace quietus {

using Findings = std::vector<CheckFinding>;

/// By how much clocks of honest people may differ, seconds.
inline constexpr std::int64_t clock_skew = 300;

/// What the parts share about one document. Borrows everything.
struct SignedDocument {
    CMS_ContentInfo* cms;
    STACK_OF(X509) * certificates; ///< embedded ones: material for paths, never trusted
    std::string_view payload;
    DocumentType type;
    const TrustAnchors::State& trust;
};

/// What a signer's attributes say, as far as they say it well.
struct SignerClaims {
    std::optional<Role> role;
    std::optional<std::int64_t> signed_at;
    std::optional<Bytes> bound_to; ///< of the witness binding; empty when it is malformed
};

/// The outer form: SignedData in exact DER of the profile. Null when it cannot be read at all.
[[nodiscard]] CmsPtr check_structure(std::string_view p7s, DocumentType type, Findings& findings);

/// The signed and unsigned attributes, the message digest, and the certificate hash against
/// `certificate` (null when it is not embedded).
[[nodiscard]] SignerClaims check_attributes(CMS_SignerInfo* signer, X509* certificate,
                                            const SignedDocument& document, Findings& findings);

/// The allow-list. False when the signature must not or cannot be tried.
[[nodiscard]] bool check_algorithms(CMS_SignerInfo* signer, X509* certificate, Findings& findings);

/// What the certificate itself permits its holder: usage, role, private-key usage period.
void check_permissions(X509* certificate, const SignerClaims& claims, Findings& findings);

/// The claimed time of signing against the time of judging.
void check_signing_time(const SignerClaims& claims, const TrustAnchors::State& trust,
                        Findings& findings);
/// Whether the path still stood at the time of judging.
void check_expiry(STACK_OF(X509) * path, const TrustAnchors::State& trust, Findings& findings);

/// From the signer to a pinned root at the time of signing, both ends included; empty when there is
/// no such path.
[[nodiscard]] CertificateStack check_path(X509* certificate, const SignerClaims& claims,
                                          const SignedDocument& document, Findings& findings);

/// Every certificate of the path but the root, against the revocation lists that came with the
/// anchors.
void check_revocation(STACK_OF(X509) * path, std::int64_t signed_at,
                      const TrustAnchors::State& trust, Findings& findings);

/// The digest NID of an allow-listed digest algorithm; nothing otherwise.
[[nodiscard]] std::optional<int> allowed_digest(const X509_ALGOR* algorithm);

} // namespace quietus
