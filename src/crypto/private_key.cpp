#include "quietus/crypto/private_key.hpp"

#include "openssl_handles.hpp"

#include "quietus/core/ensure.hpp"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#include <algorithm>

namespace quietus {
namespace {

// Without a callback of our own the library would prompt on the terminal.
int refuse_passphrase(char*, int, int, void* asked) {
    *static_cast<bool*>(asked) = true;
    return -1;
}

int give_passphrase(char* buffer, int size, int, void* given) {
    const std::string_view passphrase = static_cast<const Secret*>(given)->view();
    if (passphrase.size() > static_cast<std::size_t>(size)) return -1;
    std::ranges::copy(passphrase, buffer);
    return static_cast<int>(passphrase.size());
}

// What OWASP asked for in 2023: about half a second for each guess on one core.
constexpr int derivation_rounds = 600'000;

using EncryptedKeyPtr = std::unique_ptr<X509_SIG, Releasing<X509_SIG_free>>;
using PlainKeyPtr = std::unique_ptr<PKCS8_PRIV_KEY_INFO, Releasing<PKCS8_PRIV_KEY_INFO_free>>;

EncryptedKeyPtr encrypted(const EVP_PKEY* key, std::string_view passphrase) {
    const PlainKeyPtr plain(EVP_PKEY2PKCS8(key));
    X509_ALGOR* scheme = PKCS5_pbe2_set_iv(EVP_aes_256_cbc(), derivation_rounds, nullptr, 0,
                                           nullptr, NID_hmacWithSHA256);
    QUIETUS_ENSURE(plain && scheme != nullptr);
    return EncryptedKeyPtr(PKCS8_set0_pbe(passphrase.data(), static_cast<int>(passphrase.size()),
                                          plain.get(), scheme)); // takes the scheme over
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

Result<PrivateKey> PrivateKey::from_pem(std::string_view pem, const Secret& passphrase) {
    KeyPtr key(PEM_read_bio_PrivateKey(reading(pem).get(), nullptr, give_passphrase,
                                       const_cast<Secret*>(&passphrase)));
    if (key) return PrivateKey(std::make_unique<State>(State{std::move(key)}));
    ERR_clear_error();
    return Error{Fault::refused, "the passphrase does not open the key"};
}

Secret PrivateKey::to_pem(const Secret& passphrase) const {
    const BioPtr memory(BIO_new(BIO_s_mem()));
    const EncryptedKeyPtr locked = encrypted(state_->key.get(), passphrase.view());
    QUIETUS_ENSURE(memory && locked && PEM_write_bio_PKCS8(memory.get(), locked.get()) == 1);
    return Secret(std::string(written(memory.get())));
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
