// Which commands an emulated SATA drive runs, open, locked, sanitizing and after that has failed;
// and what they answer.
#include "ata_bench.hpp"

#include <set>

namespace quietus::emulator {
namespace {

// Sent so that nothing but the state of the drive can abort it. Security commands have tables of
// their own; NOP is always aborted.
struct Row {
    const char* name;
    Registers registers;
    bool open;       ///< it runs on a drive to which nothing has happened
    bool locked;     ///< on a locked one: Hitachi Travelstar 5K160 clause 12.9.6, T13/e05179r4
    bool sanitizing; ///< in SD2, and SD3: ACS-3 clause 4.17.5, in part from WD HC580 pages 103, 104
};

const Row rows[] = {
    {"NOP", {0x00, 0, 0, 0}, false, false, false},
    {"DEVICE RESET", {0x08, 0, 0, 0}, false, false, false},
    {"READ NATIVE MAX ADDRESS EXT", {0x27, 0, 0, 0}, true, true, false},
    {"READ LOG EXT 30h", {0x2F, 0, 1, 0x30}, true, true, true},
    {"READ LOG EXT 00h", {0x2F, 0, 1, 0x00}, true, true, false},
    {"READ LOG EXT of no log", {0x2F, 0, 1, 0x05}, false, false, false},
    {"READ LOG EXT of no page", {0x2F, 0, 1, 0x0930}, false, false, false},
    {"SMART READ DATA", {0xB0, 0xD0, 1, 0xC24F00}, true, true, false},
    {"SMART RETURN STATUS", {0xB0, 0xDA, 0, 0xC24F00}, true, true, true},
    {"SMART without its signature", {0xB0, 0xDA, 0, 0}, false, false, false},
    {"DEVICE CONFIGURATION RESTORE", {0xB1, 0xC0, 0, 0}, true, false, false},
    {"DEVICE CONFIGURATION IDENTIFY", {0xB1, 0xC2, 1, 0}, true, true, false},
    {"DEVICE CONFIGURATION FREEZE LOCK", {0xB1, 0xC1, 0, 0}, true, true, false},
    {"SANITIZE ANTIFREEZE LOCK EXT", sanitize_antifreeze, true, false, true},
    {"IDLE IMMEDIATE", {0xE1, 0, 0, 0}, true, true, false},
    {"CHECK POWER MODE", {0xE5, 0, 0, 0}, true, true, true},
    {"FLUSH CACHE", {0xE7, 0, 0, 0}, true, false, false},
    {"FLUSH CACHE EXT", {0xEA, 0, 0, 0}, true, false, false},
    {"IDENTIFY DEVICE", {0xEC, 0, 1, 0}, true, true, true},
    {"SET FEATURES, transfer mode", {0xEF, 0x03, 0x46, 0}, true, true, false},
    {"READ NATIVE MAX ADDRESS", {0xF8, 0, 0, 0}, true, true, false},
};

class Commands : public testing::TestWithParam<Row> {};

TEST_P(Commands, RunOnAnOpenDrive) {
    AtaBench bench;
    const AtaRegisters end = bench.send(GetParam().registers);
    EXPECT_EQ(end.succeeded(), GetParam().open);
    EXPECT_EQ(is_aborted(end), !GetParam().open);
}

TEST_P(Commands, RunOnALockedDrive) {
    AtaTraits traits;
    traits.security.user_password = "theirs";
    AtaBench bench(traits);
    EXPECT_EQ(bench.send(GetParam().registers).succeeded(), GetParam().locked);
}

TEST_P(Commands, RunWhileItSanitizes) {
    AtaBench bench;
    (void)bench.send(block_erase);
    EXPECT_EQ(bench.send(GetParam().registers).succeeded(), GetParam().sanitizing);
    EXPECT_EQ(bench.sanitized().count & 0x8000U, 0x8000U);
}

TEST_P(Commands, RunAfterThatHasFailed) {
    AtaBench bench;
    bench.drive.turn(Knob::fails_at_end);
    (void)bench.send(block_erase);
    (void)bench.sanitized();
    EXPECT_EQ(bench.send(GetParam().registers).succeeded(), GetParam().sanitizing);
}

INSTANTIATE_TEST_SUITE_P(Table, Commands, testing::ValuesIn(rows));

// SET MAX ADDRESS must follow READ NATIVE MAX ADDRESS, which a locked drive answers.
TEST(SetMaxAddress, IsAbortedByALockedDrive) {
    AtaTraits traits;
    traits.security.user_password = "theirs";
    AtaBench bench(traits);
    EXPECT_TRUE(bench.send({0x27, 0, 0, 0}).succeeded());
    EXPECT_TRUE(is_aborted(bench.send({0x37, 0, 0, 1023})));
}

TEST(CommandCodes, AllOtherCodesAreAborted) {
    std::set<unsigned> known{0x2F, 0x37, 0x78, 0xF1, 0xF2, 0xF3, 0xF4, 0xF5, 0xF6, 0xF9};
    for (const Row& row : rows)
        known.insert(row.registers.command);
    AtaBench bench;
    for (unsigned code = 0; code < 0x100; ++code) {
        if (known.contains(code)) continue;
        EXPECT_TRUE(is_aborted(bench.send({static_cast<std::uint8_t>(code), 0, 0, 0}))) << code;
    }
    EXPECT_TRUE(bench.holds_secret(0));
}

// ACS-4 clause 7.22: what a host sent comes back, which shows what the way there does to it.
TEST(Nop, EchoesCountAndLba) {
    AtaBench bench;
    const AtaRegisters end = bench.send({0x00, 0, 0xA5, 0x00123456});
    EXPECT_TRUE(is_aborted(end));
    EXPECT_EQ(end.count, 0xA5U);
    EXPECT_EQ(end.lba, 0x123456U);
}

TEST(CheckPowerMode, SaysActive) {
    AtaBench bench;
    EXPECT_EQ(bench.send({0xE5, 0, 0, 0}).count, 0xFFU);
}

TEST(ExtendedCommands, AreAbortedByADriveWithoutThemAndInA28BitCdb) {
    AtaTraits traits;
    traits.extended = false;
    AtaBench old(traits);
    EXPECT_TRUE(is_aborted(old.send({0x27, 0, 0, 0})));
    EXPECT_TRUE(is_aborted(old.send(sanitize_status)));
    EXPECT_EQ(old.word(83) & 0x0400U, 0U);
    AtaBench bench;
    AtaCommand narrow = AtaBench::command_of(block_erase);
    narrow.extended = false;
    const auto reply = bench.drive.execute(narrow);
    ASSERT_TRUE(reply);
    EXPECT_TRUE(is_aborted(*reply->registers));
    EXPECT_TRUE(bench.holds_secret(0));
}

// STATUS bit 4 means nothing since ATA/ATAPI-7; recorded drives set it (an M600's 51h), others not.
TEST(Status, HasBit4AsTheDriveLikes) {
    AtaTraits traits;
    traits.seek_complete = false;
    AtaBench bench(traits);
    EXPECT_EQ(bench.send({0xE5, 0, 0, 0}).status, 0x40U);
    EXPECT_EQ(bench.send({0x08, 0, 0, 0}).status, 0x41U);
    AtaBench other;
    EXPECT_EQ(other.send({0xE5, 0, 0, 0}).status, 0x50U);
    EXPECT_EQ(other.send({0x08, 0, 0, 0}).status, 0x51U);
}

// With UNLOAD it halts a sanitize operation, and any other command lets it go on (HC580 page 104).
TEST(IdleImmediate, HaltsASanitizeOperation) {
    AtaBench bench;
    (void)bench.send(block_erase);
    bench.clock.advance(std::chrono::seconds(20));
    EXPECT_EQ(bench.send({0xE1, 0x44, 0, 0x554E4C}).lba, 0xC4U);
    bench.clock.advance(std::chrono::hours(5));
    const AtaRegisters status = bench.send(sanitize_status);
    EXPECT_EQ(status.count, 0x4000U);
    EXPECT_NEAR(static_cast<double>(*status.lba), 65536.0 / 3, 40);
    EXPECT_EQ(bench.sanitized().count, 0x8000U);
}

TEST(ABusyDrive, IsWaitedForAsLongAsTheTimeoutLasts) {
    AtaBench bench;
    (void)bench.set_password("p");
    (void)bench.send({0xF3, 0, 0, 0});
    const auto begun = bench.clock.monotonic();
    EXPECT_TRUE(
        is_lost(bench.send({0xF4, 0, 1, 0}, password_block(2, "p"), std::chrono::seconds(30))));
    EXPECT_EQ(bench.clock.monotonic() - begun, std::chrono::seconds(30));
    EXPECT_NE(bench.read(0).error, 0);
    EXPECT_TRUE(is_lost(bench.send({0xE5, 0, 0, 0}))); // 15 seconds
    bench.clock.advance(std::chrono::seconds(70));
    EXPECT_TRUE(bench.send({0xE5, 0, 0, 0}).succeeded()); // done meanwhile
    EXPECT_EQ(bench.word(128) & 0x7U, 0x1U);
    EXPECT_EQ(bench.residue(), 0U);
}

} // namespace
} // namespace quietus::emulator
