// Every knob that a SAS drive can have: what is seen from outside, and what the oracle knows.
#include "scsi_bench.hpp"

#include <cerrno>

namespace quietus::emulator {
namespace {

ScsiTraits full() {
    ScsiTraits traits;
    traits.shown_blocks = 2000; // of 2048
    traits.retired_blocks = 3;
    return traits;
}

class ScsiKnobOf : public ScsiBench, public testing::Test {
  protected:
    ScsiKnobOf() : ScsiBench(full()) {}
    std::string erase(const std::string& operation) {
        EXPECT_EQ(tell(operation), "good");
        EXPECT_EQ(sense(), "2/04h/1bh");
        return ended();
    }
    std::string formatted() {
        EXPECT_EQ(tell(cdb::format, format_immediately), "good");
        EXPECT_EQ(sense(), "2/04h/04h");
        return ended();
    }
};

const std::string well = "0/00h/00h";

TEST_F(ScsiKnobOf, HonestDrive) {
    EXPECT_EQ(residue(), 2051U);
    EXPECT_EQ(formatted(), well);
    EXPECT_EQ(residue(), 51U);
    EXPECT_EQ(erase(cdb::block_erase), well);
    EXPECT_EQ(residue(), 0U);
}

TEST_F(ScsiKnobOf, DoneButNothing) {
    drive.turn(Knob::done_but_nothing);
    EXPECT_EQ(erase(cdb::block_erase), well);
    EXPECT_EQ(erase(cdb::crypto_erase), well);
    EXPECT_EQ(formatted(), well);
    EXPECT_EQ(residue(), 2051U);
}

TEST_F(ScsiKnobOf, FormatNothingDone) {
    drive.turn(Knob::format_nothing_done);
    EXPECT_EQ(formatted(), well);
    EXPECT_EQ(residue(), 2051U);
    EXPECT_EQ(erase(cdb::block_erase), well);
    EXPECT_EQ(residue(), 0U);
}

TEST_F(ScsiKnobOf, IdleWithoutStart) {
    drive.turn(Knob::idle_without_start);
    EXPECT_EQ(tell(cdb::block_erase), "good");
    EXPECT_EQ(sense(), well);
    EXPECT_EQ(tell(cdb::block_erase_waited_for), "good");
    EXPECT_EQ(tell(cdb::format, format_immediately), "good");
    EXPECT_EQ(sense(), well);
    EXPECT_EQ(residue(), 2051U);
    EXPECT_EQ(read(0).first, 0);
}

TEST(ScsiKnobOfTwoUnits, LunLeft) {
    ScsiBench bench({.units = 2});
    bench.drive.turn(Knob::lun_left);
    for (unsigned unit = 0; unit < 2; ++unit) {
        ASSERT_EQ(bench.tell(cdb::block_erase, {}, unit), "good");
        EXPECT_EQ(bench.sense(1), "2/04h/1bh");
        EXPECT_EQ(bench.ended(0), well);
        EXPECT_EQ(bench.ended(1), well);
        EXPECT_EQ(bench.residue(), 2048U);
    }
    EXPECT_EQ(bench.drive.media(0).residue(as_bytes(ScsiBench::secret)), 0U);
}

TEST_F(ScsiKnobOf, AddressableOnly) {
    drive.turn(Knob::addressable_only);
    EXPECT_EQ(erase(cdb::block_erase), well);
    EXPECT_EQ(residue(), 51U);
}

TEST_F(ScsiKnobOf, HiddenAreaLeft) {
    drive.turn(Knob::hidden_area_left);
    EXPECT_EQ(erase(cdb::block_erase), well);
    EXPECT_EQ(residue(), 48U);
}

TEST_F(ScsiKnobOf, CryptoKeepsKey) {
    drive.turn(Knob::crypto_keeps_key);
    EXPECT_EQ(erase(cdb::crypto_erase), well);
    EXPECT_EQ(residue(), 2051U);
}

TEST_F(ScsiKnobOf, ZerosWithoutErasing) {
    drive.turn(Knob::zeros_without_erasing);
    EXPECT_EQ(erase(cdb::block_erase), well);
    EXPECT_EQ(read(9).second, Bytes(512, 0));
    EXPECT_EQ(residue(), 2051U);
}

TEST_F(ScsiKnobOf, OneBlockAndTheLastStay) {
    drive.turn(Knob::one_block_stays);
    drive.turn(Knob::last_block_spared);
    EXPECT_EQ(erase(cdb::block_erase), well);
    EXPECT_EQ(residue(), 2U);
    EXPECT_EQ(as_text(read(1999).second).substr(0, secret.size()), secret);
}

TEST_F(ScsiKnobOf, StuckAt99) {
    drive.turn(Knob::stuck_at_99);
    EXPECT_EQ(tell(cdb::block_erase), "good");
    clock.advance(std::chrono::hours(24));
    EXPECT_EQ(sense(), "2/04h/1bh");
    EXPECT_EQ(progress(), 64880);
}

TEST_F(ScsiKnobOf, ProgressBackwards) {
    drive.turn(Knob::progress_backwards);
    EXPECT_EQ(tell(cdb::block_erase), "good");
    clock.advance(std::chrono::seconds(29));
    const auto before = progress();
    clock.advance(std::chrono::seconds(3));
    EXPECT_LT(progress(), before);
    EXPECT_EQ(ended(), well);
    EXPECT_EQ(residue(), 0U);
}

TEST_F(ScsiKnobOf, FailsAtEnd) {
    drive.turn(Knob::fails_at_end);
    EXPECT_EQ(erase(cdb::block_erase), "3/31h/03h");
    EXPECT_EQ(sense(), "3/31h/03h");
    EXPECT_GT(residue(), 0U);
    EXPECT_EQ(read(0).first, EIO);
    EXPECT_EQ(tell(cdb::exit_failure), "5/24h/00h") << "it was restricted";
    EXPECT_EQ(tell(cdb::block_erase_unrestricted), "5/24h/00h");
    EXPECT_EQ(tell(cdb::format, format_immediately), "3/31h/03h");
}

TEST_F(ScsiKnobOf, FailsAtEndAndMayBeLeft) {
    drive.turn(Knob::fails_at_end);
    EXPECT_EQ(erase(cdb::block_erase_unrestricted), "3/31h/03h");
    drive.power_cycle();
    EXPECT_EQ(sense(), "6/29h/01h");
    EXPECT_EQ(sense(), "3/31h/03h");
    EXPECT_EQ(tell(cdb::exit_failure), "good");
    EXPECT_EQ(sense(), well);
    EXPECT_GT(residue(), 0U);
    EXPECT_EQ(formatted(), "3/31h/01h");
}

TEST_F(ScsiKnobOf, FailsThenSaysOk) {
    drive.turn(Knob::fails_then_says_ok);
    EXPECT_EQ(erase(cdb::block_erase), "3/31h/03h");
    EXPECT_EQ(sense(), well);
    EXPECT_GT(residue(), 0U);
}

TEST_F(ScsiKnobOf, TimeoutWhileRunning) {
    drive.turn(Knob::timeout_while_running);
    EXPECT_EQ(tell(cdb::block_erase), "good");
    EXPECT_EQ(tell(cdb::test_unit_ready), "lost");
    EXPECT_EQ(told(send("03000000fc00", {}, 0, std::chrono::minutes(5))), "good");
    EXPECT_EQ(sense(), well);
    EXPECT_EQ(residue(), 0U);
}

TEST_F(ScsiKnobOf, ResetInMiddle) {
    drive.turn(Knob::reset_in_middle);
    EXPECT_EQ(tell(cdb::block_erase), "good");
    clock.advance(std::chrono::seconds(31));
    EXPECT_EQ(sense(), "6/29h/02h");
    EXPECT_EQ(sense(), "2/04h/1bh");
    EXPECT_EQ(ended(), well);
    EXPECT_EQ(residue(), 0U);
}

TEST_F(ScsiKnobOf, PowerLoss) {
    drive.turn(Knob::power_loss);
    EXPECT_EQ(tell(cdb::block_erase), "good");
    clock.advance(std::chrono::seconds(31));
    EXPECT_EQ(tell(cdb::test_unit_ready), "lost");
    EXPECT_EQ(sense(), "6/29h/01h");
    EXPECT_EQ(ended(), well);
    EXPECT_EQ(residue(), 0U);
    EXPECT_EQ(tell(cdb::format, format_immediately), "good");
    clock.advance(std::chrono::minutes(11));
    EXPECT_EQ(tell(cdb::test_unit_ready), "lost");
    EXPECT_EQ(sense(), "6/29h/01h");
    EXPECT_EQ(sense(), "3/31h/00h");
}

TEST_F(ScsiKnobOf, IdentityChanges) {
    drive.turn(Knob::identity_changes);
    EXPECT_EQ(as_text(Bytes(data("12018000fc00"))).substr(4), "EMU00000001");
    EXPECT_EQ(erase(cdb::block_erase), well);
    EXPECT_EQ(as_text(Bytes(data("12018000fc00"))).substr(4), "EMU99999999");
}

TEST_F(ScsiKnobOf, LogUnreadable) {
    drive.turn(Knob::log_unreadable);
    EXPECT_EQ(tell("4d005500000000010000"), "5/20h/00h");
    EXPECT_EQ(tell("b70c00000000000000080000"), "5/20h/00h");
}

TEST(ScsiKnobOfDescriptorSense, SenseCutTo18) {
    ScsiBench bench({.descriptor_sense = true});
    bench.drive.turn(Knob::sense_cut_to_18);
    EXPECT_EQ(bench.data("030000000800").size(), 8U);
    ASSERT_EQ(bench.tell(cdb::block_erase), "good");
    EXPECT_EQ(bench.data("03000000fc00").size(), 16U) << "it is no longer than that";
}

TEST_F(ScsiKnobOf, SingleBlocks) {
    drive.turn(Knob::drops_writes);
    EXPECT_EQ(write(3, 1), 0);
    EXPECT_NE(read(3).second, Bytes(512, 1));
    ScsiBench aliased;
    aliased.drive.turn(Knob::aliases);
    EXPECT_EQ(aliased.write(1024, 7), 0);
    EXPECT_EQ(aliased.read(0).second, Bytes(512, 7));
    ScsiBench flickers;
    flickers.drive.turn(Knob::reads_differ_twice);
    EXPECT_NE(flickers.read(3).second, flickers.read(3).second);
}

} // namespace
} // namespace quietus::emulator
