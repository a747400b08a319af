// An erasure by a SAS drive itself while something else goes wrong: a command that is lost,
// evidence that cannot be kept, somebody who will not wait, a machine that dies.
#include "scsi_scene.hpp"

#include "quietus/job/carry_out.hpp"
#include "quietus/job/undo.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace quietus {
namespace {

using emulator::Knob;
using emulator::ScsiTraits;
using test::findings_text;
using test::LossyScsiPort;
using test::options_for;
using test::scsi_methods;
using test::ScsiScene;

constexpr auto overwrite = Technique::scsi_sanitize_overwrite;
constexpr auto format = Technique::scsi_format_unit;

ScsiTraits brief() {
    ScsiTraits traits{.blocks = 64};
    traits.sanitize.block_takes = std::chrono::seconds(3);
    traits.sanitize.pass_takes = std::chrono::seconds(3);
    traits.format.takes = std::chrono::seconds(5);
    return traits;
}

// For every N: the Nth command never arrives, or is carried out and its answer lost. No run ends in
// `erased` with something left.
TEST(ScsiMishap, IsSurvivedAtEveryCommand) {
    for (const Technique method : scsi_methods)
        for (const auto loss : {LossyScsiPort::Loss::command, LossyScsiPort::Loss::answer}) {
            SCOPED_TRACE(to_text(method));
            unsigned lost_at = 0;
            unsigned erased = 0;
            for (bool more = true; more; ++lost_at) {
                SCOPED_TRACE(lost_at);
                ScsiScene scene(brief());
                scene.bay.lossy.lost_at = lost_at;
                scene.bay.lossy.loss = loss;
                const auto judged = scene.erase(method, options_for(method));
                more = scene.bay.lossy.count > lost_at;
                if (judged.judgement.verdict == Verdict::erased) {
                    ++erased;
                    EXPECT_EQ(scene.readable_residue(), 0U);
                } else {
                    EXPECT_EQ(judged.judgement.level, Level::none);
                }
            }
            EXPECT_GT(lost_at, 20U);
            EXPECT_GE(erased, 1U); // without a loss
        }
}

TEST(ScsiMishap, BeginsNothingThatCannotBeRecorded) {
    for (const Technique method : scsi_methods) {
        SCOPED_TRACE(to_text(method));
        ScsiScene scene;
        scene.watch.fails_from = 0;
        const auto judged = scene.erase(method, options_for(method));
        EXPECT_EQ(judged.judgement.verdict, Verdict::failed);
        EXPECT_EQ(judged.judgement.findings.at(0).code, "firmware-refused");
        EXPECT_EQ(judged.judgement.findings.at(0).text, "no space left");
        EXPECT_NE(scene.residue(), 0U);
    }
}

TEST(ScsiMishap, RecordsEachPhaseBeforeItsCommand) {
    for (const Technique method : scsi_methods) {
        ScsiScene scene;
        static_cast<void>(scene.erase(method, options_for(method)));
        ASSERT_FALSE(scene.watch.kept.empty());
        EXPECT_EQ(scene.watch.kept.front().scsi.at(0).phase, SanitizePhase::starting);
        EXPECT_FALSE(scene.watch.kept.front().scsi.at(0).accepted);
        EXPECT_EQ(scene.watch.kept.back().scsi.at(0).phase, SanitizePhase::ended);
    }
}

// Who lets go is told so; the drive goes on, through its power, and is waited for later. What was
// written down last is enough for that, also when it was written down before a crash.
TEST(ScsiMishap, IsLetGoOfAndFoundAgain) {
    for (const std::size_t kept : {0U, 1U, 2U}) {
        SCOPED_TRACE(kept);
        ScsiScene scene;
        scene.watch.release_after = 5;
        const auto judged = scene.erase(overwrite, options_for(overwrite));
        EXPECT_EQ(judged.judgement.verdict, Verdict::interrupted);
        EXPECT_EQ(judged.judgement.findings.at(0).code, "firmware-under-way");
        const FirmwareEvidence left = scene.watch.kept.at(kept);
        ASSERT_TRUE(can_go_on_from(left));

        scene.drive.power_cycle();
        scene.watch.release_after.reset();
        const auto proven = scene.go_on_from(left);
        EXPECT_EQ(proven.judgement.verdict, Verdict::erased) << findings_text(proven.judgement);
        EXPECT_EQ(scene.residue(), 0U);
    }
}

// SANITIZE goes on without us and has ended by the time somebody asks: it was seen to begin.
TEST(ScsiMishap, FindsASanitizeThatHasEndedMeanwhile) {
    ScsiScene scene;
    scene.watch.release_after = 5;
    static_cast<void>(scene.erase(overwrite, options_for(overwrite)));
    const FirmwareEvidence left = scene.watch.kept.back();
    scene.clock.advance(std::chrono::hours(2));
    scene.drive.power_cycle();
    scene.watch.release_after.reset();
    const auto proven = scene.go_on_from(left);
    EXPECT_EQ(proven.judgement.verdict, Verdict::erased) << findings_text(proven.judgement);
    EXPECT_TRUE(scene.evidence.scsi.at(0).seen_in_progress);
    EXPECT_EQ(scene.residue(), 0U);
}

// Killed between what was written down and the command: nobody knows whether it began, so that an
// idle drive is told once more.
TEST(ScsiMishap, BeginsAnewWhatMayNeverHaveBegun) {
    for (const Technique method : scsi_methods) {
        SCOPED_TRACE(to_text(method));
        ScsiScene scene;
        static_cast<void>(scene.erase(method, options_for(method)));
        const FirmwareEvidence left = scene.watch.kept.front();
        ASSERT_EQ(left.scsi.at(0).phase, SanitizePhase::starting);
        ASSERT_TRUE(can_go_on_from(left));
        scene.drive.hold(as_bytes(test::secret));
        const auto proven = scene.go_on_from(left);
        EXPECT_EQ(proven.judgement.verdict, Verdict::erased) << findings_text(proven.judgement);
        EXPECT_EQ(scene.readable_residue(), 0U);
    }
}

// A format that was let go of is waited for; one that is over by then may have been reset, which
// nobody has seen, and so it is done once more.
TEST(ScsiMishap, GoesOnWithAFormatOnlyWhileItIsSeen) {
    for (const bool over : {false, true}) {
        SCOPED_TRACE(over);
        ScsiScene scene;
        scene.watch.release_after = 5;
        EXPECT_EQ(scene.erase(format).judgement.verdict, Verdict::interrupted);
        const FirmwareEvidence left = scene.watch.kept.back();
        ASSERT_TRUE(can_go_on_from(left));
        if (over) scene.clock.advance(std::chrono::hours(2));
        scene.watch.release_after.reset();
        const auto proven = scene.go_on_from(left);
        EXPECT_EQ(proven.judgement.verdict, Verdict::erased) << findings_text(proven.judgement);
        const auto began = std::ranges::count_if(scene.watch.kept, [](const auto& each) {
            return !each.scsi.empty() && each.scsi.front().phase == SanitizePhase::starting;
        });
        EXPECT_EQ(began, over ? 2 : 1);
        EXPECT_EQ(scene.readable_residue(), 0U);
    }
}

TEST(ScsiMishap, FindsAFormatThatHasLostItsPower) {
    ScsiScene scene;
    scene.watch.release_after = 5;
    static_cast<void>(scene.erase(format));
    const FirmwareEvidence left = scene.watch.kept.back();
    scene.drive.power_cycle();
    scene.watch.release_after.reset();
    const auto judged = scene.go_on_from(left);
    EXPECT_EQ(judged.judgement.verdict, Verdict::failed);
    EXPECT_EQ(judged.judgement.findings.at(0).code, "firmware-failed");
}

TEST(ScsiMishap, DoesNotGoOnWithAnotherDrive) {
    for (const Technique method : {overwrite, format}) {
        ScsiScene scene;
        scene.watch.release_after = 5;
        static_cast<void>(scene.erase(method, options_for(method)));
        ScsiScene other({.serial = "ANOTHER"});
        const std::uint64_t before = other.residue();
        const auto judged = other.go_on_from(scene.watch.kept.back());
        EXPECT_NE(judged.judgement.verdict, Verdict::erased);
        EXPECT_EQ(other.evidence.stopped, StopReason::drive_changed);
        EXPECT_EQ(other.residue(), before);
    }
}

// Where what was out of reach begins two addresses lead to one block.
TEST(ScsiMishap, FindsAliasesByAnotherCanaryThanWasWritten) {
    ScsiScene scene({.blocks = 256, .shown_blocks = 152});
    scene.drive.media().add(
        {.kind = emulator::FaultKind::alias, .where = {151 * 512, 1024}, .amount = 512});
    const auto judged = scene.erase(overwrite, options_for(overwrite));
    EXPECT_EQ(judged.judgement.verdict, Verdict::failed) << findings_text(judged.judgement);
    EXPECT_NE(findings_text(judged.judgement).find("address-aliasing"), std::string::npos);
    EXPECT_TRUE(scene.evidence.scsi.empty()) << "nothing was begun";
}

// --- recovery, with nothing kept ---

struct RecoveredDrive {
    explicit RecoveredDrive(const PlanRequest& wish) : host({.blocks = 64}) {
        host.drive.turn(Knob::fails_at_end);
        failed = host.erase(wish);
        told = host.told();
    }
    explicit RecoveredDrive(bool may_leave) : RecoveredDrive(overwriting(may_leave)) {}
    static PlanRequest overwriting(bool may_leave) {
        PlanRequest wish = test::scsi_wish(overwrite);
        wish.firmware->may_leave_failed = may_leave;
        return wish;
    }
    /// Its knob is the first drive's: this one goes on as that one, and fails no more.
    void heal() {
        healthy.emplace(host.drive.traits());
        healthy->drive.recall(host.drive.memory());
        told = healthy->told();
    }
    Result<Undone> undo() {
        test::ScsiHost& machine = healthy ? *healthy : host;
        HostBay bay(machine, told);
        test::NotingAudience audience;
        return quietus::undo(told, bay, machine.clock, audience);
    }
    test::ScsiHost host;
    std::optional<test::ScsiHost> healthy;
    std::optional<ErasureRecord> failed;
    Drive told;
};

// In the state of a failed operation a drive takes next to nothing else; it is ended by a word
// where that is allowed, else by an operation that ends well.
TEST(ScsiRecovery, EndsTheStateOfAFailedOperation) {
    for (const bool may_leave : {true, false}) {
        SCOPED_TRACE(may_leave);
        RecoveredDrive drive(may_leave);
        ASSERT_TRUE(drive.failed);
        EXPECT_EQ(drive.failed->judgement.verdict, Verdict::failed);
        EXPECT_EQ(leftovers_of(drive.told), std::vector{Leftover::failed_sanitize});
        const auto undone = drive.undo();
        // The knob is still turned: what cannot be left by a word cannot be left at all.
        EXPECT_EQ(undone.has_value(), may_leave);
        if (undone) {
            EXPECT_FALSE(undone->carried_out_again);
            EXPECT_TRUE(leftovers_of(drive.host.told()).empty());
        } else {
            EXPECT_EQ(undone.error().fault, Fault::drive);
        }
    }
}

// No block of it can be read or written before it is formatted again, and as it was.
TEST(ScsiRecovery, FormatsADriveAgainWhoseFormatFailed) {
    RecoveredDrive drive(test::scsi_wish(Technique::scsi_format_unit));
    ASSERT_TRUE(drive.failed);
    EXPECT_EQ(drive.failed->judgement.verdict, Verdict::failed);
    EXPECT_EQ(leftovers_of(drive.told), std::vector{Leftover::failed_format});
    EXPECT_FALSE(make_plan(drive.told, test::scsi_wish(overwrite)));
    EXPECT_EQ(drive.undo().error().fault, Fault::drive) << "it fails again";
    drive.heal();
    ASSERT_EQ(leftovers_of(drive.told), std::vector{Leftover::failed_format});
    const auto undone = drive.undo();
    ASSERT_TRUE(undone) << undone.error().message;
    EXPECT_TRUE(undone->carried_out_again);
    const Drive after = drive.healthy->told();
    EXPECT_TRUE(leftovers_of(after).empty());
    EXPECT_EQ(after.size_bytes, std::uint64_t{64} * 512);
    const auto record = drive.healthy->erase(test::scsi_wish(overwrite));
    ASSERT_TRUE(record);
    EXPECT_EQ(record->judgement.verdict, Verdict::erased);
}

TEST(ScsiRecovery, HasNothingToDoOfAnIdleDrive) {
    test::ScsiHost host({.blocks = 64});
    EXPECT_TRUE(leftovers_of(host.told()).empty());
}

} // namespace
} // namespace quietus
