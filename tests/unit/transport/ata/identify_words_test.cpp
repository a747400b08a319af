// IDENTIFY DEVICE: the words that erasing hangs on, by ACS-4 clause 7.13.
#include "quietus/transport/ata/identify_words.hpp"

#include "support/ata_words.hpp"

#include <gtest/gtest.h>

namespace quietus {
namespace {

using ata::IdentifyWords;
using test::IdentifyData;

IdentifyWords parsed(const IdentifyData& data) {
    return IdentifyWords::parse(data.octets()).value();
}

TEST(IdentifyWords, ProveThemselves) {
    Bytes data = IdentifyData().octets();
    EXPECT_TRUE(IdentifyWords::parse(data));
    data[100] ^= 1U;
    EXPECT_EQ(IdentifyWords::parse(data).error().message, "IDENTIFY DEVICE: its sum is wrong");
    EXPECT_FALSE(IdentifyWords::parse(Bytes(512)));
    EXPECT_FALSE(IdentifyWords::parse(Bytes(511)));
    EXPECT_FALSE(IdentifyWords::parse({}));
    EXPECT_FALSE(IdentifyWords::parse(IdentifyData().set(0, 0x8000).octets()));
    EXPECT_FALSE(IdentifyWords::parse(IdentifyData().number(100, 4, UINT64_MAX).octets()));
    constexpr std::uint64_t most = (std::uint64_t{1} << 53U) - 1;
    EXPECT_FALSE(IdentifyWords::parse(IdentifyData().number(100, 4, most + 1).octets()));
    EXPECT_TRUE(IdentifyWords::parse(IdentifyData().number(100, 4, most).octets()));
}

TEST(IdentifyWords, HaveTextWithItsOctetsSwappedAndPadded) {
    const auto words = parsed(IdentifyData());
    EXPECT_EQ(words.serial(), "S3R1AL");
    EXPECT_EQ(words.model(), "EXAMPLE 4000");
    EXPECT_EQ(parsed(IdentifyData().text(10, 10, "  A\n\xE4 ")).serial(), "A\\x0a\\xe4");
}

// Words 60 and 61, 100 to 103, 230 to 233: which counts depends on the feature sets.
TEST(IdentifyWords, CountSectorsAtTheEdgesOfEachWidth) {
    IdentifyData small;
    small.set(83, 0x4000).number(60, 2, (1U << 28U) - 1);
    EXPECT_EQ(parsed(small).sectors(), (1U << 28U) - 1);
    IdentifyData large;
    large.number(60, 2, (1U << 28U) - 1).number(100, 4, std::uint64_t{1} << 28U);
    EXPECT_EQ(parsed(large).sectors(), std::uint64_t{1} << 28U);
    large.number(100, 4, (std::uint64_t{1} << 32U) + 1);
    EXPECT_EQ(parsed(large).sectors(), (std::uint64_t{1} << 32U) + 1);
    large.number(100, 4, (std::uint64_t{1} << 48U) - 1);
    EXPECT_EQ(parsed(large).sectors(), (std::uint64_t{1} << 48U) - 1);
    large.set(53, 2).set(69, 8).number(230, 4, (std::uint64_t{1} << 48U) + 5);
    EXPECT_EQ(parsed(large).sectors(), (std::uint64_t{1} << 48U) + 5);
}

TEST(IdentifyWords, TellLogicalBlocksOf512AndOf4096) {
    EXPECT_EQ(parsed(IdentifyData()).logical_bytes(), 512U);
    EXPECT_EQ(parsed(IdentifyData().set(106, 0x5000).number(117, 2, 2048)).logical_bytes(), 4096U);
    EXPECT_EQ(parsed(IdentifyData().set(106, 0x1000).number(117, 2, 2048)).logical_bytes(), 512U);
}

TEST(IdentifyWords, TellWhichSanitizeOperationsThereAre) {
    const auto all = parsed(IdentifyData().set(59, 0xF400)).sanitize();
    EXPECT_TRUE(all.supported && all.crypto_scramble && all.overwrite && all.block_erase &&
                all.antifreeze);
    const auto one = parsed(IdentifyData().set(59, 0x5000)).sanitize();
    EXPECT_TRUE(one.supported && one.overwrite);
    EXPECT_FALSE(one.crypto_scramble || one.block_erase || one.antifreeze);
    EXPECT_FALSE(parsed(IdentifyData().set(83, 0x4000).set(59, 0xF400)).sanitize().supported);
    // Without bit 12 the others mean nothing.
    const auto none = parsed(IdentifyData().set(59, 0xE000)).sanitize();
    EXPECT_FALSE(none.supported || none.crypto_scramble || none.overwrite || none.block_erase);
}

TEST(IdentifyWords, HaveEachBitOfSecurityInItsPlace) {
    const auto with = [](std::uint16_t word) {
        return parsed(IdentifyData().set(82, 2).set(128, word)).security();
    };
    EXPECT_TRUE(with(0x0001).supported);
    EXPECT_TRUE(with(0x0003).enabled);
    EXPECT_TRUE(with(0x0005).locked);
    EXPECT_TRUE(with(0x0009).frozen);
    EXPECT_TRUE(with(0x0011).count_expired);
    EXPECT_TRUE(with(0x0021).enhanced_erase);
    EXPECT_TRUE(with(0x0101).level_maximum);
    EXPECT_EQ(with(0x0029).word, 0x0029);
    const auto plain = with(0x0021);
    EXPECT_FALSE(plain.enabled || plain.locked || plain.frozen || plain.count_expired ||
                 plain.level_maximum);
    EXPECT_FALSE(parsed(IdentifyData().set(128, 1)).security().supported);
    EXPECT_TRUE(parsed(IdentifyData().set(82, 2).set(85, 2).set(128, 1)).security().enabled);
}

// Words 89 and 90: eight bits, or fifteen with bit 15, of two minutes each.
TEST(IdentifyWords, TellHowLongAnErasureTakesInBothForms) {
    const auto normal = [](std::uint16_t word) {
        return parsed(IdentifyData().set(89, word).set(90, 1)).erase_time(false);
    };
    using std::chrono::minutes;
    EXPECT_FALSE(normal(0));
    EXPECT_FALSE(normal(0x8000));
    EXPECT_EQ(normal(1)->minutes, minutes(2));
    EXPECT_EQ(normal(0xFE)->minutes, minutes(508));
    EXPECT_FALSE(normal(0xFE)->at_least);
    EXPECT_TRUE(normal(0xFF)->at_least);
    EXPECT_EQ(normal(0x80FF)->minutes, minutes(510));
    EXPECT_FALSE(normal(0x80FF)->at_least);
    EXPECT_EQ(normal(0xFFFE)->minutes, minutes(65532));
    EXPECT_TRUE(normal(0xFFFF)->at_least);
    EXPECT_EQ(parsed(IdentifyData().set(89, 9).set(90, 1)).erase_time(true)->minutes, minutes(2));
}

TEST(IdentifyWords, TellWhatCanHideSomething) {
    const auto none = parsed(IdentifyData());
    EXPECT_FALSE(none.has_protected_area() || none.has_accessible_max() || none.has_overlay());
    EXPECT_TRUE(parsed(IdentifyData().set(82, 0x0400)).has_protected_area());
    EXPECT_TRUE(parsed(IdentifyData().set(83, 0x4C00)).has_overlay());
    EXPECT_TRUE(parsed(IdentifyData().set(119, 0x4100)).has_accessible_max());
    EXPECT_FALSE(parsed(IdentifyData().set(119, 0xFFFF)).has_accessible_max());
}

} // namespace
} // namespace quietus
