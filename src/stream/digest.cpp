#include "quietus/stream/digest.hpp"

#include "quietus/core/ensure.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

namespace quietus {

struct Digest::State {
    EVP_MD_CTX* context = EVP_MD_CTX_new();

    State() = default;
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() { EVP_MD_CTX_free(context); }
};

namespace {

const EVP_MD* algorithm(DigestKind kind) {
    switch (kind) {
    case DigestKind::sha256:
        return EVP_sha256();
    case DigestKind::sha384:
        return EVP_sha384();
    }
    return nullptr;
}

} // namespace

Digest::Digest(DigestKind kind) : state_(std::make_unique<State>()) {
    QUIETUS_ENSURE(EVP_DigestInit_ex(state_->context, algorithm(kind), nullptr) == 1);
}

Digest::Digest(Digest&&) noexcept = default;
Digest& Digest::operator=(Digest&&) noexcept = default;
Digest::~Digest() = default;

void Digest::update(ByteView bytes) {
    QUIETUS_ENSURE(EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()) == 1);
}

Bytes Digest::finish() {
    Bytes value(EVP_MAX_MD_SIZE);
    unsigned length = 0;
    QUIETUS_ENSURE(EVP_DigestFinal_ex(state_->context, value.data(), &length) == 1);
    value.resize(length);
    return value;
}

Bytes digest(DigestKind kind, ByteView bytes) {
    Digest running(kind);
    running.update(bytes);
    return running.finish();
}

std::string sha256_hex(std::string_view text) {
    return to_hex(digest(DigestKind::sha256, as_bytes(text)));
}

std::string sha384_hex(std::string_view text) {
    return to_hex(digest(DigestKind::sha384, as_bytes(text)));
}

Bytes hmac_sha256(ByteView key, ByteView message) {
    Bytes value(EVP_MAX_MD_SIZE);
    unsigned length = 0;
    QUIETUS_ENSURE(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), message.data(),
                        message.size(), value.data(), &length) != nullptr);
    value.resize(length);
    return value;
}

std::string openssl_version() {
    return OpenSSL_version(OPENSSL_FULL_VERSION_STRING);
}

Bytes random_bytes(std::size_t count) {
    Bytes bytes(count);
    QUIETUS_ENSURE(RAND_priv_bytes(bytes.data(), static_cast<int>(count)) == 1);
    return bytes;
}

} // namespace quietus
