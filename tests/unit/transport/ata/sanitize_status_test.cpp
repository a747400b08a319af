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

// ACS-4 clause 9.11: quadwords with bit 63 set, the first with the number of the page;
// openSeaChest: bit 51 of the second.
Bytes capabilities(std::uint8_t page, std::uint8_t valid, std::uint8_t bits_55_48) {
    Bytes data(512);
    data[0] = 1; // revision
    data[2] = page;
    data[7] = 0x80;
    data[14] = bits_55_48;
    data[15] = valid;
    return data;
}

TEST(DefinitiveEnd, IsReadFromTheSupportedCapabilities) {
    EXPECT_EQ(ata::decode_definitive_end(capabilities(3, 0x80, 0x08)).value(), true);
    EXPECT_EQ(ata::decode_definitive_end(capabilities(3, 0x80, 0xF7)).value(), false);
    EXPECT_EQ(ata::decode_definitive_end(capabilities(3, 0x00, 0x08)).value(), false);
}

TEST(DefinitiveEnd, IsReadFromNoOtherPage) {
    EXPECT_FALSE(ata::decode_definitive_end(capabilities(6, 0x80, 0x08)));
    EXPECT_FALSE(ata::decode_definitive_end(Bytes(512)));
    EXPECT_FALSE(ata::decode_definitive_end(Bytes(8, 0xFF)));
    EXPECT_FALSE(ata::decode_definitive_end({}));
    Bytes headless = capabilities(3, 0x80, 0x08);
    headless[7] = 0;
    EXPECT_FALSE(ata::decode_definitive_end(headless));
}

} // namespace
} // namespace quietus
