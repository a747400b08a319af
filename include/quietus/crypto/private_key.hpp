// PrivateKey: an asymmetric key in memory, erased from it when the object goes.
#pragma once

#include "quietus/core/result.hpp"
#include "quietus/crypto/secret.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace quietus {

/// What quietus makes by itself: ECDSA P-384 for certificates and documents, Ed25519 for the log
/// (OpenSSL 3.0 cannot use it inside CMS).
enum class KeyKind : std::uint8_t { ecdsa_p384, ed25519 };

class PrivateKey {
  public:
    /// Fault::evidence when the library cannot make one.
    static Result<PrivateKey> generate(KeyKind kind);
    /// One unencrypted PKCS #8 key in PEM. Fault::unsupported when it is encrypted (nobody is asked
    /// for a passphrase), Fault::invalid for anything else that is no private key.
    static Result<PrivateKey> from_pem(std::string_view pem);
    /// The same of one that may be encrypted. Fault::refused when the passphrase does not open it.
    static Result<PrivateKey> from_pem(std::string_view pem, const Secret& passphrase);
    PrivateKey(PrivateKey&&) noexcept;
    PrivateKey& operator=(PrivateKey&&) noexcept;
    ~PrivateKey();

    /// PKCS #8, unencrypted (RFC 5958, RFC 7468).
    [[nodiscard]] Secret to_pem() const;
    /// PKCS #8, encrypted: PBES2 with AES-256-CBC and PBKDF2 over HMAC-SHA-256 (RFC 8018).
    [[nodiscard]] Secret to_pem(const Secret& passphrase) const;
    /// SubjectPublicKeyInfo in PEM.
    [[nodiscard]] std::string public_pem() const;
    /// Whether both hold the same key pair.
    [[nodiscard]] bool matches_public(std::string_view public_key_pem) const;

    struct State;
    [[nodiscard]] const State& state() const { return *state_; }

  private:
    explicit PrivateKey(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

} // namespace quietus
