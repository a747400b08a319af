// Issuing certificates and revocation lists (RFC 5280): root -> issuing CA -> signer.
//
// Every certificate gets a random 159-bit serial number, key identifiers, and a signature with the
// issuer's key over SHA-384. Certificates and lists travel as PEM text. All functions:
// Fault::evidence when the library fails, Fault::invalid when the issuer's certificate cannot be
// read.
#pragma once

#include "quietus/core/result.hpp"
#include "quietus/crypto/private_key.hpp"
#include "quietus/crypto/signer.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace quietus {

/// A span of time, UTC seconds, both ends included.
struct Period {
    std::int64_t from = 0;
    std::int64_t until = 0;
};

/// Whom a certificate names, and for how long.
struct CertificateSubject {
    std::string common_name;
    std::string organisation;
    Period validity;
    bool self_issued = false; ///< adds the policy self_issued_policy_oid
};

/// What a signer certificate says in addition.
struct SignerSubject {
    CertificateSubject subject;
    Role role = Role::station;
    Period key_usage; ///< when its private key may sign (RFC 3280 clause 4.2.1.4)
};

/// A CA at work. Borrows both; they must outlive the call.
struct Issuer {
    const PrivateKey& key;
    std::string_view certificate; ///< PEM
};

/// Self-signed CA, at most one CA beneath it.
[[nodiscard]] Result<std::string> issue_root(const PrivateKey& key,
                                             const CertificateSubject& subject);
/// A CA that may issue signer certificates only (path length 0).
[[nodiscard]] Result<std::string> issue_issuing_ca(const Issuer& issuer, const PrivateKey& key,
                                                   const CertificateSubject& subject);
/// A signer's certificate: key usage digital signature and non-repudiation; extended key usage
/// document signing (RFC 9336), e-mail protection (without which stock tools refuse it) and the
/// role.
[[nodiscard]] Result<std::string> issue_signer(const Issuer& issuer, const PrivateKey& key,
                                               const SignerSubject& subject);
/// A revocation list without entries.
[[nodiscard]] Result<std::string> issue_empty_crl(const Issuer& issuer, const Period& validity);

} // namespace quietus
