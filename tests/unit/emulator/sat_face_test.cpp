// The SCSI face: octets against SAT-4 and what real translators have been seen to send; and through
// the product's own AtaOverScsi.
#include "ata_bench.hpp"
#include "octet_fields.hpp"

#include "quietus/emulator/sat_face.hpp"
#include "quietus/transport/ata_over_scsi.hpp"

namespace quietus::emulator {
namespace {

class Sat : public AtaBench, public testing::Test {
  protected:
    explicit Sat(const SatTraits& traits = {}) : face(drive, traits) {}

    ScsiReply ask(const std::string& cdb, std::size_t in_bytes = 0, const Bytes& out = {}) {
        const auto reply =
            face.execute({from_hex(cdb).value(), in_bytes, std::chrono::seconds(15), out});
        EXPECT_TRUE(reply);
        return reply ? *reply : ScsiReply{0xFF, {}, {}};
    }
    AtaRegisters through_product(const Registers& registers) {
        AtaOverScsi ata(face);
        const auto reply = ata.execute(command_of(registers));
        if (!reply || !reply->registers) return {0, 0, 0, 0, false, {}};
        return *reply->registers;
    }
    SatFace face;
};

// CHECK POWER MODE and the ATA Status Return: 72h, RECOVERED ERROR, 00h/1Dh, descriptor 09h (SAT-4
// clause 12.2; as libata answers).
TEST_F(Sat, ReturnsRegistersInADescriptor) {
    const ScsiReply reply = ask("85062000000000000000000000"
                                "40e500");
    EXPECT_EQ(reply.status, scsi::check_condition);
    EXPECT_EQ(to_hex(reply.sense), "7201001d0000000e"
                                   "090c000000ff000000000000"
                                   "0050");
}

TEST_F(Sat, ReturnsNothingUnlessAsked) {
    const ScsiReply reply = ask("85060000000000000000000000"
                                "40e500");
    EXPECT_EQ(reply.status, scsi::good);
    EXPECT_TRUE(reply.sense.empty());
}

// READ NATIVE MAX ADDRESS EXT of 2048 blocks: EXTEND, the LBA in pairs.
TEST_F(Sat, ReturnsAll48BitsOfAnExtendedCommand) {
    const ScsiReply reply = ask("85072000000000000000000000"
                                "402700");
    EXPECT_EQ(to_hex(reply.sense), "7201001d0000000e"
                                   "090c0100000000ff000700000050");
}

TEST_F(Sat, ReturnsAnAbortWithItsRegisters) {
    const ScsiReply reply = ask("85062000000000000000000000"
                                "400800");
    EXPECT_EQ(to_hex(reply.sense), "720b00000000000e"
                                   "090c0004000000000000000000"
                                   "51");
}

TEST_F(Sat, BringsData) {
    const ScsiReply reply = ask("85080e000000010000000000000"
                                "0ec00",
                                512);
    EXPECT_EQ(reply.status, scsi::good);
    EXPECT_EQ(reply.data, identify());
    EXPECT_EQ(ask("a1080e000100000000ec0000", 512).data, identify());
}

TEST_F(Sat, TakesData) {
    const ScsiReply reply =
        ask("850a2600000001000000000000a0f100", 0, password_block(0, "through the bridge"));
    EXPECT_EQ(reply.status, scsi::check_condition);
    EXPECT_EQ(reply.sense.back(), 0x50);
    EXPECT_EQ(word(128) & 0x7U, 0x3U);
    EXPECT_TRUE(disable("through the bridge").succeeded());
}

TEST_F(Sat, RefusesProtocolsAndDirectionsThatItDoesNotKnow) {
    for (const char* cdb : {"850c0e00000001000000000000"
                            "00ec00",                           // DMA
                            "850a2e00000001000000000000a0f100", // out, from the drive
                            "85080600000001000000000000"
                            "00ec00"}) // in, to the drive
        EXPECT_EQ(to_hex(ask(cdb, 512).sense).substr(0, 28), "700005000000000a000000002400") << cdb;
    EXPECT_EQ(word(128) & 0x7U, 0x1U);
}

// LOG SENSE page 16h: code and length of each parameter, then what the descriptor says.
TEST_F(Sat, KeepsTheLastResultsInLog16) {
    (void)ask("85062000000000000000000000"
              "40e500");
    (void)ask("85072000000000000000000000"
              "402700");
    const ScsiReply log = ask("4d005600000000"
                              "010000",
                              256);
    EXPECT_EQ(to_hex(log.data), "16000024"
                                "0001030e"
                                "090c000000ff0000000000000050"
                                "0002030e"
                                "090c0100000000ff000700000050");
    for (int i = 0; i < 20; ++i)
        (void)ask("85062000000000000000000000"
                  "40e500");
    EXPECT_EQ(little(ask("4d005600000000"
                         "200000",
                         8192)
                         .data,
                     3, 1),
              (15U * 18) & 0xFFU);
}

TEST_F(Sat, ReturnsResponseInformation) {
    (void)ask("85062000000000000000000000"
              "40e500");
    const ScsiReply reply = ask("851e0e0000000000000000000000"
                                "0000",
                                14);
    EXPECT_EQ(to_hex(reply.data), "090c000000ff0000000000000050");
}

TEST_F(Sat, DescribesItself) {
    EXPECT_EQ(std::string(as_text(ask("120000002400", 36).data).substr(8, 28)),
              "ATA     EMULATED SATA DREM01");
    EXPECT_EQ(to_hex(ask("12010000fc00", 252).data), "00000005"
                                                     "00808389b1");
    EXPECT_EQ(as_text(ask("12018000fc00", 252).data).substr(4), "EMU00000001         ");
    EXPECT_EQ(to_hex(ask("12018300fc00", 252).data), "0083000c"
                                                     "01030008"
                                                     "5000c500a0b0c0d0");
    const Bytes sat = ask("120189023c00", 572).data;
    ASSERT_EQ(sat.size(), 572U);
    EXPECT_EQ(to_hex(ByteView(sat).first(4)), "00890238");
    EXPECT_EQ(sat[56], 0xECU);
    EXPECT_EQ(Bytes(sat.begin() + 60, sat.end()), identify());
    EXPECT_EQ(to_hex(ask("1201b100fc00", 252).data).substr(0, 12), "00b1003c1c20"); // 7200
    EXPECT_EQ(to_hex(ask("1201b200fc00", 252).sense).substr(0, 28), "700005000000000a000000002400");
}

TEST_F(Sat, TellsItsCapacityAsItIsNow) {
    EXPECT_EQ(to_hex(ask("25000000000000000000", 8).data), "000007ff00000200");
    EXPECT_EQ(to_hex(ask("9e10000000000000000000000020"
                         "0000",
                         32)
                         .data)
                  .substr(0, 32),
              "00000000000007ff"
              "0000020000030000");
    (void)send({0x27, 0, 0, 0});
    (void)send({0x37, 0, 0, 999});
    EXPECT_EQ(to_hex(ask("25000000000000000000", 8).data), "000003e700000200");
}

// SBC-3 clause 6.5.2: MODE SELECT with one block descriptor. Whoever holds the drive by SCSI sees
// no more from then on; ATA, and the oracle, see all of it.
TEST_F(Sat, ShowsTheBlocksThatModeSelectHasLeft) {
    EXPECT_EQ(to_hex(ask("5a003f00000000"
                         "00ff00",
                         255)
                         .data),
              "000e000000000008"
              "0000080000000200");
    EXPECT_EQ(to_hex(ask("5a103f00000000"
                         "00ff00",
                         255)
                         .data),
              "0016000001000010"
              "00000000000008000000000000000200");
    const Bytes shorter = from_hex("0000000000000008"
                                   "000003e800000200")
                              .value();
    EXPECT_EQ(ask("55110000000000001000", 0, shorter).status, scsi::good);
    EXPECT_EQ(to_hex(ask("25000000000000000000", 8).data), "000003e700000200");
    EXPECT_EQ(drive.open_scsi_block()->geometry().size_bytes, 1000U * 512);
    EXPECT_EQ(little(identify(), 200, 8), 2048U);
    EXPECT_EQ(residue(), 2048U);
    drive.power_cycle();
    (void)ask("000000000000");
    EXPECT_EQ(to_hex(ask("25000000000000000000", 8).data), "000003e700000200");
    // More than there are it does not take, nor blocks of another length, nor half a descriptor.
    for (const char* wrong : {"0000000000000008"
                              "0000080100000200",
                              "0000000000000008"
                              "000003e800001000",
                              "0000000000000008"
                              "000003e8",
                              "0000000000000010"
                              "000003e800000200"}) {
        const Bytes list = from_hex(wrong).value();
        const std::string length = list.size() == 16 ? "10" : "0c";
        EXPECT_EQ(to_hex(ask("551100000000000"
                             "0" +
                                 length + "00",
                             0, list)
                             .sense)
                      .substr(0, 28),
                  "700005000000000a000000002600")
            << wrong;
    }
    const Bytes all = from_hex("0000000001000010"
                               "ffffffffffffffff"
                               "0000000000000200")
                          .value();
    EXPECT_EQ(ask("55110000000000001800", 0, all).status, scsi::good);
    EXPECT_EQ(to_hex(ask("25000000000000000000", 8).data), "000007ff00000200");
}

TEST_F(Sat, TellsOfAResetOnce) {
    drive.hard_reset();
    EXPECT_EQ(ask("120000002400", 36).status, scsi::good); // INQUIRY is not held up
    EXPECT_EQ(to_hex(ask("000000000000").sense).substr(0, 28), "700006000000000a000000002900");
    EXPECT_EQ(ask("000000000000").status, scsi::good);
}

TEST_F(Sat, RefusesOtherCommands) {
    for (const char* cdb : {"4803000000000000000000"
                            "00",
                            "040000000000", "a30c0000000000000000ff00"})
        EXPECT_EQ(to_hex(ask(cdb).sense).substr(0, 28), "700005000000000a000000002000") << cdb;
}

TEST_F(Sat, PassesOnThatNoAnswerCame) {
    drive.turn(Knob::timeout_while_running);
    (void)send(block_erase);
    const auto reply = face.execute(
        {from_hex("8506200000000000000000000040e500").value(), 0, std::chrono::seconds(1)});
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().fault, Fault::io);
}

TEST_F(Sat, IsUnderstoodByTheProduct) {
    const AtaRegisters begun = through_product(block_erase);
    EXPECT_TRUE(begun.succeeded());
    EXPECT_EQ(begun.count, 0x4000U);
    EXPECT_TRUE(begun.whole_count);
    clock.advance(std::chrono::minutes(2));
    const AtaRegisters end = through_product(sanitize_status);
    EXPECT_EQ(end.count, 0x8000U);
    EXPECT_EQ(end.lba, 0xFFFFU);
    EXPECT_EQ(residue(), 0U);
    const AtaRegisters echo = through_product({0x00, 0, 0xA5, 0x123456});
    EXPECT_TRUE(is_aborted(echo));
    EXPECT_EQ(echo.count, 0xA5U);
    EXPECT_EQ(echo.lba, 0x123456U);
}

class SmallTranslator : public Sat {
  protected:
    SmallTranslator()
        : Sat({.sixteen = false,
               .response_information = false,
               .results_log = false,
               .sat_page = false}) {}
};

TEST_F(SmallTranslator, Takes12OctetsAlone) {
    EXPECT_EQ(to_hex(ask("8506200000000000000000000040e500").sense).substr(0, 28),
              "700005000000000a000000002000");
    EXPECT_EQ(through_product({0xE5, 0, 0, 0}).count, 0xFFU);
    EXPECT_EQ(ask("851e0e00000000000000000000000000", 14).status, scsi::check_condition);
    EXPECT_EQ(ask("a11e0e000000000000000000", 14).status, scsi::check_condition);
    EXPECT_EQ(ask("4d005600000000010000", 256).status, scsi::check_condition);
    EXPECT_EQ(ask("120189023c00", 572).status, scsi::check_condition);
}

// ---- Knobs of the way there -----------------------------------------------------------------

TEST_F(Sat, NoReturnDescriptor) {
    drive.turn(Knob::no_return_descriptor);
    EXPECT_EQ(ask("8506200000000000000000000040e500").status, scsi::good);
    const ScsiReply aborted = ask("85062000000000000000000000400800");
    EXPECT_EQ(to_hex(aborted.sense), "70000b000000000a000000000000000000"
                                     "00");
    EXPECT_EQ(ask("851e0e00000000000000000000000000", 14).status, scsi::check_condition);
    EXPECT_EQ(ask("4d005600000000010000", 256).status, scsi::check_condition);
    EXPECT_EQ(through_product(block_erase).status, 0U); // it runs all the same
    clock.advance(std::chrono::minutes(2));
    EXPECT_EQ(residue(), 0U);
}

// Linux 6.12 with D_SENSE 0, and kernels that did so on success (truenas/linux pull 197).
TEST_F(Sat, FixedSense) {
    drive.turn(Knob::fixed_sense);
    EXPECT_EQ(to_hex(ask("8506200000000000000000000040e500").sense), "f00001005000ff0a"
                                                                     "01000000"
                                                                     "001d"
                                                                     "00000000");
    EXPECT_EQ(to_hex(ask("85062000000000000000000000400800").sense), "f0000b045100000a"
                                                                     "02000000"
                                                                     "0000"
                                                                     "00000000");
    // The bits of a sanitize status are in COUNT 15:8: only that they are not 0 can be told.
    EXPECT_EQ(to_hex(ask("850720000000000000000000000"
                         "0b400")
                         .sense)
                  .substr(0, 24),
              "f00001005000000a"
              "83ffff00");
    (void)send(block_erase);
    const Bytes running = ask("8507200000000000000000000000b400").sense;
    EXPECT_EQ(running[8] & 0xE0U, 0xC0U);
    EXPECT_FALSE(ata_registers(running)->whole_count);
    // Log 16h has the rest, under the index that the sense names.
    const unsigned index = running[8] & 0x0FU;
    const Bytes log = ask("4d005600000000200000", 8192).data;
    bool found = false;
    for (std::size_t at = 4; at + 18 <= log.size(); at += 18)
        if (log[at + 1] == index) {
            found = true;
            EXPECT_EQ(log[at + 4 + 4], 0x40U); // COUNT 15:8
        }
    EXPECT_TRUE(found);
}

// Linux 6.1: descriptor on success, and for failures a fixed layout of its own.
TEST_F(Sat, FixedSenseShifted) {
    drive.turn(Knob::fixed_sense_shifted);
    EXPECT_EQ(ask("8506200000000000000000000040e500").sense[0], 0x72U);
    EXPECT_EQ(to_hex(ask("85062000000000000000000000400800").sense), "700005000000000a"
                                                                     "04510000"
                                                                     "2104"
                                                                     "00000000");
}

TEST_F(Sat, SenseCutTo18) {
    drive.turn(Knob::sense_cut_to_18);
    const Bytes sense = ask("8507200000000000000000000000b400").sense;
    EXPECT_EQ(to_hex(sense), "7201001d0000000e"
                             "090c01000000"
                             "00ff00ff");
    EXPECT_FALSE(ata_registers(sense));
}

// Broadcom SAS3008: COUNT is 0 in what the drive gets.
TEST_F(Sat, CountZeroed) {
    drive.turn(Knob::count_zeroed);
    EXPECT_EQ(through_product({0x00, 0, 0xA5, 0x123456}).count, 0U); // NOP shows it
    // One pass becomes sixteen, and FAILURE MODE is lost.
    (void)through_product(unrestricted(overwrite(1, 0)));
    clock.advance(std::chrono::seconds(601));
    EXPECT_EQ(through_product(sanitize_status).count, 0x4000U);
    EXPECT_EQ(residue(), 0U); // after the first pass
    EXPECT_EQ(fetch({0xEC, 0, 1, 0}).size(), 512U);
}

TEST_F(Sat, LbaSwapped) {
    drive.turn(Knob::lba_swapped);
    EXPECT_EQ(through_product({0x00, 0, 0xA5, 0x123456}).lba, 0x563412U);
    EXPECT_EQ(through_product({0x27, 0, 0, 0}).lba, 0xFF0700000000U); // of 7FFh
}

TEST_F(Sat, LogUnreadable) {
    drive.turn(Knob::log_unreadable);
    EXPECT_EQ(ask("4d005600000000010000", 256).status, scsi::check_condition);
    EXPECT_EQ(through_product({0x2F, 0, 1, 0x30}).status, 0x51U);
}

} // namespace
} // namespace quietus::emulator
