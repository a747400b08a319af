// Making CMS: one detached SignedData (RFC 5652) with the signed attributes of CAdES-BES.
#pragma once

#include "openssl_handles.hpp"

#include "quietus/crypto/signer.hpp"

namespace quietus {

/// Who signs, and when it is. Borrows everything.
struct CmsSignature {
    EVP_PKEY* key;
    const std::vector<CertificatePtr>& chain; ///< signer first, without the root
    Role role;
    std::int64_t signed_at;
};

/// The digest that goes with a key: as strong as its curve. Null when it is none we sign with.
[[nodiscard]] const EVP_MD* digest_for(const EVP_PKEY* key);

/// The DER; definite lengths only. Fault::evidence.
[[nodiscard]] Result<Bytes> make_cms(const CmsSignature& signature, std::string_view payload,
                                     DocumentType type);

} // namespace quietus
