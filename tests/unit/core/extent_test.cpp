#include "quietus/core/extent.hpp"

#include <gtest/gtest.h>

#include <bitset>
#include <limits>
#include <random>

namespace quietus {
namespace {

TEST(ExtentSet, MergesNeighboursAndOverlaps) {
    ExtentSet set;
    set.add({0, 10});
    set.add({20, 10});
    set.add({10, 10});
    EXPECT_EQ(set.extents(), (std::vector<Extent>{{0, 30}}));
}

TEST(ExtentSet, CountsUnionNotSum) {
    const ExtentSet set({{0, 10}, {5, 10}, {5, 10}});
    EXPECT_EQ(set.bytes(), 15u);
}

TEST(ExtentSet, CoversOnlyWithoutAGap) {
    const ExtentSet set({{0, 10}, {11, 10}});
    EXPECT_TRUE(set.covers({0, 10}));
    EXPECT_TRUE(set.covers({100, 0}));
    EXPECT_FALSE(set.covers({0, 21}));
    EXPECT_FALSE(set.covers({10, 1}));
}

TEST(ExtentSet, SubtractsFromTheMiddle) {
    ExtentSet set({{0, 30}});
    set.subtract(Extent{10, 5});
    EXPECT_EQ(set.extents(), (std::vector<Extent>{{0, 10}, {15, 15}}));
}

// A bitset is the model: any sequence of additions and subtractions ends with the same members.
TEST(ExtentSet, AgreesWithABitsetOverRandomOperations) {
    std::mt19937 random(7);
    for (int round = 0; round < 200; ++round) {
        std::bitset<64> model;
        ExtentSet set;
        for (int step = 0; step < 40; ++step) {
            const std::uint64_t offset = random() % 60;
            const std::uint64_t length = random() % (64 - offset);
            const bool adding = random() % 2 == 0;
            for (std::uint64_t i = offset; i < offset + length; ++i)
                model.set(i, adding);
            adding ? set.add({offset, length}) : set.subtract(Extent{offset, length});
            ASSERT_EQ(set.bytes(), model.count());
            for (std::uint64_t i = 0; i < 64; ++i)
                ASSERT_EQ(set.covers({i, 1}), model.test(i));
            for (std::size_t i = 1; i < set.extents().size(); ++i)
                ASSERT_LT(set.extents()[i - 1].end(), set.extents()[i].offset);
        }
    }
}

TEST(Extent, LiesInsideOnlyWhenNothingOfItIsBeyond) {
    constexpr auto most = std::numeric_limits<std::uint64_t>::max();
    EXPECT_TRUE(is_inside({0, 100}, 100));
    EXPECT_TRUE(is_inside({99, 1}, 100));
    for (const Extent& outside : {Extent{0, 101}, Extent{99, 2}, Extent{100, 1}, Extent{50, 0},
                                  Extent{1, most}, Extent{most, 1}, Extent{most, most}})
        EXPECT_FALSE(is_inside(outside, 100)) << outside.offset << '+' << outside.length;
    EXPECT_FALSE(is_inside({0, 1}, 0));
}

TEST(Extent, ListsAreWellFormedInOrderWithoutOverlapAndInside) {
    constexpr auto most = std::numeric_limits<std::uint64_t>::max();
    EXPECT_TRUE(is_well_formed({}, 0));
    EXPECT_TRUE(is_well_formed({{0, 10}, {10, 10}, {50, 50}}, 100));
    const std::vector<std::vector<Extent>> wrong{
        {{0, 10}, {9, 10}}, {{20, 10}, {0, 10}}, {{0, 10}, {0, 10}},  {{0, 10}, {10, 0}},
        {{90, 11}},         {{10, most}},        {{0, 10}, {most, 2}}};
    for (const auto& extents : wrong)
        EXPECT_FALSE(is_well_formed(extents, 100)) << extents.front().offset;
}

} // namespace
} // namespace quietus
