#include "quietus/drive/ata/health.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace quietus {
namespace {

struct Attribute {
    std::uint8_t number;
    std::uint64_t raw;
};

// Hitachi Deskstar 7K500 specification, 12.42.2: two octets of revision, thirty attributes of
// twelve octets, the raw value in the six from the sixth on; the last octet makes the sum 0.
Bytes smart_data(const std::vector<Attribute>& attributes) {
    Bytes data(512);
    data[0] = 0x10;
    std::size_t at = 2;
    for (const Attribute& each : attributes) {
        data[at] = each.number;
        data[at + 3] = 100;
        for (unsigned octet = 0; octet < 6; ++octet)
            data[at + 5 + octet] = static_cast<std::uint8_t>(each.raw >> (8 * octet) & 0xFFU);
        at += 12;
    }
    const auto sum = std::accumulate(data.begin(), data.end(), 0U);
    data[511] = static_cast<std::uint8_t>(0x100U - (sum & 0xFFU));
    return data;
}

TEST(Health, IsReadFromTheAttributesThatTellOfRemappedBlocks) {
    const auto health =
        ata::decode_smart_data(smart_data({{1, 7}, {5, 12}, {9, 40000}, {194, 31}, {197, 3}}));
    ASSERT_TRUE(health);
    EXPECT_EQ(health->reallocated, 12U);
    EXPECT_EQ(health->pending, 3U);
    EXPECT_EQ(health->power_on_hours, 40000U);
}

TEST(Health, IsNotMadeUp) {
    const auto health = ata::decode_smart_data(smart_data({{1, 7}}));
    ASSERT_TRUE(health);
    EXPECT_FALSE(health->reallocated || health->pending || health->power_on_hours);
}

// Minutes of the hour, or a second counter, stand above.
TEST(Health, TakesTheLowerFourOctets) {
    const auto health = ata::decode_smart_data(smart_data({{9, 0x0012'0000'03E8}}));
    EXPECT_EQ(health->power_on_hours, 1000U);
}

TEST(Health, MustProveItself) {
    Bytes data = smart_data({{5, 12}});
    data[7] ^= 1U;
    EXPECT_FALSE(ata::decode_smart_data(data));
    EXPECT_FALSE(ata::decode_smart_data(Bytes(512)));
    EXPECT_FALSE(ata::decode_smart_data(Bytes(100)));
}

} // namespace
} // namespace quietus
