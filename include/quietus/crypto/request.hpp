// Certification requests (PKCS #10, RFC 2986): asking a CA for a signer's certificate.
#pragma once

#include "quietus/core/result.hpp"
#include "quietus/crypto/private_key.hpp"
#include "quietus/crypto/signer.hpp"

#include <string>

namespace quietus {

struct CertificateWish {
    std::string subject; ///< what comes before the common name, as openssl writes it: "/C=GB/O=X"
    std::string common_name;
    Role role = Role::station;
};

/// PEM, signed with the key. Asks for the usages of a signer in this role; when its key may sign is
/// for the CA to say. Fault::usage when the subject is not of that form, names an attribute that
/// OpenSSL does not know, or a common name of its own; Fault::evidence.
[[nodiscard]] Result<std::string> make_request(const PrivateKey& key, const CertificateWish& wish);

} // namespace quietus
