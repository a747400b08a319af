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

/// The certificates in `chain`, when the first is of this key and the key is of a kind that signs
/// documents. Fault::invalid.
[[nodiscard]] Result<std::vector<CertificatePtr>> chain_for(const PrivateKey& key,
                                                            std::string_view chain);

/// The digest that goes with a key: as strong as its curve. Null when it is none we sign with.
[[nodiscard]] const EVP_MD* digest_for(const EVP_PKEY* key);

/// The DER; definite lengths only. Fault::evidence.
[[nodiscard]] Result<Bytes> make_cms(const CmsSignature& signature, std::string_view payload,
                                     DocumentType type);

/// The same SignedData with one more signer beside those it has, a witness bound to the station's
/// signature. Every older signer and certificate is in it octet for octet. Fault::evidence,
/// Fault::invalid when `p7s` is not in the DER that make_cms writes, or when a witness finds no
/// station to be bound to.
[[nodiscard]] Result<Bytes> add_to_cms(const CmsSignature& signature, std::string_view p7s,
                                       std::string_view payload);

} // namespace quietus
