#include "quietus/stream/keystream.hpp"

#include <gtest/gtest.h>

#include <openssl/evp.h>

#include <random>

namespace quietus {
namespace {

Bytes counting_key() {
    Bytes key(Keystream::key_bytes);
    for (std::size_t i = 0; i < key.size(); ++i)
        key[i] = static_cast<std::uint8_t>(i);
    return key;
}

// The reference: one AES-256-ECB encryption of the counter block for each octet asked for.
std::uint8_t reference(ByteView key, std::uint64_t offset) {
    std::uint8_t block[16] = {};
    const std::uint64_t counter = offset / 16;
    for (int i = 0; i < 8; ++i)
        block[15 - i] = static_cast<std::uint8_t>(counter >> (8 * i));
    std::uint8_t out[32];
    int length = 0;
    EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
    EVP_EncryptInit_ex(context, EVP_aes_256_ecb(), nullptr, key.data(), nullptr);
    EVP_EncryptUpdate(context, out, &length, block, 16);
    EVP_CIPHER_CTX_free(context);
    return out[offset % 16];
}

TEST(Keystream, PassesItsKnownAnswers) {
    EXPECT_TRUE(test_keystream().has_value());
}

// FIPS 197 appendix C.3 key; the counter blocks 0 and 1 encrypted by `openssl enc -aes-256-ecb`.
TEST(Keystream, IsTheCipherInCounterMode) {
    const Bytes key = counting_key();
    Keystream stream(key);
    Bytes out(5000);
    stream.fill(out, 0);
    for (std::size_t i = 0; i < out.size(); i += 37)
        ASSERT_EQ(out[i], reference(key, i)) << i;
}

TEST(Keystream, IsTheSameFromAnyOffsetAndInAnyPieces) {
    const Bytes key = counting_key();
    Keystream whole(key);
    Bytes all(1U << 16U);
    whole.fill(all, 0);
    std::mt19937 random(3);
    Keystream pieces(key);
    for (int i = 0; i < 500; ++i) {
        const std::size_t offset = random() % (all.size() - 1);
        Bytes part(1 + random() % std::min<std::size_t>(9000, all.size() - offset));
        part.resize(std::min(part.size(), all.size() - offset));
        pieces.fill(part, offset);
        ASSERT_TRUE(std::equal(part.begin(), part.end(), all.begin() + static_cast<long>(offset)));
    }
}

TEST(Keystream, CarriesBeyondThirtyTwoBitsOfCounter) {
    const Bytes key = counting_key();
    Keystream stream(key);
    for (const std::uint64_t offset : {(std::uint64_t{1} << 36U) - 16,
                                       (std::uint64_t{1} << 36U) + 5, (std::uint64_t{1} << 50U)}) {
        Bytes out(64);
        stream.fill(out, offset);
        for (std::size_t i = 0; i < out.size(); ++i)
            ASSERT_EQ(out[i], reference(key, offset + i)) << offset;
    }
}

} // namespace
} // namespace quietus
