// An emulated SAS drive that works: what it answers, what it does, what the oracle knows.
#include "scsi_bench.hpp"

#include "quietus/transport/scsi/pages.hpp"
#include "quietus/transport/scsi/supported_commands.hpp"

#include <cerrno>

namespace quietus::emulator {
namespace {

class ScsiDriveOf : public ScsiBench, public testing::Test {};

TEST_F(ScsiDriveOf, GoesOnWithTheClockAndTellsHowFarItIs) {
    EXPECT_EQ(residue(), 2048U);
    EXPECT_EQ(sense(), "0/00h/00h");
    EXPECT_EQ(tell(cdb::block_erase), "good");
    EXPECT_EQ(sense(), "2/04h/1bh");
    clock.advance(std::chrono::seconds(30));
    EXPECT_NEAR(progress().value(), 32768, 40);
    EXPECT_EQ(tell(cdb::test_unit_ready), "2/04h/1bh");
    EXPECT_EQ(read(0).first, EIO);
    clock.advance(std::chrono::seconds(30));
    EXPECT_EQ(sense(), "0/00h/00h");
    EXPECT_EQ(progress(), std::nullopt);
    EXPECT_EQ(residue(), 0U);
    EXPECT_EQ(read(2047).second, Bytes(512, 0));
}

TEST_F(ScsiDriveOf, ReturnsFromAWaitedForCommandAtItsEnd) {
    EXPECT_EQ(told(send(cdb::block_erase_waited_for, {}, 0, std::chrono::minutes(2))), "good");
    EXPECT_EQ(residue(), 0U);
    EXPECT_EQ(told(send(cdb::block_erase_waited_for, {}, 0, std::chrono::seconds(20))), "lost");
    EXPECT_EQ(sense(), "2/04h/1bh") << "it goes on";
}

// Of n passes with INVERT the last is the pattern as it is given, and the one before its
// complement.
TEST_F(ScsiDriveOf, InvertsSoThatThePatternIsWhatIsLeft) {
    for (const auto& [list, one_pass_before] :
         {std::pair{"81000004a1b2c3d4", ""}, std::pair{"82000004a1b2c3d4", "5e4d3c2b"},
          std::pair{"83000004a1b2c3d4", "5e4d3c2b"}, std::pair{"02000004a1b2c3d4", "a1b2c3d4"}}) {
        const auto first_octets = [this](std::uint64_t block) {
            const Bytes octets = drive.media().at(block * 512, 4);
            return to_hex(octets);
        };
        ASSERT_EQ(tell(cdb::overwrite, list), "good");
        const unsigned passes = from_hex(list).value()[0] & 0x1FU;
        // a quarter of the last pass, past what has been written of it
        clock.advance(std::chrono::minutes(10) * (passes - 1) + std::chrono::minutes(3));
        EXPECT_EQ(sense(), "2/04h/1bh");
        if (passes > 1) {
            EXPECT_EQ(first_octets(2000), one_pass_before) << list;
        }
        EXPECT_EQ(first_octets(10), "a1b2c3d4") << list;
        EXPECT_EQ(ended(), "0/00h/00h");
        for (const std::uint64_t block : {0U, 1024U, 2047U})
            EXPECT_EQ(to_hex(Bytes(read(block).second)).substr(1008), "a1b2c3d4a1b2c3d4") << list;
    }
    EXPECT_EQ(residue(), 0U);
}

TEST_F(ScsiDriveOf, RefusesWhatItDoesNotKnow) {
    EXPECT_EQ(tell("48840000000000000000"), "5/24h/00h");
    EXPECT_EQ(tell("48c20000000000000000"), "5/24h/00h");             // ZNR
    EXPECT_EQ(tell(cdb::overwrite, "00000004a1b2c3d4"), "5/26h/00h"); // no pass
    EXPECT_EQ(tell(cdb::overwrite, "01000005a1b2c3d4"), "5/26h/00h"); // another length
    EXPECT_EQ(tell("48810000000000000900", "01000004a1b2c3d4"), "5/26h/00h");
    EXPECT_EQ(tell(cdb::overwrite, "21000004a1b2c3d4"), "5/26h/00h"); // TEST
    EXPECT_EQ(tell("2f000000000000000000"), "5/20h/00h");
    EXPECT_EQ(residue(), 2048U);
    ScsiTraits traits;
    traits.sanitize = {.overwrite = false, .block_erase = false, .crypto_erase = false};
    ScsiBench none(traits);
    EXPECT_EQ(none.tell(cdb::exit_failure), "5/20h/00h");
}

TEST_F(ScsiDriveOf, GoesOnAfterThePowerWasGone) {
    ASSERT_EQ(tell(cdb::block_erase), "good");
    clock.advance(std::chrono::seconds(30));
    drive.power_cycle();
    EXPECT_EQ(sense(), "6/29h/01h");
    EXPECT_EQ(sense(), "2/04h/1bh");
    EXPECT_EQ(ended(), "0/00h/00h");
    EXPECT_EQ(residue(), 0U);
}

TEST_F(ScsiDriveOf, FormatsAndIsCorruptWhenThePowerGoes) {
    ASSERT_EQ(tell(cdb::format, format_immediately), "good");
    clock.advance(std::chrono::minutes(10));
    EXPECT_NEAR(progress().value(), 32768, 40);
    EXPECT_EQ(ended(), "0/00h/00h");
    EXPECT_EQ(read(5).second, Bytes(512, 0));
    EXPECT_EQ(residue(), 0U);
    ASSERT_EQ(tell(cdb::format, format_immediately), "good");
    drive.power_cycle();
    EXPECT_EQ(sense(), "6/29h/01h");
    EXPECT_EQ(sense(), "3/31h/00h");
    EXPECT_EQ(tell(cdb::test_unit_ready), "3/31h/00h");
    ASSERT_EQ(tell(cdb::format, "008a000000010001e5"), "good");
    EXPECT_EQ(ended(), "0/00h/00h");
    EXPECT_EQ(read(7).second, Bytes(512, 0xE5));
}

TEST(ScsiDriveWithRetiredBlocks, KeepsThemOverAFormatAndNotOverASanitize) {
    ScsiBench bench({.retired_blocks = 3});
    EXPECT_EQ(bench.residue(), 2051U);
    ASSERT_EQ(bench.tell(cdb::format, format_immediately), "good");
    EXPECT_EQ(bench.ended(), "0/00h/00h");
    EXPECT_EQ(bench.residue(), 3U);
    EXPECT_EQ(scsi::parse_grown_defects(bench.data("b70c00000000000000080000")).value(), 3U);
    ASSERT_EQ(bench.tell(cdb::block_erase), "good");
    EXPECT_EQ(bench.ended(), "0/00h/00h");
    EXPECT_EQ(bench.residue(), 0U);
}

TEST(ScsiDriveThatWasShortened, ErasesWhatIsHiddenAndGivesItBack) {
    ScsiBench bench({.shown_blocks = 2000});
    EXPECT_EQ(scsi::parse_unit_format(bench.data("9e100000000000000000000000200000"))->blocks,
              2000U);
    EXPECT_EQ(scsi::parse_mode_descriptor(bench.data("5a10000000000000fc00"))->blocks, 2000U);
    EXPECT_EQ(bench.drive.open_block()->geometry().size_bytes, 2000U * 512);
    ASSERT_EQ(bench.tell(cdb::format, format_immediately), "good");
    EXPECT_EQ(bench.ended(), "0/00h/00h");
    EXPECT_EQ(bench.residue(), 48U) << "a format keeps the capacity, and what is behind it";
    // MODE SELECT (10): long descriptor, as many blocks as there are
    EXPECT_EQ(bench.tell("55100000000000001800", "0000000001000010"
                                                 "ffffffffffffffff"
                                                 "0000000000000200"),
              "good");
    EXPECT_EQ(bench.sense(), "6/2ah/09h");
    EXPECT_EQ(scsi::parse_unit_format(bench.data("9e100000000000000000000000200000"))->blocks,
              2048U);
    ASSERT_EQ(bench.tell(cdb::block_erase), "good");
    EXPECT_EQ(bench.ended(), "0/00h/00h");
    EXPECT_EQ(bench.residue(), 0U);
}

// WABEREQ and WACEREQ: reads fail until a block is written.
TEST(ScsiDriveThatMustBeWritten, ReadsNothingThatItHasErased) {
    ScsiTraits traits;
    traits.after_block_erase = ScsiReadAfterErase::write_required;
    traits.after_crypto_erase = ScsiReadAfterErase::fails;
    ScsiBench bench(traits);
    const auto told = scsi::parse_erased_reads(bench.data("1201b100fc00"));
    EXPECT_EQ(told->after_block_erase, ScsiReadAfterErase::write_required);
    EXPECT_EQ(told->after_crypto_erase, ScsiReadAfterErase::fails);
    for (const std::string& operation : {cdb::block_erase, cdb::crypto_erase}) {
        ASSERT_EQ(bench.tell(operation), "good");
        EXPECT_EQ(bench.ended(), "0/00h/00h");
        EXPECT_EQ(bench.read(5).first, ENODATA);
        EXPECT_EQ(bench.write(5, 0x77), 0);
        EXPECT_EQ(bench.read(5).first, 0);
        EXPECT_EQ(bench.read(6).first, ENODATA);
    }
    ASSERT_EQ(bench.tell(cdb::overwrite, "01000004a1b2c3d4"), "good");
    EXPECT_EQ(bench.ended(), "0/00h/00h");
    EXPECT_EQ(bench.read(6).first, 0);
}

TEST(ScsiDriveWithTwoUnits, SanitizesBothAndFormatsOne) {
    ScsiBench bench({.units = 2});
    EXPECT_EQ(bench.residue(), 4096U);
    EXPECT_EQ(to_hex(bench.data("a00000000000000001000000")), "0000001000000000"
                                                              "0000000000000000"
                                                              "0001000000000000");
    ASSERT_EQ(bench.tell(cdb::format, format_immediately, 1), "good");
    EXPECT_EQ(bench.sense(0), "0/00h/00h");
    EXPECT_EQ(bench.ended(1), "0/00h/00h");
    EXPECT_EQ(bench.residue(), 2048U);
    bench.drive.hold(as_bytes(ScsiBench::secret));
    ASSERT_EQ(bench.tell(cdb::block_erase), "good");
    EXPECT_EQ(bench.sense(1), "2/04h/1bh");
    EXPECT_EQ(bench.ended(0), "0/00h/00h");
    EXPECT_EQ(bench.ended(1), "0/00h/00h");
    EXPECT_EQ(bench.residue(), 0U);
    EXPECT_EQ(bench.tell(cdb::test_unit_ready, {}, 2), "5/25h/00h");
    EXPECT_EQ(bench.data("120000002400", 2)[0], 0x7F);
}

TEST(ScsiDriveOfBlocksForController, HasNoBlocksForAHost) {
    for (const std::uint32_t octets : {520U, 528U}) {
        ScsiBench bench({.block_bytes = octets});
        EXPECT_EQ(
            scsi::parse_unit_format(bench.data("9e100000000000000000000000200000"))->block_bytes,
            octets);
        EXPECT_EQ(scsi::parse_mode_descriptor(bench.data("5a00000000000000fc00"))->block_bytes,
                  octets);
        EXPECT_EQ(bench.drive.open_block(), nullptr);
    }
}

TEST(ScsiDriveWithProtection, IsFormattedAsItWas) {
    for (std::uint8_t type = 1; type <= 3; ++type) {
        ScsiBench bench({.protection = type});
        EXPECT_EQ(
            scsi::parse_unit_format(bench.data("9e100000000000000000000000200000"))->protection,
            type);
        EXPECT_EQ(scsi::parse_protection_types(bench.data("12018600fc00")).value(), 7);
        EXPECT_EQ(bench.tell(cdb::format, format_immediately), "5/26h/00h")
            << "that would take the protection away";
    }
    ScsiBench first({.protection = 1});
    EXPECT_EQ(first.tell("049000000000", "00020000"), "good");
    ScsiBench second({.protection = 2});
    EXPECT_EQ(second.tell("04d000000000", "00020000"), "good");
    ScsiBench third({.protection = 3});
    EXPECT_EQ(third.tell("04d000000000", "01020000"), "good");
}

TEST(ScsiDriveOfAnotherHost, IsReserved) {
    ScsiBench bench({.reserved_by = 0xABCD});
    EXPECT_EQ(bench.tell(cdb::block_erase), "status 18h: another host has reserved it");
    EXPECT_EQ(bench.tell(cdb::format, format_immediately),
              "status 18h: another host has reserved it");
    EXPECT_EQ(bench.write(0, 1), EBADE);
    EXPECT_EQ(scsi::parse_reservation_keys(bench.data("5e000000000000020000")).value(),
              (std::vector<std::uint64_t>{0xABCD}));
    EXPECT_EQ(scsi::parse_reservation(bench.data("5e010000000000001800")).value()->type, 6);
    EXPECT_EQ(bench.residue(), 2048U);
}

TEST(ScsiDriveThatTells, WhatItTakes) {
    ScsiBench bench;
    const auto one = scsi::parse_supported_command(bench.data("a30c03480002000000240000"));
    EXPECT_EQ(one->offer, ScsiOffer::yes);
    EXPECT_EQ(one->looks_at(1, 0xA0), ScsiOffer::yes); // IMMED and AUSE
    EXPECT_EQ(one->looks_at(1, 0x40), ScsiOffer::no);  // ZNR
    EXPECT_EQ(scsi::parse_supported_command(bench.data("a30c03480005000000240000"))->offer,
              ScsiOffer::no);
    const auto all = scsi::parse_supported_commands(bench.data("a30c00000000000010000000"));
    ASSERT_TRUE(all);
    EXPECT_EQ(std::ranges::count_if(*all, [](const auto& each) { return each.opcode == 0x48; }), 4);
    ScsiBench list({.reports = ReportsCommands::as_list_alone});
    EXPECT_EQ(list.tell("a30c03480002000000240000"), "5/24h/00h");
    EXPECT_EQ(list.tell("a30c00000000000010000000"), "good");
    ScsiBench silent({.reports = ReportsCommands::not_at_all});
    EXPECT_EQ(silent.tell("a30c00000000000010000000"), "5/20h/00h");
}

TEST(ScsiDriveThatTells, ItsPortsAndItsAge) {
    ScsiBench bench;
    EXPECT_EQ(scsi::parse_ports(bench.data("12018800fc00")).value(),
              (std::vector<std::uint16_t>{1, 2}));
    EXPECT_EQ(scsi::parse_powered_minutes(bench.data("4d005500000000010000")).value(), 74040U);
    EXPECT_EQ(as_text(Bytes(bench.data("12018000fc00"))).substr(4), "EMU00000001");
}

TEST(ScsiDriveOfDescriptorSense, SaysTheSame) {
    ScsiBench bench({.descriptor_sense = true});
    ASSERT_EQ(bench.tell(cdb::block_erase), "good");
    bench.clock.advance(std::chrono::seconds(30));
    EXPECT_EQ(bench.data("03000000fc00")[0], 0x72);
    EXPECT_EQ(bench.sense(), "2/04h/1bh");
    EXPECT_NEAR(bench.progress().value(), 32768, 60);
}

TEST(ScsiDriveWithACache, LosesWhatWasNotFlushed) {
    ScsiBench bench({.cached_writes = 16});
    EXPECT_EQ(bench.write(1, 0x11), 0);
    EXPECT_EQ(bench.tell("35000000000000000000"), "good");
    EXPECT_EQ(bench.write(2, 0x22), 0);
    bench.drive.power_cycle();
    EXPECT_EQ(bench.read(1).second, Bytes(512, 0x11));
    EXPECT_NE(bench.read(2).second, Bytes(512, 0x22));
}

TEST(ScsiDriveOf2To32Blocks, CountsThemAll) {
    ScsiBench bench({.blocks = (std::uint64_t{1} << 32U) + 5});
    EXPECT_EQ(to_hex(bench.data("25000000000000000000")), "ffffffff00000200");
    EXPECT_EQ(scsi::parse_unit_format(bench.data("9e100000000000000000000000200000"))->blocks,
              (std::uint64_t{1} << 32U) + 5);
    EXPECT_FALSE(scsi::parse_mode_descriptor(bench.data("5a00000000000000fc00"))->blocks);
    EXPECT_EQ(scsi::parse_mode_descriptor(bench.data("5a10000000000000fc00"))->blocks,
              (std::uint64_t{1} << 32U) + 5);
    ASSERT_EQ(bench.tell(cdb::block_erase), "good");
    EXPECT_EQ(bench.ended(), "0/00h/00h");
    EXPECT_EQ(bench.residue(), 0U);
}

} // namespace
} // namespace quietus::emulator
