// What SANITIZE STATUS EXT says, and what of it is believed.
#include "quietus/transport/ata/sanitize_status.hpp"

#include <gtest/gtest.h>

namespace quietus {
namespace {

Result<ata::SanitizeStatus> decoded(const AtaRegisters& registers) {
    return ata::decode_sanitize_status({registers, {}});
}
AtaRegisters answered(std::uint16_t count, std::optional<std::uint64_t> lba) {
    return {0x50, 0, 0x40, count, true, lba};
}
AtaRegisters aborted(std::uint8_t reason) {
    return {0x51, 0x04, 0x40, 0, true, reason};
}

// COUNT bit 15 completed, 14 in progress, 13 frozen, 12 antifreeze; LBA 15:0 progress.
TEST(SanitizeStatus, IsReadFromTheUpperCount) {
    EXPECT_EQ(decoded(answered(0x0000, 0xFFFF))->state, SanitizeState::idle);
    EXPECT_EQ(decoded(answered(0x8000, 0xFFFF))->state, SanitizeState::completed);
    const auto running = decoded(answered(0x4000, 0x8000));
    EXPECT_EQ(running->state, SanitizeState::in_progress);
    EXPECT_EQ(running->progress, 0x8000);
    EXPECT_EQ(decoded(answered(0x2000, 0xFFFF))->state, SanitizeState::frozen);
    const auto frozen_after = decoded(answered(0xA000, 0xFFFF));
    EXPECT_EQ(frozen_after->state, SanitizeState::frozen);
    EXPECT_TRUE(frozen_after->completed);
    EXPECT_TRUE(decoded(answered(0x1000, 0xFFFF))->antifreeze);
}

TEST(SanitizeStatus, IsFailureWhenTheDriveAbortsForIt) {
    const auto failed = decoded(aborted(1));
    EXPECT_EQ(failed->state, SanitizeState::failed);
    EXPECT_EQ(failed->reason, "01h: blocks that could hold data were not sanitized");
    EXPECT_EQ(decoded(aborted(0))->state, SanitizeState::failed);
    EXPECT_EQ(decoded({0x51, 0x04, 0x40, 0, false, std::nullopt})->state, SanitizeState::failed);
    EXPECT_EQ(decoded(aborted(3))->state, SanitizeState::frozen);
    EXPECT_EQ(decoded(aborted(2))->state, SanitizeState::unknown);
    EXPECT_EQ(decoded(aborted(4))->state, SanitizeState::unknown);
    EXPECT_EQ(decoded(aborted(0x77))->state, SanitizeState::unknown);
}

TEST(SanitizeStatus, IsNeverGuessed) {
    EXPECT_FALSE(ata::decode_sanitize_status({std::nullopt, {}}));
    AtaRegisters half = answered(0x0000, 0xFFFF);
    half.whole_count = false; // its upper octet was left out: 0 is no answer
    EXPECT_FALSE(decoded(half));
    EXPECT_FALSE(decoded(answered(0x8000, std::nullopt)));
    EXPECT_FALSE(decoded(answered(0xC000, 0x8000))); // in progress and completed
    EXPECT_FALSE(decoded({0xD0, 0, 0, 0x8000, true, 0xFFFF}));
    EXPECT_FALSE(decoded({0x00, 0, 0, 0x8000, true, 0xFFFF}));
    EXPECT_FALSE(decoded({0x70, 0, 0, 0x8000, true, 0xFFFF})); // device fault
    EXPECT_FALSE(decoded({0x51, 0x10, 0, 0x8000, true, 0xFFFF}));
}

} // namespace
} // namespace quietus
