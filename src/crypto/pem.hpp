// Certificates and revocation lists in PEM text (RFC 7468), each block exact DER.
#pragma once

#include "openssl_handles.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace quietus {

struct PemContent {
    std::vector<CertificatePtr> certificates;
    std::vector<CrlPtr> crls;
};

/// Everything in the text, in its order. Fault::invalid for a block of another kind, an encrypted
/// one, or one that is not exactly one object.
[[nodiscard]] Result<PemContent> read_pem(std::string_view text);

[[nodiscard]] std::string to_pem(X509* certificate);
[[nodiscard]] std::string to_pem(X509_CRL* crl);

} // namespace quietus
