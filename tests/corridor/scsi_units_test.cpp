// A SAS drive of two logical units erases itself as a whole: each is told, each is seen at work and
// to end, and nothing is called erased of which one was left.
#include "scsi_scene.hpp"

#include "quietus/job/undo.hpp"
#include "quietus/policy/make_plan.hpp"
#include "quietus/transport/scsi/commands.hpp"

#include <gmock/gmock.h>

namespace quietus {
namespace {

using emulator::Knob;
using emulator::ScsiTraits;
using test::findings_text;
using test::options_for;
using test::scsi_methods;
using test::ScsiHost;
using test::ScsiScene;
using testing::HasSubstr;

constexpr auto format = Technique::scsi_format_unit;
constexpr auto overwrite = Technique::scsi_sanitize_overwrite;

/// By one command for both, or by one for each.
constexpr bool reaches[] = {true, false};

ScsiTraits two_units(bool reaches_all, std::uint64_t blocks = 256) {
    ScsiTraits traits{.blocks = blocks, .units = 2};
    traits.sanitize.reaches_all_units = reaches_all;
    // Long enough to be seen at work, and no longer.
    traits.sanitize.pass_takes = std::chrono::minutes(1);
    traits.format.takes = std::chrono::minutes(2);
    return traits;
}

TEST(ScsiUnits, AreErasedTogether) {
    for (const bool all : reaches)
        for (const Technique method : scsi_methods) {
            SCOPED_TRACE(testing::Message() << to_text(method) << (all ? ", all by one" : ""));
            ScsiScene scene(two_units(all));
            const auto judged = scene.erase(method, options_for(method));
            EXPECT_EQ(judged.judgement.verdict, Verdict::erased) << findings_text(judged.judgement);
            EXPECT_EQ(judged.judgement.bytes_proven, 2 * 256 * 512U);
            EXPECT_EQ(scene.readable_residue(), 0U);
            if (method != format) {
                EXPECT_EQ(scene.residue(), 0U);
            }
            ASSERT_EQ(scene.evidence.scsi.size(), 2U);
            for (const ScsiOperationRecord& unit : scene.evidence.scsi) {
                EXPECT_EQ(unit.blocks, 256U);
                EXPECT_EQ(unit.before, ScsiCondition::idle);
                EXPECT_TRUE(unit.seen_in_progress);
                EXPECT_EQ(unit.outcome, FirmwareOutcome::succeeded);
            }
            const bool one_command = all && method != format;
            EXPECT_EQ(scene.evidence.scsi.at(1).accepted, !one_command);
            EXPECT_EQ(scene.evidence.scsi.at(1).sense_begun.empty(), !one_command);
        }
}

// Canaries stand on both sides of the border, and in each unit.
TEST(ScsiUnits, HoldCanariesEach) {
    ScsiScene scene(two_units(false));
    static_cast<void>(scene.erase(overwrite, options_for(overwrite)));
    const ExtentSet written(scene.evidence.canaries->written);
    EXPECT_TRUE(written.covers({255 * 512, 1024}));
    EXPECT_TRUE(written.covers({511 * 512, 512}));
}

TEST(ScsiUnits, WorkSideBySide) {
    const auto taken = [](unsigned units) {
        ScsiTraits traits = two_units(false);
        traits.units = units;
        ScsiScene scene(traits);
        const auto before = scene.clock.monotonic();
        static_cast<void>(scene.erase(overwrite, options_for(overwrite)));
        return scene.clock.monotonic() - before;
    };
    EXPECT_LT(taken(2), taken(1) * 11 / 10);
}

// The drive says of the second that it has, and it was never at work, or holds what it held.
TEST(ScsiUnits, AreNotErasedWhereOneIsLeft) {
    for (const bool all : reaches)
        for (const Technique method : scsi_methods) {
            SCOPED_TRACE(testing::Message() << to_text(method) << (all ? ", all by one" : ""));
            ScsiScene scene(two_units(all));
            scene.drive.turn(Knob::lun_left);
            const auto judged = scene.erase(method, options_for(method));
            EXPECT_EQ(judged.judgement.verdict, Verdict::failed);
            EXPECT_THAT(findings_text(judged.judgement), HasSubstr("canary-left"));
            const bool host_writes =
                method == format || method == Technique::scsi_sanitize_crypto_erase;
            EXPECT_EQ(scene.residue() == 0, host_writes) << "which finds out all the same";
        }
}

// Whatever a drive does or tells wrongly is found of two units as of one.
TEST(ScsiUnits, HaveTheVerdictsOfOne) {
    for (const test::ScsiVerdicts& row : test::scsi_verdicts()) {
        if (!row.knob || *row.knob == Knob::lun_left) continue;
        for (std::size_t at = 0; at < scsi_methods.size(); ++at)
            for (const bool all : reaches) {
                SCOPED_TRACE(testing::Message()
                             << to_text(*row.knob) << ", " << to_text(scsi_methods[at])
                             << (all ? ", all" : ""));
                ScsiScene scene(two_units(all));
                scene.drive.turn(*row.knob);
                const auto judged = scene.erase(scsi_methods[at], options_for(scsi_methods[at]));
                EXPECT_EQ(judged.judgement.verdict, row.verdicts.at(at))
                    << row.why << "\n"
                    << findings_text(judged.judgement);
                if (judged.judgement.verdict == Verdict::erased) {
                    EXPECT_EQ(scene.readable_residue(), 0U);
                }
            }
    }
}

// Nothing is begun on the first where the second would not begin.
TEST(ScsiUnits, BeginTogetherOrNotAtAll) {
    for (const Technique method : scsi_methods) {
        SCOPED_TRACE(to_text(method));
        ScsiScene scene(two_units(false));
        const auto begun = scsi::sanitize(scsi::SanitizeKind::overwrite, {}, 512).value();
        ASSERT_EQ(scene.drive.commands(1).execute(begun)->status, scsi::good);
        const auto judged = scene.erase(method, options_for(method));
        EXPECT_EQ(judged.judgement.verdict, Verdict::refused) << findings_text(judged.judgement);
        EXPECT_EQ(ScsiScene::readable_residue(scene.drive.media(0)), 256U);
    }
}

TEST(ScsiUnits, AreAllWithinReachOrNoneIsTold) {
    for (const Technique method : scsi_methods) {
        ScsiScene scene(two_units(true));
        scene.bay.first_alone = true;
        const std::uint64_t before = scene.residue();
        const auto judged = scene.erase(method, options_for(method));
        EXPECT_EQ(judged.judgement.verdict, Verdict::refused);
        EXPECT_THAT(findings_text(judged.judgement), HasSubstr("2 logical units"));
        EXPECT_EQ(scene.residue(), before);
        EXPECT_FALSE(scene.evidence.canaries);

        ScsiHost host(two_units(true));
        host.bay.first_alone = true;
        const auto plan = make_plan(host.told(), test::scsi_wish(method));
        ASSERT_FALSE(plan);
        EXPECT_EQ(plan.error().fault, Fault::unsupported);
        EXPECT_THAT(plan.error().message, HasSubstr("1 of them is within reach"));
    }
}

// Every command to either of them is lost once: before it gets there, or on its way back.
TEST(ScsiUnits, AreNotErasedByALostCommand) {
    using Loss = test::LossyScsiPort::Loss;
    for (const Technique method : scsi_methods)
        for (const unsigned unit : {0U, 1U}) {
            bool struck = true;
            unsigned n = 0;
            for (; struck; ++n) {
                SCOPED_TRACE(testing::Message()
                             << to_text(method) << ", unit " << unit << ", command " << n);
                ScsiScene scene(two_units(n % 3 == 0, 16));
                test::LossyScsiPort& port = unit == 0 ? scene.bay.lossy : scene.bay.further[0];
                port.lost_at = n;
                port.loss = (n + unit) % 2 == 0 ? Loss::command : Loss::answer;
                const auto judged = scene.erase(method, options_for(method));
                struck = port.count > n;
                if (judged.judgement.verdict != Verdict::erased) continue;
                EXPECT_EQ(scene.readable_residue(), 0U);
            }
            EXPECT_GT(n, 20U);
        }
}

// From whatever was written down last, after a crash; also when the second was not begun yet.
TEST(ScsiUnits, AreFoundAgain) {
    for (const bool all : reaches)
        for (const Technique method : scsi_methods) {
            std::size_t kept = 1;
            for (std::size_t at = 0; at < kept; ++at) {
                SCOPED_TRACE(testing::Message() << to_text(method) << ", kept " << at);
                ScsiScene scene(two_units(all, 64));
                scene.watch.release_after = 5;
                static_cast<void>(scene.erase(method, options_for(method)));
                kept = scene.watch.kept.size();
                const FirmwareEvidence left = scene.watch.kept.at(at);
                if (!can_go_on_from(left)) continue; // it was not begun, or has been refused
                if (method != format) scene.drive.power_cycle();
                scene.watch.release_after.reset();
                const auto proven = scene.go_on_from(left);
                EXPECT_EQ(proven.judgement.verdict, Verdict::erased)
                    << findings_text(proven.judgement);
                EXPECT_EQ(scene.readable_residue(), 0U);
                EXPECT_TRUE(make_up(scene.evidence.scsi, 128));
            }
            EXPECT_GT(kept, 4U);
        }
}

// A format does not go on without power: of neither is it believed.
TEST(ScsiUnits, ThatWereFormattedAreNotTrustedAfterALossOfPower) {
    ScsiScene scene(two_units(true));
    scene.watch.release_after = 5;
    EXPECT_EQ(scene.erase(format).judgement.verdict, Verdict::interrupted);
    const FirmwareEvidence left = scene.watch.kept.back();
    scene.drive.power_cycle();
    scene.watch.release_after.reset();
    EXPECT_EQ(scene.go_on_from(left).judgement.verdict, Verdict::failed);
}

// What is hidden between two units is put within reach, and the plan was made for less.
TEST(ScsiUnits, ThatHideBlocksAreToBePlannedAnew) {
    ScsiTraits traits = two_units(true);
    traits.shown_blocks = 200;
    ScsiScene scene(traits);
    const auto first = scene.erase(overwrite, options_for(overwrite));
    EXPECT_EQ(first.judgement.verdict, Verdict::refused);
    EXPECT_THAT(findings_text(first.judgement), HasSubstr("plan again"));
    EXPECT_FALSE(scene.evidence.canaries);
    const auto second = scene.erase(overwrite, options_for(overwrite));
    EXPECT_EQ(second.judgement.verdict, Verdict::erased) << findings_text(second.judgement);
    EXPECT_EQ(second.judgement.bytes_proven, 2 * 256 * 512U);
    EXPECT_EQ(scene.residue(), 0U);
}

// --- the whole way ---

TEST(ScsiUnits, ArePlannedAndErasedAsOneDrive) {
    for (const Technique method : scsi_methods) {
        ScsiHost host(two_units(true));
        const auto record = host.erase(test::scsi_wish(method));
        ASSERT_TRUE(record);
        EXPECT_EQ(record->judgement.verdict, Verdict::erased) << findings_text(record->judgement);
        EXPECT_EQ(record->drive.size_bytes, 2 * 256 * 512U);
        if (method != format) {
            EXPECT_EQ(host.residue(), 0U);
            EXPECT_EQ(record->judgement.level,
                      method == Technique::scsi_sanitize_block_erase ? Level::clear : Level::purge);
        }
    }
}

// The second alone is in the state of a failed operation, and so is the drive: that is ended, and
// then both are erased.
TEST(ScsiUnits, AreRecoveredEach) {
    for (const Technique method : {overwrite, format}) {
        SCOPED_TRACE(to_text(method));
        ScsiHost failing(two_units(false));
        failing.drive.turn(Knob::fails_at_end);
        ASSERT_EQ(failing.erase(test::scsi_wish(method))->judgement.verdict, Verdict::failed);
        ScsiHost host(two_units(false));
        emulator::ScsiMemory memory = host.drive.memory();
        memory.units.at(1) = failing.drive.memory().units.at(1);
        host.drive.recall(memory);
        const Drive told = host.told();
        EXPECT_EQ(leftovers_of(told), std::vector{method == format ? Leftover::failed_format
                                                                   : Leftover::failed_sanitize});
        EXPECT_FALSE(make_plan(told, test::scsi_wish(overwrite)));

        HostBay bay(host, told);
        test::NotingAudience audience;
        const auto undone = undo(told, bay, host.clock, audience);
        ASSERT_TRUE(undone) << undone.error().message;
        EXPECT_TRUE(undone->carried_out_again);
        EXPECT_TRUE(leftovers_of(host.told()).empty());
        EXPECT_EQ(ScsiScene::readable_residue(host.drive.media(0)), 256U) << "it had not failed";
        const auto record = host.erase(test::scsi_wish(overwrite));
        ASSERT_TRUE(record);
        EXPECT_EQ(record->judgement.verdict, Verdict::erased);
        EXPECT_EQ(host.residue(), 0U);
    }
}

} // namespace
} // namespace quietus
