#include "good_run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace quietus {
namespace {

using Limits = std::vector<std::string>;

TEST(Judge, CallsAFullyReadBackImageErasedAtLevelNone) {
    const Judgement judgement = GoodRun{}.judged();
    EXPECT_EQ(judgement.verdict, Verdict::erased);
    EXPECT_EQ(judgement.level, Level::none);
    EXPECT_EQ(judgement.level_basis, LevelBasis::host_read_back);
    EXPECT_EQ(judgement.bytes_proven, GoodRun::size);
    EXPECT_TRUE(judgement.unproven.empty());
    EXPECT_TRUE(judgement.findings.empty());
    EXPECT_EQ(judgement.limits, Limits{"storage-beneath-unknown"});
    EXPECT_EQ(judgement.grade, "E3");
}

TEST(Judge, GivesAPhysicalDriveClearAndNamesWhatWasNotReached) {
    GoodRun run;
    run.physical();
    const Judgement judgement = run.judged();
    EXPECT_EQ(judgement.verdict, Verdict::erased);
    EXPECT_EQ(judgement.level, Level::clear);
    EXPECT_EQ(judgement.limits,
              (Limits{"spare-blocks-not-reached", "technique-not-proven-on-hardware"}));
}

TEST(Judge, NeverGivesMoreThanClearOrMoreThanThePlan) {
    GoodRun run;
    run.physical();
    run.plan.level = Level::purge;
    EXPECT_EQ(run.judged().level, Level::clear);
    run.plan.level = Level::none;
    EXPECT_EQ(run.judged().level, Level::none);
    run.drive.kind = DriveKind::loop;
    run.plan.level = Level::purge;
    EXPECT_EQ(run.judged().level, Level::none);
}

TEST(Judge, CallsAPhysicalDriveOfUnknownNativeCapacityIndeterminate) {
    GoodRun run;
    run.physical();
    run.drive.native_size_bytes.reset();
    const Judgement judgement = run.judged();
    EXPECT_EQ(judgement.verdict, Verdict::indeterminate);
    EXPECT_EQ(judgement.level, Level::none);
    EXPECT_THAT(judgement.limits, testing::Contains("native-capacity-unknown"));
}

TEST(Judge, FailsADriveWithAHiddenArea) {
    GoodRun run;
    run.physical();
    run.drive.native_size_bytes = GoodRun::size + 512;
    EXPECT_EQ(run.judged().verdict, Verdict::failed);
    EXPECT_TRUE(has_finding(run.judged(), "hidden-area"));
}

TEST(Judge, CallsADriveThatNobodyReadBackUnverifiedWithNothingProven) {
    GoodRun run;
    run.physical();
    run.no_verification();
    const Judgement judgement = run.judged();
    EXPECT_EQ(judgement.verdict, Verdict::unverified);
    EXPECT_EQ(judgement.level, Level::none);
    EXPECT_EQ(judgement.bytes_proven, 0u);
    EXPECT_EQ(judgement.unproven, (std::vector<Extent>{{0, GoodRun::size}}));
    EXPECT_EQ(judgement.grade, "");
    EXPECT_TRUE(has_finding(judgement, "not-read-back"));
    EXPECT_THAT(judgement.limits, testing::Contains("addressing-sampled"));
}

TEST(Judge, TakesACleanSampleForTheWholeAtGradeE2) {
    GoodRun run;
    run.sample_thirty_percent();
    const Judgement judgement = run.judged();
    EXPECT_EQ(judgement.verdict, Verdict::erased);
    EXPECT_EQ(judgement.grade, "E2");
    EXPECT_EQ(judgement.bytes_proven, GoodRun::size);
    EXPECT_EQ(judgement.limits, (Limits{"addressing-sampled", "storage-beneath-unknown"}));
}

TEST(Judge, TakesAFullReadBackWhereASampleWasAsked) {
    GoodRun run;
    run.plan.verification = {VerificationMode::sample, 10};
    EXPECT_EQ(run.judged().verdict, Verdict::erased);
    EXPECT_EQ(run.judged().grade, "E3");
}

TEST(Judge, TakesNoSampleThatIsTooSmallOrCannotBeRepeated) {
    const auto verdict = [](auto alter) {
        GoodRun run;
        run.sample_thirty_percent();
        alter(run.evidence.read_backs.back());
        return run.judged();
    };
    for (const Judgement& judgement : {
             verdict([](auto& record) { record.bytes_read = record.bytes_matched = 2 * 65536; }),
             verdict([](auto& record) { record.sample_seed.reset(); }),
             verdict([](auto& record) { record.strata = 0; }),
             verdict([](auto& record) { record.strata = 2; }),
             verdict([](auto& record) { record.sample_block_bytes = 512; }),
             verdict([](auto& record) { record.verification.percent = 29; }),
             verdict([](auto& record) {
                 record.verification = {VerificationMode::none, 0};
             }),
             verdict([](auto& record) {
                 record.bytes_read = record.bytes_matched = GoodRun::size + 512;
             }),
         }) {
        EXPECT_EQ(judgement.verdict, Verdict::failed);
        EXPECT_EQ(judgement.bytes_proven, 0u);
        EXPECT_TRUE(has_finding(judgement, "incomplete-read-back"));
    }
}

TEST(Judge, CallsAStopOnRequestInterruptedWhateverElseIsMissing) {
    GoodRun run;
    run.evidence.stopped = StopReason::interrupted;
    EXPECT_EQ(run.judged().verdict, Verdict::interrupted);
    run.evidence = {.stopped = StopReason::interrupted, .stop_text = "stopped by a signal"};
    const Judgement judgement = run.judged();
    EXPECT_EQ(judgement.verdict, Verdict::interrupted);
    EXPECT_EQ(judgement.findings.size(), 1u);
    EXPECT_EQ(judgement.bytes_proven, 0u);
    EXPECT_EQ(judgement.grade, "");
}

TEST(Judge, EscapesWhatTheStopSays) {
    GoodRun run;
    run.evidence.stopped = StopReason::io;
    run.evidence.stop_text = "\x1b[2Jerased";
    EXPECT_EQ(run.judged().findings.front().text.find('\x1b'), std::string::npos);
}

TEST(Judge, NamesBlocksRoundedOutwards) {
    GoodRun run;
    run.evidence.read_backs.back().mismatched = {{1000, 100}, {512 * 1000, 100}};
    const auto findings = run.judged().findings;
    ASSERT_GE(findings.size(), 2u);
    EXPECT_EQ(findings[0].code, "mismatch");
    EXPECT_EQ(findings[0].first_block, 1u); // bytes 1000 to 1099 touch blocks 1 and 2
    EXPECT_EQ(findings[0].blocks, 2u);
    EXPECT_EQ(findings[1].first_block, 1000u); // the partial last block of the image
    EXPECT_EQ(findings[1].blocks, 1u);
}

TEST(Judge, SumsUpAFloodOfExtents) {
    GoodRun run;
    for (std::uint64_t block = 0; block < 400; ++block)
        run.evidence.read_backs.back().mismatched.push_back({block * 1024, 512});
    const auto findings = run.judged().findings;
    ASSERT_EQ(findings.size(), 257u);
    EXPECT_NE(findings.back().text.find("144 more"), std::string::npos);
    EXPECT_FALSE(findings.back().first_block);
}

TEST(Judge, LeavesOnlyEqualBytesOfTheLastPassProven) {
    GoodRun run;
    ReadBackRecord& record = run.evidence.read_backs.back();
    record.matched = {{0, 4096}, {8192, GoodRun::size - 8192}};
    record.mismatched = {{4096, 4096}};
    record.bytes_matched = GoodRun::size - 4096;
    PassRecord& pass = run.evidence.passes.back();
    pass.written = {{0, GoodRun::size - 100}};
    pass.unwritable = {{GoodRun::size - 100, 100}};
    const Judgement judgement = run.judged();
    EXPECT_EQ(judgement.verdict, Verdict::failed);
    EXPECT_EQ(judgement.bytes_proven, GoodRun::size - 4096 - 100);
    EXPECT_EQ(judgement.unproven, (std::vector<Extent>{{4096, 4096}, {GoodRun::size - 100, 100}}));
}

TEST(Judge, DoesNotAddUpPassesThatMissedDifferentParts) {
    GoodRun run;
    run.evidence.passes[2].written = {{0, 4096}};
    run.evidence.passes[2].bytes_written = 4096;
    run.evidence.passes[3].written = {{4096, GoodRun::size - 4096}};
    run.evidence.passes[3].bytes_written = GoodRun::size - 4096;
    EXPECT_EQ(run.judged().verdict, Verdict::failed);
    EXPECT_EQ(run.judged().unproven, (std::vector<Extent>{{0, 4096}}));
}

TEST(Judge, ProvesNothingByAPassThatWasNotFlushed) {
    GoodRun run;
    run.evidence.passes.back().flushed = false;
    EXPECT_EQ(run.judged().bytes_proven, 0u);
    EXPECT_EQ(run.judged().unproven, (std::vector<Extent>{{0, GoodRun::size}}));
}

// A plan whose last write is the same everywhere cannot tell two addresses apart.
TEST(Judge, LimitsAddressingUnlessTheFinalPassDependsOnThePosition) {
    const auto limits_with = [](PlanStep last, std::string bytes) {
        GoodRun run;
        run.plan.steps.back() = last;
        run.evidence.passes.back().data = last.data;
        run.evidence.passes.back().bytes = std::move(bytes);
        EXPECT_EQ(run.judged().verdict, Verdict::erased);
        return run.judged().limits;
    };
    const auto sampled = testing::Contains("addressing-sampled");
    EXPECT_THAT(limits_with({.data = StepData::fixed, .bytes = "ff"}, "ff"), sampled);
    EXPECT_THAT(limits_with({.data = StepData::random_char}, "17"), sampled);
    EXPECT_THAT(limits_with({.data = StepData::complement, .of = 4}, "a5"), sampled);
    EXPECT_THAT(limits_with({.data = StepData::lba_stamp, .bytes = "00"}, "00"),
                testing::Not(sampled));
}

TEST(Judge, TakesTheComplementOfAStampForAStamp) {
    GoodRun run;
    run.plan.steps[4] = {.data = StepData::lba_stamp, .bytes = "00"};
    run.plan.steps[5] = {.data = StepData::complement, .of = 5};
    run.evidence.passes[2] = GoodRun::pass(5, StepData::lba_stamp, "00");
    run.evidence.passes[3] = GoodRun::pass(6, StepData::complement, "");
    EXPECT_EQ(run.judged().verdict, Verdict::erased);
    EXPECT_EQ(run.judged().limits, Limits{"storage-beneath-unknown"});
}

TEST(Judge, NamesThePageCacheAsALimit) {
    GoodRun run;
    run.evidence.page_cache = true;
    EXPECT_EQ(run.judged().verdict, Verdict::erased);
    EXPECT_EQ(run.judged().limits, (Limits{"page-cache", "storage-beneath-unknown"}));
}

} // namespace
} // namespace quietus
