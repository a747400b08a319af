// An erasure by an NVMe drive itself while something else goes wrong: a command that is lost,
// evidence that cannot be kept, somebody who will not wait, a drive in the state of another
// operation.
#include "nvme_run.hpp"
#include "nvme_verdicts.hpp"

#include <gtest/gtest.h>

namespace quietus {
namespace {

using emulator::Knob;
using test::findings_of;
using test::is_nvme_sanitize;
using test::LossyNvmePort;
using test::nvme_methods;
using test::NvmeRun;
using test::NvmeTraits;
using test::options_for;
using test::two_namespaces;

NvmeTraits quick() {
    NvmeTraits traits = two_namespaces();
    traits.namespaces[0].blocks = 32;
    traits.namespaces[1].blocks = 32;
    traits.sanitize.block_takes = std::chrono::seconds(3);
    traits.sanitize.pass_takes = std::chrono::seconds(3);
    return traits;
}

// For every N: the Nth command never arrives, is carried out and its answer lost, or is given up by
// the host. No run ends in `erased` with something left.
TEST(NvmeMishap, IsSurvivedAtEveryCommand) {
    using Loss = LossyNvmePort::Loss;
    for (const Technique method : nvme_methods)
        for (const auto loss : {Loss::command, Loss::answer, Loss::timed_out}) {
            SCOPED_TRACE(to_text(method));
            unsigned lost_at = 0;
            unsigned erased = 0;
            for (bool more = true; more; ++lost_at) {
                SCOPED_TRACE(lost_at);
                NvmeRun run(quick());
                run.port.lost_at = lost_at;
                run.port.loss = loss;
                const auto judged = run.erase(method, options_for(method));
                more = run.port.count > lost_at;
                if (judged.judgement.verdict != Verdict::erased) continue;
                ++erased;
                EXPECT_EQ(test::readable_residue(run.drive), 0U);
                EXPECT_TRUE(!is_nvme_sanitize(method) || run.residue() == 0);
            }
            EXPECT_GT(lost_at, 12U);
            EXPECT_GE(erased, 1U); // without a loss
        }
}

TEST(NvmeMishap, BeginsNothingThatCannotBeRecorded) {
    for (const Technique method : nvme_methods) {
        SCOPED_TRACE(to_text(method));
        NvmeRun run(quick());
        run.watch.fails_from = 0;
        const auto judged = run.erase(method, options_for(method));
        EXPECT_EQ(judged.judgement.verdict, Verdict::failed);
        EXPECT_EQ(judged.judgement.findings.at(0).code, "firmware-refused");
        EXPECT_EQ(judged.judgement.findings.at(0).text, "no space left");
        EXPECT_NE(run.residue(), 0U);
    }
}

// A sanitize goes on through the power; what was written down at any moment is enough to go on with
// it. Of a format nobody knows.
TEST(NvmeMishap, IsGoneOnWithFromWhateverWasKept) {
    for (const Technique method : nvme_methods) {
        unsigned gone_on_with = 0;
        for (unsigned kept = 1;; ++kept) {
            SCOPED_TRACE(testing::Message() << to_text(method) << " from line " << kept);
            NvmeRun run(quick());
            run.watch.fails_from = kept;
            const auto first = run.erase(method, options_for(method));
            const FirmwareEvidence left = run.watch.kept.back();
            EXPECT_EQ(can_go_on_from(left), is_nvme_sanitize(method));
            // Once it has ended that is known to who has asked, kept or not.
            if (first.judgement.verdict == Verdict::erased || !can_go_on_from(left)) break;
            EXPECT_EQ(first.judgement.verdict, Verdict::interrupted);
            ++gone_on_with;
            run.watch.fails_from.reset();
            run.drive.power_cycle();
            const auto proven = run.go_on_from(left);
            EXPECT_EQ(proven.judgement.verdict, Verdict::erased) << findings_of(proven.judgement);
            EXPECT_EQ(run.residue(), 0U);
        }
        EXPECT_EQ(gone_on_with != 0, is_nvme_sanitize(method));
    }
}

TEST(NvmeMishap, IsLetGoOfAndFoundAgain) {
    for (const bool power : {false, true})
        for (const Technique method : nvme_methods) {
            if (!is_nvme_sanitize(method)) continue;
            SCOPED_TRACE(to_text(method));
            NvmeRun run(two_namespaces());
            run.watch.release_after = 1;
            const auto judged = run.erase(method, options_for(method));
            EXPECT_EQ(judged.judgement.verdict, Verdict::interrupted)
                << findings_of(judged.judgement);
            EXPECT_EQ(judged.judgement.findings.at(0).code, "firmware-under-way");
            const FirmwareEvidence left = run.watch.kept.back();
            ASSERT_TRUE(can_go_on_from(left));
            if (power) run.drive.power_cycle();
            run.watch.release_after.reset();
            const auto proven = run.go_on_from(left);
            EXPECT_EQ(proven.judgement.verdict, Verdict::erased) << findings_of(proven.judgement);
            EXPECT_EQ(run.residue(), 0U);
            const auto& limits = proven.judgement.limits;
            const bool unseen = std::ranges::find(limits, "medium-not-read") != limits.end();
            // A loss of power takes the state away in which the medium could be read.
            EXPECT_EQ(unseen, power && method != Technique::nvme_sanitize_overwrite);
        }
}

TEST(NvmeMishap, DoesNotGoOnWithAnotherDrive) {
    NvmeRun run(two_namespaces());
    run.watch.release_after = 1;
    static_cast<void>(run.erase(Technique::nvme_sanitize_block_erase));
    NvmeTraits traits = two_namespaces();
    traits.serial = "ANOTHER";
    NvmeRun other(traits);
    const auto judged = other.go_on_from(run.watch.kept.back());
    EXPECT_NE(judged.judgement.verdict, Verdict::erased);
    EXPECT_EQ(other.evidence.stopped, StopReason::drive_changed);
    EXPECT_NE(other.residue(), 0U);
}

TEST(NvmeMishap, LeavesAnOperationAloneThatIsUnderWay) {
    NvmeRun run(two_namespaces());
    run.watch.release_after = 1;
    static_cast<void>(run.erase(Technique::nvme_sanitize_overwrite));
    for (const Technique method : nvme_methods) {
        const auto judged = run.erase(method, options_for(method));
        EXPECT_EQ(judged.judgement.verdict, Verdict::refused);
        EXPECT_EQ(judged.judgement.findings.at(0).text,
                  "the drive has an operation under way already");
    }
}

TEST(NvmeMishap, DoesNotEraseADriveWhoseOperationHasFailed) {
    NvmeRun run(two_namespaces());
    run.drive.turn(Knob::fails_at_end);
    EXPECT_EQ(run.erase(Technique::nvme_sanitize_block_erase).judgement.verdict, Verdict::failed);
    for (const Technique method : nvme_methods) {
        const auto judged = run.erase(method, options_for(method));
        EXPECT_EQ(judged.judgement.verdict, Verdict::refused);
        EXPECT_NE(findings_of(judged.judgement).find("quietus recover"), std::string::npos);
    }
}

} // namespace
} // namespace quietus
