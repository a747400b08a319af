// Numbers beyond 2^64. The decimals are Python's.
#include "quietus/transport/nvme/capacity.hpp"

#include <gtest/gtest.h>

namespace quietus::nvme {
namespace {

constexpr std::uint64_t most = ~std::uint64_t{0};

TEST(Capacity, IsWrittenInDecimal) {
    EXPECT_EQ(Capacity().text(), "0");
    EXPECT_EQ((Capacity{0, 1000204886016}).text(), "1000204886016");
    EXPECT_EQ((Capacity{0, most}).text(), "18446744073709551615");
    EXPECT_EQ((Capacity{1, 0}).text(), "18446744073709551616");
    EXPECT_EQ((Capacity{5, 7766279631452241920}).text(), "100000000000000000000"); // 10^20
    EXPECT_EQ((Capacity{most, most}).text(), "340282366920938463463374607431768211455");
}

TEST(Capacity, OfBlocksMayPass64Bits) {
    EXPECT_EQ(capacity_of(1953525168, 9).text(), "1000204886016");
    EXPECT_EQ(capacity_of(most, 12).text(), "75557863725914323415040");
    EXPECT_EQ(capacity_of(most, 0).text(), "18446744073709551615");
}

TEST(Capacity, SumsCarryAndStopAtTheLargest) {
    const Capacity half{0, std::uint64_t{1} << 63U};
    EXPECT_EQ(half + half, (Capacity{1, 0}));
    EXPECT_EQ((Capacity{0, most}) + (Capacity{0, 1}), (Capacity{1, 0}));
    EXPECT_EQ((Capacity{most, most}) + (Capacity{0, 1}), (Capacity{most, most}));
    EXPECT_EQ((Capacity{most, 0}) + (Capacity{1, 0}), (Capacity{most, most}));
    EXPECT_EQ((Capacity{most, most}) + Capacity(), (Capacity{most, most}));
    EXPECT_LT((Capacity{0, most}), (Capacity{1, 0}));
}

} // namespace
} // namespace quietus::nvme
