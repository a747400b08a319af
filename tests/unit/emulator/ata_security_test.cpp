// Security: every command in every state, as T13/e05179r4 and the command tables of ACS have it.
#include "ata_bench.hpp"
#include "ata_security.hpp"

#include <tuple>

namespace quietus::emulator {
namespace {

// Word 128: supported, enabled, locked, frozen; enhanced erase.
constexpr unsigned state_bits = 0x0F;
constexpr unsigned sec1 = 0x1;
constexpr unsigned sec2 = 0x9;
constexpr unsigned sec4 = 0x7;
constexpr unsigned sec5 = 0x3;
constexpr unsigned sec6 = 0xB;

const std::string password = "the password";

struct Row {
    const char* command;
    unsigned before;
    bool succeeds;
    unsigned after;
};

class SecurityStates : public AtaBench, public testing::TestWithParam<Row> {
  protected:
    void enter(unsigned state) {
        if (state == sec4 || state == sec5 || state == sec6) (void)set_password(password);
        if (state == sec4) drive.power_cycle();
        if (state == sec2 || state == sec6) (void)send({0xF5, 0, 0, 0});
    }
    unsigned state() { return word(128) & state_bits; }
    AtaRegisters perform(const std::string& command) {
        if (command == "set user password") return set_password("another");
        if (command == "set master password") return set_password("master", 1);
        if (command == "unlock") return unlock(password);
        if (command == "unlock, wrong") return unlock("wrong");
        if (command == "erase prepare") return send({0xF3, 0, 0, 0});
        if (command == "erase unit") return erase_unit(password);
        if (command == "erase unit, wrong") return erase_unit("wrong");
        if (command == "erase unit, unprepared")
            return send({0xF4, 0, 1, 0}, password_block(0, password));
        if (command == "freeze lock") return send({0xF5, 0, 0, 0});
        if (command == "disable password") return disable(password);
        return disable("wrong");
    }
};

TEST_P(SecurityStates, Follow) {
    const Row& row = GetParam();
    enter(row.before);
    ASSERT_EQ(state(), row.before);
    const AtaRegisters end = perform(row.command);
    EXPECT_EQ(end.succeeded(), row.succeeds);
    EXPECT_EQ(is_aborted(end), !row.succeeds);
    EXPECT_EQ(state(), row.after);
}

const Row rows[] = {
    // In SEC1 nothing matches a user password: there is none.
    {"set user password", sec1, true, sec5},
    {"set master password", sec1, true, sec1},
    {"unlock", sec1, false, sec1},
    {"unlock, wrong", sec1, false, sec1},
    {"erase prepare", sec1, true, sec1},
    {"erase unit", sec1, false, sec1},
    {"erase unit, wrong", sec1, false, sec1},
    {"erase unit, unprepared", sec1, false, sec1},
    {"freeze lock", sec1, true, sec2},
    {"disable password", sec1, false, sec1},
    {"disable password, wrong", sec1, false, sec1},
    // SEC2
    {"set user password", sec2, false, sec2},
    {"set master password", sec2, false, sec2},
    {"unlock", sec2, false, sec2},
    {"unlock, wrong", sec2, false, sec2},
    {"erase prepare", sec2, false, sec2},
    {"erase unit", sec2, false, sec2},
    {"erase unit, wrong", sec2, false, sec2},
    {"erase unit, unprepared", sec2, false, sec2},
    {"freeze lock", sec2, true, sec2},
    {"disable password", sec2, false, sec2},
    {"disable password, wrong", sec2, false, sec2},
    // SEC4
    {"set user password", sec4, false, sec4},
    {"set master password", sec4, false, sec4},
    {"unlock", sec4, true, sec5},
    {"unlock, wrong", sec4, false, sec4},
    {"erase prepare", sec4, true, sec4},
    {"erase unit", sec4, true, sec1},
    {"erase unit, wrong", sec4, false, sec4},
    {"erase unit, unprepared", sec4, false, sec4},
    {"freeze lock", sec4, false, sec4},
    {"disable password", sec4, false, sec4},
    {"disable password, wrong", sec4, false, sec4},
    // SEC5
    {"set user password", sec5, true, sec5},
    {"set master password", sec5, true, sec5},
    {"unlock", sec5, true, sec5},
    {"unlock, wrong", sec5, false, sec5},
    {"erase prepare", sec5, true, sec5},
    {"erase unit", sec5, true, sec1},
    {"erase unit, wrong", sec5, false, sec5},
    {"erase unit, unprepared", sec5, false, sec5},
    {"freeze lock", sec5, true, sec6},
    {"disable password", sec5, true, sec1},
    {"disable password, wrong", sec5, false, sec5},
    // SEC6
    {"set user password", sec6, false, sec6},
    {"set master password", sec6, false, sec6},
    {"unlock", sec6, false, sec6},
    {"unlock, wrong", sec6, false, sec6},
    {"erase prepare", sec6, false, sec6},
    {"erase unit", sec6, false, sec6},
    {"erase unit, wrong", sec6, false, sec6},
    {"erase unit, unprepared", sec6, false, sec6},
    {"freeze lock", sec6, true, sec6},
    {"disable password", sec6, false, sec6},
    {"disable password, wrong", sec6, false, sec6},
};
INSTANTIATE_TEST_SUITE_P(Table, SecurityStates, testing::ValuesIn(rows));

class Security : public AtaBench, public testing::Test {};

TEST_F(Security, LocksAtPowerOnAndKeepsItsStateOverAReset) {
    (void)set_password(password);
    drive.hard_reset();
    EXPECT_EQ(word(128) & state_bits, sec5);
    EXPECT_EQ(read(0).error, 0);
    drive.power_cycle();
    EXPECT_EQ(word(128) & state_bits, sec4);
    EXPECT_NE(read(0).error, 0);
    EXPECT_NE(write(0, "x"), 0);
    EXPECT_TRUE(unlock(password).succeeded());
    EXPECT_TRUE(holds_secret(0));
}

TEST_F(Security, IsThawedByPowerAlone) {
    (void)send({0xF5, 0, 0, 0});
    drive.hard_reset();
    EXPECT_EQ(word(128) & state_bits, sec2);
    drive.power_cycle();
    EXPECT_EQ(word(128) & state_bits, sec1);
}

TEST_F(Security, CountsFiveWrongPasswordsOfALockedDrive) {
    (void)set_password(password);
    EXPECT_TRUE(is_aborted(unlock("wrong"))); // unlocked: not counted
    drive.power_cycle();
    for (int i = 0; i < 4; ++i)
        EXPECT_TRUE(is_aborted(unlock("wrong")));
    EXPECT_EQ(word(128) & 0x10U, 0U);
    EXPECT_TRUE(is_aborted(unlock("wrong")));
    EXPECT_EQ(word(128) & 0x10U, 0x10U); // expired
    EXPECT_TRUE(is_aborted(unlock(password)));
    EXPECT_TRUE(is_aborted(erase_unit(password)));
    drive.power_cycle();
    EXPECT_EQ(word(128) & 0x10U, 0U);
    EXPECT_TRUE(unlock(password).succeeded());
}

TEST_F(Security, LetsAMasterPasswordUnlockAtLevelHigh) {
    (void)set_password("master", 1);
    (void)set_password(password);
    drive.power_cycle();
    EXPECT_TRUE(unlock("master", 1).succeeded());
    EXPECT_TRUE(disable("master", 1).succeeded());
    EXPECT_EQ(word(128) & state_bits, sec1);
}

TEST_F(Security, LetsAMasterPasswordOnlyEraseAtLevelMaximum) {
    (void)set_password("master", 1);
    (void)set_password(password, 0x100);
    EXPECT_EQ(word(128) & 0x100U, 0x100U);
    drive.power_cycle();
    EXPECT_TRUE(is_aborted(unlock("master", 1)));
    EXPECT_TRUE(unlock(password).succeeded());
    EXPECT_TRUE(is_aborted(disable("master", 1)));
    EXPECT_TRUE(erase_unit("master", 1).succeeded());
    EXPECT_EQ(word(128) & (state_bits | 0x100U), sec1);
    EXPECT_EQ(residue(), 0U);
}

TEST_F(Security, ErasesAnUnprotectedDriveForItsMasterPassword) {
    (void)set_password("master", 1);
    EXPECT_TRUE(erase_unit("master", 1).succeeded());
    EXPECT_EQ(residue(), 0U);
}

// WD HC310, Security Set Password: 0001h to FFFEh are identifiers, 0000h and FFFFh change nothing.
TEST_F(Security, KeepsAMasterPasswordIdentifier) {
    EXPECT_EQ(word(92), 0xFFFEU);
    (void)send({0xF1, 0, 1, 0}, password_block(1, "master", 0x1234));
    EXPECT_EQ(word(92), 0x1234U);
    for (const std::uint16_t none : {std::uint16_t{0x0000}, std::uint16_t{0xFFFF}})
        (void)send({0xF1, 0, 1, 0}, password_block(1, "master", none));
    (void)send({0xF1, 0, 1, 0}, password_block(0, "user", 0x4321));
    EXPECT_EQ(word(92), 0x1234U);
}

TEST_F(Security, WantsErasePrepareRightBeforeEraseUnit) {
    (void)set_password(password);
    (void)send({0xF3, 0, 0, 0});
    (void)identify();
    EXPECT_TRUE(is_aborted(send({0xF4, 0, 1, 0}, password_block(0, password))));
    EXPECT_EQ(word(128) & state_bits, sec5);
    EXPECT_TRUE(holds_secret(0));
}

TEST_F(Security, TellsOfItselfInWords82And85) {
    EXPECT_EQ(word(82) & 2U, 2U);
    EXPECT_EQ(word(85) & 2U, 0U);
    (void)set_password(password);
    EXPECT_EQ(word(85) & 2U, 2U);
    (void)disable(password);
    EXPECT_EQ(word(85) & 2U, 0U);
}

// hdparm reads bit 15 as "bits 14:0 count two minutes each", else bits 7:0 do
// (get_erase_timeout_secs).
TEST(SecurityTimes, AreAnnouncedInBothFormats) {
    AtaTraits traits;
    traits.security.normal_takes = std::chrono::minutes(600);
    traits.security.enhanced_takes = std::chrono::minutes(2);
    AtaBench wide(traits);
    EXPECT_EQ(wide.word(89), 0x8000U | 300U);
    EXPECT_EQ(wide.word(90), 0x8000U | 1U);
    traits.security.extended_times = false;
    AtaBench narrow(traits);
    EXPECT_EQ(narrow.word(89), 0xFFU); // more than 508 minutes
    EXPECT_EQ(narrow.word(90), 1U);
    traits.security.normal_takes = {};
    traits.security.enhanced = false;
    AtaBench silent(traits);
    EXPECT_EQ(silent.word(89), 0U);
    EXPECT_EQ(silent.word(90), 0U);
    EXPECT_EQ(silent.word(128) & 0x20U, 0U);
    (void)silent.set_password(password);
    EXPECT_TRUE(is_aborted(silent.erase_unit(password, 2)));
}

TEST(SecurityAbsent, AbortsAllOfIt) {
    AtaTraits traits;
    traits.security.supported = false;
    AtaBench bench(traits);
    EXPECT_EQ(bench.word(128), 0U);
    EXPECT_EQ(bench.word(82) & 2U, 0U);
    EXPECT_TRUE(is_aborted(bench.set_password(password)));
    EXPECT_TRUE(is_aborted(bench.send({0xF3, 0, 0, 0})));
    EXPECT_TRUE(is_aborted(bench.send({0xF5, 0, 0, 0})));
}

TEST(SecurityOfSomebodyElse, IsThereAtPowerOn) {
    AtaTraits traits;
    traits.security.user_password = "theirs";
    AtaBench bench(traits);
    EXPECT_EQ(bench.word(128) & state_bits, sec4);
    EXPECT_NE(bench.read(0).error, 0);
    EXPECT_TRUE(bench.unlock("theirs").succeeded());
}

TEST(SecurityOfAComputer, IsFrozenAtPowerOn) {
    AtaTraits traits;
    traits.security.frozen_at_power_on = true;
    AtaBench bench(traits);
    EXPECT_EQ(bench.word(128) & state_bits, sec2);
    EXPECT_TRUE(is_aborted(bench.set_password(password)));
}

} // namespace
} // namespace quietus::emulator
