#include "quietus/stream/pattern.hpp"

#include <gtest/gtest.h>

#include <set>

namespace quietus {
namespace {

TEST(Pattern, RepeatsItsOctetsFromOffsetZero) {
    Pattern pattern = Pattern::fixed({0x92, 0x49, 0x24}); // Gutmann's pass 7
    Bytes out(10000);
    pattern.fill(out, 12345);
    const Bytes octets{0x92, 0x49, 0x24};
    for (std::size_t i = 0; i < out.size(); ++i)
        ASSERT_EQ(out[i], octets[(12345 + i) % 3]) << i;
}

TEST(Pattern, KeepsThePhaseOverEveryLengthOfPattern) {
    for (std::size_t length = 1; length <= 17; ++length) {
        Bytes octets(length);
        for (std::size_t i = 0; i < length; ++i)
            octets[i] = static_cast<std::uint8_t>(i + 1);
        Pattern pattern = Pattern::fixed(octets);
        const std::uint64_t offset = (std::uint64_t{1} << 40U) + 511;
        Bytes out(8192 + 13);
        pattern.fill(out, offset);
        for (std::size_t i = 0; i < out.size(); ++i)
            ASSERT_EQ(out[i], octets[(offset + i) % length]);
        EXPECT_TRUE(pattern.matches(out, offset));
        EXPECT_EQ(pattern.matches(out, offset + 1), length == 1);
    }
}

TEST(Pattern, EqualPhasesMeanEqualContent) {
    Pattern pattern = Pattern::fixed({1, 2, 3});
    EXPECT_EQ(pattern.phase(0), pattern.phase(3U << 20U));
    EXPECT_NE(pattern.phase(0), pattern.phase(1U << 20U));
    EXPECT_FALSE(Pattern::stream(Bytes(32, 1)).phase(0).has_value());
    EXPECT_FALSE(Pattern::lba_stamp(0, 512).phase(0).has_value());
}

TEST(Pattern, StampsEachBlockWithItsNumber) {
    Pattern pattern = Pattern::lba_stamp(0xAA, 512);
    Bytes out(2048);
    pattern.fill(out, 512 * 0x010203ULL);
    const Bytes first{0, 0, 0, 0, 0, 1, 2, 3};
    EXPECT_TRUE(std::equal(first.begin(), first.end(), out.begin()));
    EXPECT_EQ(out[512 + 7], 4);
    EXPECT_EQ(out[8], 0xAA);
    EXPECT_EQ(out[511], 0xAA);
}

TEST(Pattern, StampsAreTheSameInAnyPieces) {
    Pattern pattern = Pattern::lba_stamp(0, 512);
    Bytes whole(3 * 4096);
    pattern.fill(whole, 0);
    for (std::size_t cut = 1; cut < 1040; ++cut) {
        Bytes piece(whole.size() - cut);
        pattern.fill(piece, cut);
        ASSERT_TRUE(std::equal(piece.begin(), piece.end(), whole.begin() + static_cast<long>(cut)));
    }
}

TEST(Pattern, ComplementInvertsEveryOctetOfEveryKind) {
    for (int kind = 0; kind < 3; ++kind) {
        const auto make = [&] {
            return kind == 0   ? Pattern::fixed({0xE4, 0xFF, 0xFF, 0xFF})
                   : kind == 1 ? Pattern::stream(Bytes(32, 9))
                               : Pattern::lba_stamp(0, 512);
        };
        Pattern plain = make();
        Pattern inverted = Pattern::complement(make());
        Bytes one(5000);
        Bytes other(5000);
        plain.fill(one, 1000);
        inverted.fill(other, 1000);
        for (std::size_t i = 0; i < one.size(); ++i)
            ASSERT_EQ(one[i] ^ other[i], 0xFF);
        Pattern twice = Pattern::complement(std::move(inverted));
        EXPECT_TRUE(twice.matches(one, 1000));
        EXPECT_FALSE(twice.matches(other, 1000));
    }
}

TEST(Pattern, NoticesASingleWrongBitAnywhere) {
    Pattern pattern = Pattern::stream(Bytes(32, 5));
    Bytes data(3 * 4096);
    pattern.fill(data, 512);
    for (const std::size_t place : {0, 1, 4095, 4096, 8191, 8192, 12287}) {
        data[place] ^= 0x10;
        EXPECT_FALSE(pattern.matches(data, 512)) << place;
        data[place] ^= 0x10;
    }
    EXPECT_TRUE(pattern.matches(data, 512));
}

} // namespace
} // namespace quietus
