#include "quietus/stream/keystream.hpp"

#include "quietus/core/ensure.hpp"

#include <gcrypt.h>

#include <algorithm>
#include <array>

namespace quietus {
namespace {

constexpr std::size_t block_bytes = 16;
// Encrypting zeros yields the stream itself; a page of them stays in the first-level cache.
constexpr std::array<std::uint8_t, 4096> zeros{};

std::array<std::uint8_t, block_bytes> counter_block(std::uint64_t number) {
    std::array<std::uint8_t, block_bytes> block{};
    for (std::size_t i = 0; i < 8; ++i)
        block[block_bytes - 1 - i] = static_cast<std::uint8_t>(number >> (8 * i));
    return block;
}

// libgcrypt and not OpenSSL: with the vector instructions that processors have had for AES since
// 2019 it makes twice as much a second as OpenSSL 3.0, and the stream decides how fast random data
// is read back. The tests hold the one against the other.
gcry_cipher_hd_t open_cipher() {
    // Once a process. No locked memory: the key of the last pass is published, and what the others
    // made is gone from the drive.
    static const bool ready = [] {
        return gcry_check_version(GCRYPT_VERSION) != nullptr &&
               gcry_control(GCRYCTL_DISABLE_SECMEM, 0) == 0 &&
               gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0) == 0;
    }();
    gcry_cipher_hd_t cipher = nullptr;
    QUIETUS_ENSURE(ready &&
                   gcry_cipher_open(&cipher, GCRY_CIPHER_AES256, GCRY_CIPHER_MODE_CTR, 0) == 0);
    return cipher;
}

} // namespace

struct Keystream::State {
    gcry_cipher_hd_t cipher = open_cipher();
    std::uint64_t position = 0; ///< offset of the octet the cipher produces next

    State() = default;
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() { gcry_cipher_close(cipher); } // wipes the key schedule

    void apply(ByteView in, std::span<std::uint8_t> out) {
        QUIETUS_ENSURE(in.size() == out.size() &&
                       gcry_cipher_encrypt(cipher, out.data(), out.size(), in.data(), in.size()) ==
                           0);
        position += in.size();
    }

    void produce(std::span<std::uint8_t> out) {
        while (!out.empty()) {
            const std::size_t count = std::min(out.size(), zeros.size());
            apply(ByteView(zeros).first(count), out.first(count));
            out = out.subspan(count);
        }
    }

    void seek(std::uint64_t offset) {
        const auto counter = counter_block(offset / block_bytes);
        QUIETUS_ENSURE(gcry_cipher_setctr(cipher, counter.data(), counter.size()) == 0);
        position = offset - offset % block_bytes;
        std::array<std::uint8_t, block_bytes> skipped{};
        produce(std::span(skipped).first(offset % block_bytes));
    }
};

Keystream::Keystream(ByteView key) : state_(std::make_unique<State>()) {
    QUIETUS_ENSURE(key.size() == key_bytes);
    QUIETUS_ENSURE(gcry_cipher_setkey(state_->cipher, key.data(), key.size()) == 0);
    state_->seek(0);
}

Keystream::Keystream(Keystream&&) noexcept = default;
Keystream& Keystream::operator=(Keystream&&) noexcept = default;
Keystream::~Keystream() = default;

void Keystream::fill(std::span<std::uint8_t> out, std::uint64_t offset) {
    if (offset != state_->position) state_->seek(offset);
    state_->produce(out);
}

void Keystream::combine(ByteView in, std::span<std::uint8_t> out, std::uint64_t offset) {
    if (offset != state_->position) state_->seek(offset);
    state_->apply(in, out);
}

Status test_keystream() {
    // McGrew and Viega, "The Galois/Counter Mode of Operation", appendix B, test cases 13 and 14:
    // AES-256 under the zero key of the blocks 0 (there called H), 1 (the tag of case 13) and 2
    // (the ciphertext of case 14, whose plaintext is zero).
    constexpr std::string_view published = "dc95c078a2408989ad48a21492842087"
                                           "530f8afbc74536b9a963b4f1c4cb738b"
                                           "cea7403d4d606b6e074ec5d3baf39d18";
    const Error wrong{Fault::invalid, "the AES-256-CTR generator fails its known-answer test"};
    Keystream stream(Bytes(Keystream::key_bytes, 0));
    Bytes whole(3 * block_bytes);
    stream.fill(whole, 0);
    if (to_hex(whole) != published) return wrong;
    Bytes part(block_bytes + 7);
    stream.fill(part, 9); // a jump back, to the middle of a block
    if (!std::ranges::equal(part, ByteView(whole).subspan(9, part.size()))) return wrong;
    return {};
}

} // namespace quietus
