// Commands octet by octet. Expected values packed by hand by the tables named in commands.hpp.
#include "quietus/transport/scsi/commands.hpp"

#include <gtest/gtest.h>

namespace quietus::scsi {
namespace {

using enum SanitizeKind;

std::string cdb_of(const Result<ScsiCommand>& command) {
    return command ? to_hex(command->cdb) : command.error().message;
}
std::string out_of(const Result<ScsiCommand>& command) {
    return command ? to_hex(command->out) : command.error().message;
}

// Octet 1: IMMED 80h, ZNR 40h, AUSE 20h, service action.
TEST(ScsiSanitize, IsNamedByItsServiceAction) {
    EXPECT_EQ(cdb_of(sanitize(block_erase, {}, 512)), "48820000000000000000");
    EXPECT_EQ(cdb_of(sanitize(crypto_erase, {}, 512)), "48830000000000000000");
    EXPECT_EQ(cdb_of(sanitize(overwrite, {}, 512)), "48810000000000000800");
    EXPECT_EQ(cdb_of(exit_failure_mode()), "481f0000000000000000");
}

TEST(ScsiSanitize, HasItsFlagsInTheSecondOctet) {
    EXPECT_EQ(cdb_of(sanitize(block_erase, {.may_leave_failed = true}, 512)),
              "48a20000000000000000");
    EXPECT_EQ(cdb_of(sanitize(block_erase, {.zoned_no_reset = true}, 512)), "48c20000000000000000");
    EXPECT_EQ(cdb_of(sanitize(crypto_erase, {.returns_at_once = false}, 512)),
              "48030000000000000000");
    EXPECT_EQ(sanitize(block_erase, {}, 512)->out, Bytes());
    EXPECT_EQ(sanitize(block_erase, {}, 512)->in_bytes, 0U);
}

TEST(ScsiSanitize, CountsPassesFromOneToThirtyOne) {
    const auto passes = [](std::uint8_t count, bool invert = false) {
        return out_of(sanitize(
            overwrite,
            {.pattern = {0xA1, 0xB2, 0xC3, 0xD4}, .passes = count, .invert_between = invert}, 512));
    };
    EXPECT_EQ(passes(1), "01000004a1b2c3d4");
    EXPECT_EQ(passes(3, true), "83000004a1b2c3d4");
    EXPECT_EQ(passes(16), "10000004a1b2c3d4"); // 16 is 16, and not 0 as of ATA
    EXPECT_EQ(passes(31, true), "9f000004a1b2c3d4");
    EXPECT_EQ(passes(0), "passes: SANITIZE overwrites 1 to 31 times");
    EXPECT_EQ(passes(32), "passes: SANITIZE overwrites 1 to 31 times");
}

TEST(ScsiSanitize, TakesAPatternOfUpToABlock) {
    const auto with = [](std::size_t octets) {
        return sanitize(overwrite, {.pattern = Bytes(octets, 0x5A)}, 512);
    };
    EXPECT_EQ(with(1)->out, (Bytes{1, 0, 0, 1, 0x5A}));
    ASSERT_TRUE(with(512));
    EXPECT_EQ(with(512)->out.size(), 516U); // less than a block and five octets
    EXPECT_EQ(cdb_of(with(512)), "48810000000000020400");
    EXPECT_EQ(with(0).error().fault, Fault::invalid);
    EXPECT_EQ(with(513).error().fault, Fault::invalid);
    EXPECT_TRUE(sanitize(overwrite, {.pattern = Bytes(520, 1)}, 520));
}

// FMTPINFO in bits 7:6, FMTDATA 10h; IMMED 02h of the list's header.
TEST(ScsiFormat, KeepsTheProtectionThatThereIs) {
    const auto of = [](std::uint8_t type) { return format_unit({.protection = type}, 512); };
    EXPECT_EQ(cdb_of(of(0)), "041000000000");
    EXPECT_EQ(out_of(of(0)), "00020000");
    EXPECT_EQ(cdb_of(of(1)), "049000000000");
    EXPECT_EQ(out_of(of(1)), "00020000");
    EXPECT_EQ(cdb_of(of(2)), "04d000000000");
    EXPECT_EQ(out_of(of(2)), "00020000");
    EXPECT_EQ(cdb_of(of(3)), "04d000000000");
    EXPECT_EQ(out_of(of(3)), "01020000");
    EXPECT_EQ(of(4).error().fault, Fault::invalid);
}

TEST(ScsiFormat, HasALongHeaderForIntervals) {
    const auto three = format_unit({.protection = 1, .protection_interval = 3}, 4096);
    EXPECT_EQ(cdb_of(three), "04b300000000");
    EXPECT_EQ(out_of(three), "0002000300000000");
    EXPECT_FALSE(format_unit({.protection_interval = 3}, 4096));
    EXPECT_FALSE(format_unit({.protection = 1, .protection_interval = 16}, 4096));
}

TEST(ScsiFormat, FillsWithAPatternWhereThatIsAskedFor) {
    // FOV 80h, IP 08h, IMMED 02h; the descriptor: SI 20h, type 1 repeated, length, pattern
    EXPECT_EQ(out_of(format_unit({.pattern = {0}}, 512)), "008a00000001000100");
    EXPECT_EQ(out_of(format_unit({.pattern = {0xE5, 0x5E}, .security_initialise = true}, 512)),
              "008a000020010002e55e");
    EXPECT_EQ(out_of(format_unit({.without_certification = true}, 512)), "00a20000");
    EXPECT_EQ(out_of(format_unit({.returns_at_once = false}, 512)), "00000000");
    EXPECT_FALSE(format_unit({.security_initialise = true}, 512));
    EXPECT_FALSE(format_unit({.pattern = Bytes(513)}, 512));
}

TEST(ScsiQuestions, AreAsTheirTablesHaveThem) {
    EXPECT_EQ(cdb_of(test_unit_ready()), "000000000000");
    EXPECT_EQ(cdb_of(request_sense()), "03000000fc00");
    EXPECT_EQ(cdb_of(synchronize_cache()), "35000000000000000000");
    EXPECT_EQ(cdb_of(report_supported_command(0x04)), "a30c01040000000000240000");
    EXPECT_EQ(cdb_of(report_supported_command(0x48, 0x1F)), "a30c0348001f000000240000");
    EXPECT_EQ(cdb_of(report_supported_commands(0x1234)), "a30c00000000000012340000");
    EXPECT_EQ(cdb_of(inquiry()), "120000002400");
    EXPECT_EQ(cdb_of(vital_product_data(0xB1, 64)), "1201b1004000");
    EXPECT_EQ(cdb_of(read_capacity_16()), "9e100000000000000000000000200000");
    EXPECT_EQ(cdb_of(mode_sense(0x08)), "5a10080000000000fc00");
    EXPECT_EQ(cdb_of(log_sense(0x15, 256)), "4d005500000000010000");
    EXPECT_EQ(cdb_of(grown_defects()), "b70c00000000000000080000");
    EXPECT_EQ(cdb_of(reservation_keys()), "5e000000000000020000");
    EXPECT_EQ(cdb_of(reservation()), "5e010000000000001800");
    EXPECT_EQ(cdb_of(report_luns(264)), "a00000000000000001080000");
}

} // namespace
} // namespace quietus::scsi
