// SANITIZE of an emulated drive: begun, waited for, lost at every command, left and gone on with.
#include "quietus/technique/scsi/sanitize.hpp"

#include "quietus/transport/scsi/unit_state.hpp"
#include "support/emulated_scsi.hpp"

#include <gtest/gtest.h>

namespace quietus::scsi {
namespace {

using emulator::Knob;
using emulator::ScsiTraits;

const std::string secret = "what was on it before";

struct Bench {
    explicit Bench(const ScsiTraits& traits = {})
        : drive(traits, clock), door(clock), port(drive.commands()) {
        drive.hold(as_bytes(secret));
    }
    FirmwareOutcome run(const SanitizeOrder& order) {
        record = {};
        run_sanitize({port, clock, door}, order, record);
        return record.outcome;
    }
    std::uint64_t residue() { return drive.residue(as_bytes(secret)); }

    emulator::SimulatedClock clock;
    emulator::ScsiDrive drive;
    test::WaitingDoor door;
    test::LossyScsiPort port;
    ScsiOperationRecord record;
};

ScsiCondition ask_unit_state_of(Bench& bench) {
    const auto state = ask_unit_state(bench.port);
    return state ? state->condition : ScsiCondition::unknown;
}

SanitizeOrder order_of(SanitizeKind kind) {
    SanitizeOrder order;
    order.kind = kind;
    order.options.pattern = {0xA1, 0xB2, 0xC3, 0xD4};
    order.options.passes = 2;
    order.options.invert_between = true;
    order.size_bytes = 2048 * 512;
    return order;
}
constexpr SanitizeKind kinds[] = {SanitizeKind::overwrite, SanitizeKind::block_erase,
                                  SanitizeKind::crypto_erase};

TEST(ScsiSanitizing, EndsWellOnADriveThatDoes) {
    for (const SanitizeKind kind : kinds) {
        Bench bench;
        EXPECT_EQ(bench.run(order_of(kind)), FirmwareOutcome::succeeded) << bench.record.text;
        EXPECT_TRUE(bench.record.seen_in_progress);
        EXPECT_FALSE(bench.record.ordered_again);
        EXPECT_EQ(bench.record.after, ScsiCondition::idle);
        EXPECT_EQ(bench.residue(), 0U);
    }
}

TEST(ScsiSanitizing, LeavesThePatternForEveryNumberOfPasses) {
    for (const bool inverts : {false, true})
        for (const std::uint8_t passes : Bytes{1, 2, 3, 15, 16, 30, 31}) {
            ScsiTraits traits;
            traits.sanitize.pass_takes = std::chrono::minutes(2);
            Bench bench(traits);
            SanitizeOrder order = order_of(SanitizeKind::overwrite);
            order.options.passes = passes;
            order.options.invert_between = inverts;
            ASSERT_EQ(bench.run(order), FirmwareOutcome::succeeded);
            for (const std::uint64_t block : {0U, 2047U})
                EXPECT_EQ(bench.drive.media().at(block * 512, 4), order.options.pattern)
                    << int{passes} << inverts;
        }
}

TEST(ScsiSanitizing, IsNotBegunWithPassesThatCannotBe) {
    for (const std::uint8_t passes : Bytes{0, 32, 255}) {
        Bench bench;
        SanitizeOrder order = order_of(SanitizeKind::overwrite);
        order.options.passes = passes;
        EXPECT_EQ(bench.run(order), FirmwareOutcome::refused);
        EXPECT_EQ(bench.record.text, "passes: SANITIZE overwrites 1 to 31 times");
        EXPECT_EQ(bench.port.count, 0U);
        EXPECT_EQ(bench.residue(), 2048U);
    }
}

TEST(ScsiSanitizing, OfANewKeyIsOrderedAgainWhenItIsTooShortToBeSeen) {
    ScsiTraits traits;
    traits.sanitize.crypto_takes = std::chrono::milliseconds(1);
    Bench bench(traits);
    EXPECT_EQ(bench.run(order_of(SanitizeKind::crypto_erase)), FirmwareOutcome::succeeded);
    EXPECT_TRUE(bench.record.ordered_again);
    EXPECT_TRUE(bench.record.ended_with_command);
    EXPECT_FALSE(bench.record.seen_in_progress);
    EXPECT_EQ(bench.residue(), 0U);
}

TEST(ScsiSanitizing, ThatNeverRanHasNoSuccessThatWasNotSaid) {
    Bench overwritten;
    overwritten.drive.turn(Knob::idle_without_start);
    EXPECT_EQ(overwritten.run(order_of(SanitizeKind::overwrite)), FirmwareOutcome::indeterminate);
    EXPECT_EQ(overwritten.record.text, "it took the command, and was never seen at work");
    EXPECT_FALSE(overwritten.record.ordered_again);
    Bench erased;
    erased.drive.turn(Knob::idle_without_start);
    EXPECT_EQ(erased.run(order_of(SanitizeKind::block_erase)), FirmwareOutcome::succeeded)
        << "by the drive's word alone";
    EXPECT_FALSE(erased.record.seen_in_progress);
    EXPECT_EQ(erased.residue(), 2048U);
}

// Whatever is lost, it is not said to have ended well unless it has.
TEST(ScsiSanitizing, MayLoseAnyCommandAndAnyAnswer) {
    for (const SanitizeKind kind : kinds)
        for (const auto loss :
             {test::LossyScsiPort::Loss::command, test::LossyScsiPort::Loss::answer})
            for (unsigned at = 0; at < 6; ++at) {
                SCOPED_TRACE(testing::Message() << static_cast<int>(kind) << " at " << at);
                Bench bench;
                bench.port.lost_at = at;
                bench.port.loss = loss;
                const auto outcome = bench.run(order_of(kind));
                if (outcome == FirmwareOutcome::succeeded) {
                    EXPECT_EQ(bench.residue(), 0U);
                }
                const bool never_begun = at == 1 && loss == test::LossyScsiPort::Loss::command;
                EXPECT_EQ(outcome, at == 0       ? FirmwareOutcome::refused
                                   : never_begun ? FirmwareOutcome::indeterminate
                                                 : FirmwareOutcome::succeeded);
            }
}

TEST(ScsiSanitizing, GoesOnInAnotherRun) {
    Bench bench;
    bench.door.release_after = 5;
    EXPECT_EQ(bench.run(order_of(SanitizeKind::overwrite)), FirmwareOutcome::under_way);
    EXPECT_GT(bench.residue(), 0U);
    bench.drive.power_cycle();
    bench.door.release_after.reset();
    ScsiOperationRecord record = bench.record;
    test::follow_operation({bench.port, bench.clock, bench.door},
                           sanitize_operation(order_of(SanitizeKind::overwrite)).value(), record);
    EXPECT_EQ(record.outcome, FirmwareOutcome::succeeded);
    EXPECT_EQ(record.resets, 1U);
    EXPECT_EQ(bench.residue(), 0U);
}

TEST(ScsiSanitizing, IsLeftAloneWhereOneIsUnderWay) {
    Bench bench;
    bench.door.release_after = 1;
    ASSERT_EQ(bench.run(order_of(SanitizeKind::overwrite)), FirmwareOutcome::under_way);
    EXPECT_EQ(bench.run(order_of(SanitizeKind::block_erase)), FirmwareOutcome::refused);
    EXPECT_EQ(bench.record.before, ScsiCondition::sanitizing);
}

TEST(ScsiSanitizing, OfADriveOfAnotherHostIsRefused) {
    Bench bench({.reserved_by = 1});
    EXPECT_EQ(bench.run(order_of(SanitizeKind::block_erase)), FirmwareOutcome::refused);
    EXPECT_EQ(bench.record.text,
              "the drive did not begin: status 18h: another host has reserved it");
}

TEST(ScsiFailedState, IsLeftByItsExitWhereThatIsAllowed) {
    Bench bench;
    bench.drive.turn(Knob::fails_at_end);
    SanitizeOrder order = order_of(SanitizeKind::block_erase);
    order.options.may_leave_failed = true;
    ASSERT_EQ(bench.run(order), FirmwareOutcome::failed);
    ScsiOperationRecord record;
    EXPECT_TRUE(leave_failed_state({bench.port, bench.clock, bench.door}, order, record));
    EXPECT_EQ(record.outcome, FirmwareOutcome::not_started) << "nothing had to be carried out";
    EXPECT_GT(bench.residue(), 0U);
    EXPECT_EQ(ask_unit_state_of(bench), ScsiCondition::idle);
}

TEST(ScsiFailedState, IsLeftByAnotherThatSucceedsWhereItIsNot) {
    Bench bench;
    bench.drive.turn(Knob::fails_at_end);
    const SanitizeOrder order = order_of(SanitizeKind::block_erase);
    ASSERT_EQ(bench.run(order), FirmwareOutcome::failed);
    ScsiOperationRecord record;
    const auto status = leave_failed_state({bench.port, bench.clock, bench.door}, order, record);
    EXPECT_EQ(status.error().fault, Fault::drive) << "it fails again";
    EXPECT_EQ(record.outcome, FirmwareOutcome::failed);
    EXPECT_EQ(ask_unit_state_of(bench), ScsiCondition::sanitize_failed);

    // A drive that fails once: the next one ends the state.
    Bench once;
    ASSERT_EQ(once.run(order), FirmwareOutcome::succeeded);
    EXPECT_TRUE(leave_failed_state({once.port, once.clock, once.door}, order, record));
}

} // namespace
} // namespace quietus::scsi
