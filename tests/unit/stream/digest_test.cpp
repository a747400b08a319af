#include "quietus/stream/digest.hpp"

#include <gtest/gtest.h>

namespace quietus {
namespace {

// FIPS 180-4 examples, "abc".
TEST(Digest, KnowsThePublishedAnswers) {
    EXPECT_EQ(sha256_hex("abc"),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(sha384_hex("abc"), "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
                                 "8086072ba1e7cc2358baeca134c825a7");
}

TEST(Digest, IsTheSameInPieces) {
    Digest running(DigestKind::sha256);
    running.update(as_bytes("a"));
    running.update(as_bytes(""));
    running.update(as_bytes("bc"));
    EXPECT_EQ(to_hex(running.finish()), sha256_hex("abc"));
}

// RFC 4231 test case 2.
TEST(Hmac, KnowsThePublishedAnswer) {
    EXPECT_EQ(to_hex(hmac_sha256(as_bytes("Jefe"), as_bytes("what do ya want for nothing?"))),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(RandomBytes, AreNotTheSameTwice) {
    EXPECT_NE(random_bytes(32), random_bytes(32));
    EXPECT_EQ(random_bytes(7).size(), 7u);
}

} // namespace
} // namespace quietus
