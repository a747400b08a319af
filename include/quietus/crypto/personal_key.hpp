// PersonalKey: a person's private key with its certificate, to sign beside those who signed before.
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/core/result.hpp"
#include "quietus/crypto/private_key.hpp"
#include "quietus/crypto/signer.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace quietus {

/// Signs as told; whether what it made holds is for the caller to check before anybody relies on
/// it.
class PersonalKey {
  public:
    /// `chain` is PEM: the person's certificate first, then its issuing CAs, without the root.
    /// Fault::invalid when key and certificate do not belong together, or when the certificate
    /// lacks a role, a key usage period, or a key that can sign CMS (ECDSA P-256, P-384, P-521).
    static Result<PersonalKey> make(PrivateKey key, std::string_view chain);

    [[nodiscard]] const SignerIdentity& identity() const { return identity_; }

    /// `p7s` with one more signature over the same payload, and every older one in it octet for
    /// octet. A witness is bound to the station's signature. `now` is the signing time, UTC
    /// seconds. Fault::refused outside the key usage period, Fault::invalid when `p7s` is not a
    /// document's, Fault::evidence.
    [[nodiscard]] Result<Bytes> sign_beside(std::string_view p7s, std::string_view payload,
                                            std::int64_t now) const;
    /// A detached signature of its own. The same faults.
    [[nodiscard]] Result<Bytes> sign(std::string_view payload, DocumentType type,
                                     std::int64_t now) const;

  private:
    PersonalKey(SignerIdentity identity, PrivateKey key, std::string chain);
    [[nodiscard]] Status check_period(std::int64_t now) const;

    SignerIdentity identity_;
    PrivateKey key_;
    std::string chain_;
};

} // namespace quietus
