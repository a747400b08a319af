#include "quietus/transport/transfer_bytes.hpp"

#include <gmock/gmock.h>

namespace quietus {
namespace {

TEST(TransferBytes, AreAsManyAsPossibleForAFewDrives) {
    for (const std::size_t drives : {0U, 1U, 2U, 21U})
        EXPECT_EQ(transfer_bytes_among(drives), longest_transfer) << drives;
    EXPECT_EQ(transfer_bytes_among(22), longest_transfer / 2);
}

TEST(TransferBytes, AreAPowerOfTwoThatFitsTheMemoryOfAll) {
    for (std::size_t drives = 1; drives <= 170; ++drives) {
        const std::size_t bytes = transfer_bytes_among(drives);
        EXPECT_EQ(bytes & (bytes - 1), 0u);
        EXPECT_LE(bytes * transfer_slots * drives, transfer_memory) << drives;
    }
}

TEST(TransferBytes, AreNeverTooFewToBeWorthACommand) {
    EXPECT_EQ(transfer_bytes_among(1000), shortest_transfer);
    EXPECT_EQ(transfer_bytes_among(1'000'000), shortest_transfer);
}

} // namespace
} // namespace quietus
