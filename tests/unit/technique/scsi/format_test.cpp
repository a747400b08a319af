// FORMAT UNIT of an emulated drive.
#include "quietus/technique/scsi/format.hpp"

#include "support/emulated_scsi.hpp"

#include <gtest/gtest.h>

namespace quietus::scsi {
namespace {

using emulator::Knob;
using emulator::ScsiTraits;

const std::string secret = "what it held before it was formatted";

struct FormatBench {
    explicit FormatBench(const ScsiTraits& traits = {})
        : drive(traits, clock), door(clock), port(drive.commands()) {
        drive.hold(as_bytes(secret));
        order.format = {traits.blocks, traits.block_bytes, traits.protection, 0, 0};
    }
    FirmwareOutcome run() {
        record = {};
        run_format({port, clock, door}, order, record);
        return record.outcome;
    }
    std::uint64_t residue() { return drive.residue(as_bytes(secret)); }

    emulator::SimulatedClock clock;
    emulator::ScsiDrive drive;
    test::WaitingDoor door;
    test::LossyScsiPort port;
    FormatOrder order;
    ScsiOperationRecord record;
};

TEST(ScsiFormatting, EndsWellAndLeavesItsPattern) {
    FormatBench bench;
    bench.order.pattern = {0xE5, 0x5E};
    EXPECT_EQ(bench.run(), FirmwareOutcome::succeeded) << bench.record.text;
    EXPECT_TRUE(bench.record.seen_in_progress);
    EXPECT_EQ(bench.residue(), 0U);
    EXPECT_EQ(bench.drive.media().at(2047 * 512, 4), (Bytes{0xE5, 0x5E, 0xE5, 0x5E}));
}

TEST(ScsiFormatting, KeepsTheProtection) {
    for (std::uint8_t type = 0; type <= 3; ++type) {
        FormatBench bench({.protection = type});
        EXPECT_EQ(bench.run(), FirmwareOutcome::succeeded) << bench.record.text;
        FormatBench other({.protection = type});
        other.order.format.protection = type == 0 ? 1 : 0;
        EXPECT_EQ(other.run(), FirmwareOutcome::refused);
        EXPECT_EQ(other.residue(), 2048U);
    }
}

TEST(ScsiFormatting, ThatLosesItsPowerHasFailed) {
    FormatBench bench;
    bench.drive.turn(Knob::power_loss);
    EXPECT_EQ(bench.run(), FirmwareOutcome::failed);
    EXPECT_EQ(bench.record.text, "the drive says that it failed: 3/31h/00h");
    EXPECT_EQ(bench.record.resets, 1U);
}

TEST(ScsiFormatting, ThatNobodySawIsInDoubt) {
    FormatBench bench;
    bench.drive.turn(Knob::idle_without_start);
    EXPECT_EQ(bench.run(), FirmwareOutcome::indeterminate);
    FormatBench lying;
    lying.drive.turn(Knob::format_nothing_done);
    EXPECT_EQ(lying.run(), FirmwareOutcome::succeeded) << "by the drive's word alone";
    EXPECT_EQ(lying.residue(), 2048U);
}

TEST(ScsiFormatting, MayLoseAnyCommandAndAnyAnswer) {
    for (const auto loss : {test::LossyScsiPort::Loss::command, test::LossyScsiPort::Loss::answer})
        for (unsigned at = 0; at < 6; ++at) {
            FormatBench bench;
            bench.port.lost_at = at;
            bench.port.loss = loss;
            const auto outcome = bench.run();
            if (outcome == FirmwareOutcome::succeeded) {
                EXPECT_EQ(bench.residue(), 0U);
            }
            EXPECT_EQ(outcome == FirmwareOutcome::succeeded,
                      at > 1 || (at == 1 && loss == test::LossyScsiPort::Loss::answer));
        }
}

TEST(ScsiFormatting, IsFollowedAgain) {
    FormatBench bench;
    bench.door.release_after = 4;
    EXPECT_EQ(bench.run(), FirmwareOutcome::under_way);
    bench.door.release_after.reset();
    ScsiOperationRecord record = bench.record;
    test::follow_operation({bench.port, bench.clock, bench.door},
                           format_operation(bench.order).value(), record);
    EXPECT_EQ(record.outcome, FirmwareOutcome::succeeded);
    EXPECT_EQ(bench.residue(), 0U);
}

TEST(ScsiFormatting, OfTheLargestDriveHasItsTime) {
    FormatBench bench;
    bench.order.format.blocks = ~std::uint64_t{0};
    EXPECT_EQ(bench.run(), FirmwareOutcome::succeeded);
    bench.order.pattern = Bytes(513);
    EXPECT_EQ(bench.run(), FirmwareOutcome::refused);
}

} // namespace
} // namespace quietus::scsi
