#include "quietus/crypto/private_key.hpp"

#include "openssl_handles.hpp"

#include "quietus/core/ensure.hpp"

#include <openssl/ec.h>
#include <openssl/pem.h>

namespace quietus {
namespace {

// Without a callback of our own the library would prompt on the terminal.
int refuse_passphrase(char*, int, int, void* asked) {
    *static_cast<bool*>(asked) = true;
    return -1;
}

EVP_PKEY* generate_raw(KeyKind kind) {
    switch (kind) {
    case KeyKind::ecdsa_p384:
        return EVP_EC_gen("P-384");
    case KeyKind::ed25519:
        return EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
    }
    return nullptr;
}

} // namespace

PrivateKey::PrivateKey(std::unique_ptr<State> state) : state_(std::move(state)) {}
PrivateKey::PrivateKey(PrivateKey&&) noexcept = default;
PrivateKey& PrivateKey::operator=(PrivateKey&&) noexcept = default;
PrivateKey::~PrivateKey() = default; // EVP_PKEY_free clears the key material

Result<PrivateKey> PrivateKey::generate(KeyKind kind) {
    KeyPtr key(generate_raw(kind));
    if (!key) return openssl_error(Fault::evidence, "cannot make a key");
    return PrivateKey(std::make_unique<State>(State{std::move(key)}));
}

Result<PrivateKey> PrivateKey::from_pem(std::string_view pem) {
    bool asked = false;
    KeyPtr key(PEM_read_bio_PrivateKey(reading(pem).get(), nullptr, refuse_passphrase, &asked));
    if (!key && asked) {
        ERR_clear_error();
        return Error{Fault::unsupported, "the key is encrypted"};
    }
    if (!key) return openssl_error(Fault::invalid, "not a private key");
    return PrivateKey(std::make_unique<State>(State{std::move(key)}));
}

Secret PrivateKey::to_pem() const {
    const BioPtr memory(BIO_new(BIO_s_secmem())); // cleared when freed
    QUIETUS_ENSURE(memory != nullptr);
    QUIETUS_ENSURE(PEM_write_bio_PKCS8PrivateKey(memory.get(), state_->key.get(), nullptr, nullptr,
                                                 0, nullptr, nullptr) == 1);
    return Secret(std::string(written(memory.get())));
}

std::string PrivateKey::public_pem() const {
    const BioPtr memory(BIO_new(BIO_s_mem()));
    QUIETUS_ENSURE(memory != nullptr);
    QUIETUS_ENSURE(PEM_write_bio_PUBKEY(memory.get(), state_->key.get()) == 1);
    return std::string(written(memory.get()));
}

bool PrivateKey::matches_public(std::string_view public_key_pem) const {
    const KeyPtr other(
        PEM_read_bio_PUBKEY(reading(public_key_pem).get(), nullptr, nullptr, nullptr));
    const bool same = other && EVP_PKEY_eq(other.get(), state_->key.get()) == 1;
    ERR_clear_error();
    return same;
}

} // namespace quietus
