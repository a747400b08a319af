// Sanitize: every command in every state, as the manuals of WD's Ultrastar DC HC310 (clause 9.20)
// and HC580 (clause 10.20) have them.
#include "ata_bench.hpp"
#include "ata_sanitize.hpp"

namespace quietus::emulator {
namespace {

using enum SanitizeState;

// What an aborted command has in LBA 7:0 (HC580 page 263).
constexpr int succeeds = -1;

struct Row {
    const char* command;
    SanitizeState before;
    int reason; ///< or `succeeds`
    SanitizeState after;
};

/// A machine that has come to the state the way drives do.
AtaSanitize machine_in(SanitizeState state) {
    AtaSanitize machine;
    switch (state) {
    case sd0_idle:
        break;
    case sd1_frozen:
        (void)machine.perform(SanitizeCommand::freeze_lock);
        break;
    case sd2_in_progress:
        (void)machine.perform(SanitizeCommand::restricted);
        break;
    case sd3_failed_restricted:
        (void)machine.perform(SanitizeCommand::restricted);
        machine.ended(false);
        break;
    case sd3_failed_unrestricted:
        (void)machine.perform(SanitizeCommand::unrestricted);
        machine.ended(false);
        break;
    case sd4_succeeded:
        (void)machine.perform(SanitizeCommand::restricted);
        machine.ended(true);
        break;
    }
    return machine;
}

SanitizeAnswer perform(AtaSanitize& machine, const std::string& command) {
    if (command == "status") return machine.perform(SanitizeCommand::status);
    if (command == "clear") return machine.perform(SanitizeCommand::status_clear);
    if (command == "restricted") return machine.perform(SanitizeCommand::restricted);
    if (command == "unrestricted") return machine.perform(SanitizeCommand::unrestricted);
    if (command == "freeze") return machine.perform(SanitizeCommand::freeze_lock);
    if (command == "antifreeze") return machine.perform(SanitizeCommand::antifreeze_lock);
    machine.power_on(); // "power"
    return {false, SanitizeReason::none, machine.state()};
}

class SanitizeStates : public testing::TestWithParam<Row> {};

TEST_P(SanitizeStates, Follow) {
    const Row& row = GetParam();
    AtaSanitize machine = machine_in(row.before);
    ASSERT_EQ(machine.state(), row.before);
    const SanitizeAnswer answer = perform(machine, row.command);
    EXPECT_EQ(answer.aborted, row.reason != succeeds);
    if (answer.aborted) {
        EXPECT_EQ(static_cast<int>(answer.reason), row.reason);
    }
    EXPECT_EQ(machine.state(), row.after);
}

const Row rows[] = {
    {"status", sd0_idle, succeeds, sd0_idle},
    {"clear", sd0_idle, succeeds, sd0_idle},
    {"restricted", sd0_idle, succeeds, sd2_in_progress},
    {"unrestricted", sd0_idle, succeeds, sd2_in_progress},
    {"freeze", sd0_idle, succeeds, sd1_frozen},
    {"antifreeze", sd0_idle, succeeds, sd0_idle},
    {"power", sd0_idle, succeeds, sd0_idle},

    {"status", sd1_frozen, succeeds, sd1_frozen},
    {"clear", sd1_frozen, succeeds, sd1_frozen},
    {"restricted", sd1_frozen, 3, sd1_frozen},
    {"unrestricted", sd1_frozen, 3, sd1_frozen},
    {"freeze", sd1_frozen, succeeds, sd1_frozen},
    {"antifreeze", sd1_frozen, 3, sd1_frozen},
    {"power", sd1_frozen, succeeds, sd0_idle},

    {"status", sd2_in_progress, succeeds, sd2_in_progress},
    {"clear", sd2_in_progress, succeeds, sd2_in_progress},
    {"restricted", sd2_in_progress, 0, sd2_in_progress},
    {"unrestricted", sd2_in_progress, 0, sd2_in_progress},
    {"freeze", sd2_in_progress, 0, sd2_in_progress},
    {"antifreeze", sd2_in_progress, succeeds, sd2_in_progress},
    {"power", sd2_in_progress, succeeds, sd2_in_progress},

    {"status", sd3_failed_restricted, 1, sd3_failed_restricted},
    {"clear", sd3_failed_restricted, 1, sd3_failed_restricted},
    {"restricted", sd3_failed_restricted, succeeds, sd2_in_progress},
    {"unrestricted", sd3_failed_restricted, 0, sd3_failed_restricted},
    {"freeze", sd3_failed_restricted, 0, sd3_failed_restricted},
    {"antifreeze", sd3_failed_restricted, succeeds, sd3_failed_restricted},
    {"power", sd3_failed_restricted, succeeds, sd3_failed_restricted},

    {"status", sd3_failed_unrestricted, 1, sd3_failed_unrestricted},
    {"clear", sd3_failed_unrestricted, succeeds, sd0_idle},
    {"restricted", sd3_failed_unrestricted, succeeds, sd2_in_progress},
    {"unrestricted", sd3_failed_unrestricted, succeeds, sd2_in_progress},
    {"freeze", sd3_failed_unrestricted, 0, sd3_failed_unrestricted},
    {"antifreeze", sd3_failed_unrestricted, succeeds, sd3_failed_unrestricted},
    {"power", sd3_failed_unrestricted, succeeds, sd3_failed_unrestricted},

    {"status", sd4_succeeded, succeeds, sd4_succeeded},
    {"clear", sd4_succeeded, succeeds, sd4_succeeded},
    {"restricted", sd4_succeeded, succeeds, sd2_in_progress},
    {"unrestricted", sd4_succeeded, succeeds, sd2_in_progress},
    {"freeze", sd4_succeeded, succeeds, sd1_frozen},
    {"antifreeze", sd4_succeeded, succeeds, sd4_succeeded},
    {"power", sd4_succeeded, succeeds, sd0_idle},
};
INSTANTIATE_TEST_SUITE_P(Table, SanitizeStates, testing::ValuesIn(rows));

class Sanitize : public AtaBench, public testing::Test {};

// COUNT 15:12: completed without error, in progress, frozen, antifreeze.
constexpr unsigned completed = 0x8000;
constexpr unsigned in_progress = 0x4000;
constexpr unsigned frozen = 0x2000;
constexpr unsigned antifreeze = 0x1000;

TEST_F(Sanitize, IsIdleAtFirst) {
    const AtaRegisters status = send(sanitize_status);
    EXPECT_TRUE(status.succeeded());
    EXPECT_EQ(status.count, 0U);
    EXPECT_EQ(status.lba, 0xFFFFU);
}

TEST_F(Sanitize, GoesOnWithTheClockAndTellsHowFarItIs) {
    EXPECT_EQ(send(block_erase).count, in_progress);
    clock.advance(std::chrono::seconds(30));
    const AtaRegisters half = send(sanitize_status);
    EXPECT_EQ(half.count, in_progress);
    EXPECT_NEAR(static_cast<double>(*half.lba), 32768, 40); // numerator of 65536
    EXPECT_NE(read(0).error, 0);
    clock.advance(std::chrono::seconds(30));
    const AtaRegisters end = send(sanitize_status);
    EXPECT_EQ(end.count, completed);
    EXPECT_EQ(end.lba, 0xFFFFU);
    EXPECT_EQ(residue(), 0U);
    EXPECT_EQ(read(7).data, Bytes(512, 0));
}

TEST_F(Sanitize, KeepsTheCompletedBitOverPowerAndDropsItWithTheNextOperation) {
    (void)send(crypto_scramble);
    EXPECT_EQ(sanitized().count, completed);
    drive.power_cycle();
    EXPECT_EQ(send(sanitize_status).count, completed);
    EXPECT_EQ(send(block_erase).count, in_progress);
}

TEST_F(Sanitize, GoesOnAfterThePowerWasGone) {
    (void)send(overwrite(2, 0x12345678));
    clock.advance(std::chrono::seconds(600));
    drive.power_cycle();
    const AtaRegisters status = send(sanitize_status);
    EXPECT_EQ(status.count, in_progress);
    EXPECT_NEAR(static_cast<double>(*status.lba), 32768, 40);
    drive.hard_reset();
    EXPECT_EQ(sanitized().count, completed);
    EXPECT_EQ(residue(), 0U);
}

TEST_F(Sanitize, IsFrozenUntilThePowerGoes) {
    EXPECT_EQ(send(sanitize_freeze).count, frozen);
    const AtaRegisters refused = send(block_erase);
    EXPECT_TRUE(is_aborted(refused));
    EXPECT_EQ(refused.lba, 3U);
    drive.hard_reset();
    EXPECT_EQ(send(sanitize_status).count, frozen);
    drive.power_cycle();
    EXPECT_EQ(send(sanitize_status).count, 0U);
    EXPECT_TRUE(holds_secret(0));
}

TEST_F(Sanitize, CannotBeFrozenAfterAntifreeze) {
    EXPECT_EQ(send(sanitize_antifreeze).count, antifreeze);
    const AtaRegisters refused = send(sanitize_freeze);
    EXPECT_TRUE(is_aborted(refused));
    EXPECT_EQ(refused.lba, 4U);
    drive.power_cycle();
    EXPECT_EQ(send(sanitize_freeze).count, frozen);
}

TEST_F(Sanitize, AbortsWhatItDoesNotKnow) {
    for (const Registers& unknown :
         {Registers{0xB4, 0x0013, 0, 0}, Registers{0xB4, 0x0012, 0, 0x43727970},
          Registers{0xB4, 0x0011, 0, 0x426B4572}, Registers{0xB4, 0x0014, 1, 0x12345678},
          Registers{0xB4, 0x0020, 0, 0}, Registers{0xB4, 0x0040, 0, 0}}) {
        const AtaRegisters refused = send(unknown);
        EXPECT_TRUE(is_aborted(refused)) << unknown.feature;
        EXPECT_EQ(refused.lba, 2U) << unknown.feature;
    }
    EXPECT_TRUE(holds_secret(0));
}

// Word 59, as hdparm and openSeaChest read it.
TEST(SanitizeTraitsOf, AreInWord59) {
    AtaBench all;
    EXPECT_EQ(all.word(59), 0xFC00U);
    AtaTraits traits;
    traits.sanitize.crypto_scramble = false;
    traits.sanitize.antifreeze = false;
    AtaBench some(traits);
    EXPECT_EQ(some.word(59), 0xD800U);
    EXPECT_EQ(some.send(crypto_scramble).lba, 2U);
    EXPECT_EQ(some.send(sanitize_antifreeze).lba, 2U);
    traits.sanitize.supported = false;
    AtaBench none(traits);
    EXPECT_EQ(none.word(59), 0U);
    EXPECT_TRUE(is_aborted(none.send(sanitize_status)));
}

TEST(SanitizeOfALockedDrive, TellsItsStatusAndNoMore) {
    AtaTraits traits;
    traits.security.user_password = "theirs";
    AtaBench bench(traits);
    EXPECT_TRUE(bench.send(sanitize_status).succeeded());
    EXPECT_TRUE(is_aborted(bench.send(block_erase)));
    EXPECT_TRUE(is_aborted(bench.send(sanitize_freeze)));
    EXPECT_GT(bench.residue(), 0U);
}

} // namespace
} // namespace quietus::emulator
