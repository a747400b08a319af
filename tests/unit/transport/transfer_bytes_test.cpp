#include "quietus/transport/transfer_bytes.hpp"

#include <gmock/gmock.h>

namespace quietus {
namespace {

TEST(Transfers, AreAsManyAndAsLongAsPossibleForAFewDrives) {
    for (const std::size_t drives : {0U, 1U, 2U, 32U, 49U}) {
        EXPECT_EQ(transfers_among(drives).bytes, longest_transfer) << drives;
        EXPECT_EQ(transfers_among(drives).slots, Transfers::most) << drives;
        EXPECT_GE(transfers_among(drives).kept_in_flight(), 8U);
    }
}

TEST(Transfers, AreFewerBeforeTheyAreShorter) {
    EXPECT_EQ(transfers_among(50).bytes, longest_transfer);
    EXPECT_EQ(transfers_among(50).slots, 23U);
    EXPECT_EQ(transfers_among(64).bytes, longest_transfer);
    EXPECT_EQ(transfers_among(64).slots, 18U);
    EXPECT_EQ(transfers_among(298).slots, Transfers::fewest);
    EXPECT_EQ(transfers_among(299).bytes, longest_transfer / 2);
}

TEST(Transfers, AreSharedAmongTheNodesOfADriveOfMany) {
    EXPECT_EQ(transfers_of_each({}, 1).slots, Transfers::most);
    EXPECT_EQ(transfers_of_each({}, 2).slots, Transfers::most);
    EXPECT_EQ(transfers_of_each({}, 4).slots, Transfers::most / 2);
    EXPECT_EQ(transfers_of_each({}, 64).slots, Transfers::fewest);
    EXPECT_EQ(transfers_of_each({.slots = Transfers::fewest}, 3).slots, Transfers::fewest);
    EXPECT_EQ(transfers_of_each({}, 64).bytes, longest_transfer);
}

// A loop device takes 128 segments, and a buffer need not lie in more than single pages.
TEST(Transfers, AreNotSplitByTheKernel) {
    EXPECT_LE(longest_transfer, std::size_t{128} * 4096);
}

TEST(Transfers, FitTheMemoryOfAll) {
    for (std::size_t drives = 1; drives <= 597; ++drives) {
        const Transfers each = transfers_among(drives);
        EXPECT_LE(each.bytes * each.slots * drives, transfer_memory) << drives;
        EXPECT_GE(each.kept_in_flight(), 2U);
    }
}

// Blocks are of 64 KiB at the most (Linux, BLK_MAX_BLOCK_SIZE); many schemes have patterns of three
// octets.
TEST(Transfers, AreOfWholeBlocksAndWholePatterns) {
    for (std::size_t drives = 1; drives <= 1000; ++drives) {
        EXPECT_EQ(transfers_among(drives).bytes % (std::size_t{64} << 10U), 0U) << drives;
        EXPECT_EQ(transfers_among(drives).bytes % 3, 0U) << drives;
    }
}

TEST(Transfers, AreNeverTooShortToBeWorthACommand) {
    EXPECT_EQ(transfers_among(1000).bytes, shortest_transfer);
    EXPECT_EQ(transfers_among(1'000'000).bytes, shortest_transfer);
    EXPECT_EQ(transfers_among(1'000'000).slots, Transfers::fewest);
}

} // namespace
} // namespace quietus
