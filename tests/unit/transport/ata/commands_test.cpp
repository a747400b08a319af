// Commands octet by octet, as CDBs of ATA PASS-THROUGH (16). Expected values from the tables named
// in commands.hpp, packed by hand by SAT-4 clause 12.2.2.
#include "quietus/transport/ata/commands.hpp"

#include "quietus/transport/ata_over_scsi.hpp"

#include <gtest/gtest.h>

namespace quietus {
namespace {

/// Keeps what it was sent first: registers that do not come back are asked for again.
class SeenPort final : public ScsiPort {
  public:
    Result<ScsiReply> execute(const ScsiCommand& command) override {
        if (seen.cdb.empty()) seen = command;
        return ScsiReply{};
    }
    ScsiCommand seen;
};

std::string cdb_of(const AtaCommand& command) {
    SeenPort scsi;
    static_cast<void>(AtaOverScsi(scsi).execute(command));
    return to_hex(scsi.seen.cdb);
}

Bytes out_of(const AtaCommand& command) {
    SeenPort scsi;
    static_cast<void>(AtaOverScsi(scsi).execute(command));
    return scsi.seen.out;
}

ata::SanitizeOptions overwriting(const ata::SanitizePasses& passes) {
    return {.overwrite = passes};
}
std::string overwrite_cdb(const ata::SanitizePasses& passes) {
    return cdb_of(ata::sanitize(ata::SanitizeKind::overwrite, overwriting(passes)));
}

TEST(AtaCommands, BeginASanitizeWithTheWordThatSpellsIt) {
    EXPECT_EQ(cdb_of(ata::sanitize(ata::SanitizeKind::crypto_scramble, {})),
              "8507200011000043700079007240b400"); // 43727970h "Cryp"
    EXPECT_EQ(cdb_of(ata::sanitize(ata::SanitizeKind::block_erase, {})),
              "8507200012000042720045006b40b400");
    EXPECT_EQ(overwrite_cdb({.pattern = 0xA1B2C3D4, .passes = 1}),
              "85072000140001a1d457c34fb240b400");
    EXPECT_EQ(cdb_of(ata::sanitize_freeze_lock()),
              "85072000200000466b004c007240b400"); // 46724C6Bh "FrLk"
    EXPECT_EQ(cdb_of(ata::sanitize_antifreeze_lock()),
              "8507200040000041690074006e40b400"); // 416E7469h "Anti"
}

TEST(AtaCommands, AskForTheStatusOfASanitize) {
    EXPECT_EQ(cdb_of(ata::sanitize_status()), "8507200000000000000000000040b400");
    EXPECT_EQ(cdb_of(ata::sanitize_status(true)), "8507200000000100000000000040b400");
}

// COUNT bits 3:0: as many passes, and 0 for sixteen.
TEST(AtaCommands, CountPassesFromOneToSixteen) {
    const auto count = [](std::uint8_t passes) {
        return overwrite_cdb({.pattern = 0, .passes = passes}).substr(10, 4);
    };
    EXPECT_EQ(count(1), "0001");
    EXPECT_EQ(count(2), "0002");
    EXPECT_EQ(count(15), "000f");
    EXPECT_EQ(count(16), "0000");
}

TEST(AtaCommands, HaveEachFlagOfASanitizeInItsBit) {
    const auto count = [](const ata::SanitizeOptions& options) {
        return cdb_of(ata::sanitize(ata::SanitizeKind::overwrite, options)).substr(10, 4);
    };
    EXPECT_EQ(count({.overwrite = {.passes = 3, .invert_between = true}}), "0083");
    EXPECT_EQ(count({.overwrite = {.passes = 3, .definitive_end = true}}), "0043");
    EXPECT_EQ(count({.may_leave_failed = true}), "0011");
    EXPECT_EQ(count({.zoned_no_reset = true}), "8001");
    const ata::SanitizeOptions common{.may_leave_failed = true, .zoned_no_reset = true};
    EXPECT_EQ(cdb_of(ata::sanitize(ata::SanitizeKind::block_erase, common)).substr(10, 4), "8010");
    EXPECT_EQ(cdb_of(ata::sanitize(ata::SanitizeKind::crypto_scramble, common)).substr(10, 4),
              "8010");
}

// Word 0 bit 0 is 0: the user password. Bit 8 of it is 0: level High.
TEST(AtaCommands, SetAUserPasswordOfLevelHigh) {
    const Bytes password(32, 'p');
    Bytes block(512);
    std::fill_n(block.begin() + 2, 32, 'p');
    EXPECT_EQ(cdb_of(ata::security_set_password(password)), "850a260000000100000000000000f100");
    EXPECT_EQ(out_of(ata::security_set_password(password)), block);
    EXPECT_EQ(cdb_of(ata::security_unlock(password)).substr(28, 2), "f2");
    EXPECT_EQ(out_of(ata::security_unlock(password)), block);
    EXPECT_EQ(cdb_of(ata::security_disable_password(password)).substr(28, 2), "f6");
    EXPECT_EQ(out_of(ata::security_disable_password(password)), block);
}

TEST(AtaCommands, PadAPasswordWithZeros) {
    Bytes block(512);
    block[2] = 'a';
    EXPECT_EQ(out_of(ata::security_unlock(Bytes{'a'})), block);
}

TEST(AtaCommands, TellANormalFromAnEnhancedErasure) {
    const Bytes password(32, 'p');
    const auto normal = ata::security_erase_unit(password, false, std::chrono::minutes(9));
    const auto enhanced = ata::security_erase_unit(password, true, std::chrono::minutes(9));
    EXPECT_EQ(cdb_of(normal), "850a260000000100000000000000f400");
    EXPECT_EQ(out_of(normal)[0], 0);
    EXPECT_EQ(out_of(enhanced)[0], 2); // bit 1
    EXPECT_EQ(out_of(enhanced)[1], 0);
    EXPECT_EQ(enhanced.timeout, std::chrono::minutes(9));
    EXPECT_EQ(cdb_of(ata::security_erase_prepare()), "8506200000000000000000000000f300");
    EXPECT_EQ(cdb_of(ata::security_freeze_lock()), "8506200000000000000000000000f500");
}

TEST(AtaCommands, ReadAndSetTheLastAddress) {
    EXPECT_EQ(cdb_of(ata::read_native_max(true)), "85072000000000000000000000402700");
    EXPECT_EQ(cdb_of(ata::read_native_max(false)), "8506200000000000000000000040f800");
    EXPECT_EQ(cdb_of(ata::set_max(0xA1A2A3A4A5A6, true)), "85072000000001a3a6a2a5a1a4403700");
    // Bits 27:24 stand in DEVICE.
    EXPECT_EQ(cdb_of(ata::set_max(0xFEDCBA9 & 0xFFFFFFF, false)),
              "8506200000000100a900cb00ed4ff900");
    EXPECT_EQ(cdb_of(ata::get_native_max_accessible()), "85072000000000000000000000407800");
    EXPECT_EQ(cdb_of(ata::set_max_accessible(0xFFFFFFF)), "850720000100000fff00ff00ff407800");
}

TEST(AtaCommands, ReadAndRestoreTheOverlay) {
    EXPECT_EQ(cdb_of(ata::dco_identify()), "85080e00c2000100000000000000b100");
    EXPECT_EQ(cdb_of(ata::dco_restore()), "85062000c0000000000000000000b100");
}

TEST(AtaCommands, ReadWhatADriveTellsOfItself) {
    EXPECT_EQ(cdb_of(ata::identify()), "85080e0000000100000000000000ec00");
    EXPECT_EQ(cdb_of(ata::smart_read_data()), "85080e00d000010000004f00c200b000");
    EXPECT_EQ(cdb_of(ata::smart_return_status()), "85062000da00000000004f00c200b000");
    EXPECT_EQ(cdb_of(ata::read_log(0x30, 0x0103)), "85090e00000001003001030000402f00");
    EXPECT_EQ(cdb_of(ata::nop(0xA5, 0x5AC396)), "850620000000a5009600c3005a400000");
    EXPECT_EQ(cdb_of(ata::check_power_mode()), "8506200000000000000000000000e500");
}

} // namespace
} // namespace quietus
