// What a run is worth that went on with an interrupted one.
#include "good_run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace quietus {
namespace {

Resumption midway() {
    return {.job = "QTS-TEST01-00000001",
            .step = 5,
            .first_block = 8,
            .carried_bytes = 4096,
            .compared_bytes = 4096};
}

TEST(JudgeResumed, SaysThatItWasInterruptedWhenAllIsProven) {
    GoodRun run;
    run.evidence.resumed = {midway()};
    EXPECT_EQ(run.judged().verdict, Verdict::erased);
    EXPECT_THAT(run.judged().limits, testing::Contains("interrupted-and-resumed"));
    EXPECT_EQ(run.judged().grade, "E3");
}

TEST(JudgeResumed, BelievesNoSampleOfADriveThatWasOutOfHand) {
    GoodRun run;
    run.sample_thirty_percent();
    EXPECT_EQ(run.judged().verdict, Verdict::erased);
    run.evidence.resumed = {midway()};
    EXPECT_EQ(run.judged().verdict, Verdict::failed);
    EXPECT_TRUE(has_finding(run.judged(), "incomplete-read-back"));
    run.evidence.read_backs.back() = GoodRun::read_back(7, 6);
    EXPECT_EQ(run.judged().verdict, Verdict::erased) << "more than the plan asks for";
}

TEST(JudgeResumed, DemandsNoReadBackWhereThePlanAsksForNone) {
    GoodRun run;
    run.no_verification();
    run.evidence.resumed = {midway()};
    EXPECT_EQ(run.judged().verdict, Verdict::unverified);
}

TEST(JudgeResumed, LetsNoResumptionReplaceARecord) {
    for (std::size_t missing = 0; missing < 4; ++missing) {
        GoodRun run;
        run.evidence.resumed = {midway()};
        run.evidence.passes.erase(run.evidence.passes.begin() +
                                  static_cast<std::ptrdiff_t>(missing));
        EXPECT_EQ(run.judged().verdict, Verdict::failed) << missing;
    }
}

TEST(JudgeResumed, RefusesResumptionsThatNoEngineYields) {
    const auto expect_impossible = [](auto change, const char* what) {
        GoodRun run;
        run.evidence.resumed = {midway()};
        change(run.evidence.resumed.front());
        EXPECT_EQ(run.judged().verdict, Verdict::failed) << what;
        EXPECT_TRUE(has_finding(run.judged(), "inconsistent-evidence")) << what;
    };
    expect_impossible([](Resumption& each) { each.step = 0; }, "no step");
    expect_impossible([](Resumption& each) { each.step = 8; }, "beyond the final read-back");
    expect_impossible([](Resumption& each) { each.step = 3; }, "midway in a read-back");
    expect_impossible([](Resumption& each) { each.step = 1; }, "midway in the probe");
    expect_impossible([](Resumption& each) { each.first_block = 9; }, "more than was written");
    expect_impossible([](Resumption& each) { each.carried_bytes = GoodRun::size + 1; },
                      "more than there is");
    expect_impossible([](Resumption& each) { each.compared_bytes = GoodRun::size + 1; },
                      "more compared than there is");
    expect_impossible([](Resumption& each) { each.carried_bytes = 0; }, "a block of nothing");
    GoodRun run;
    run.evidence.resumed = {{.job = "QTS-TEST01-00000001", .step = 7}};
    EXPECT_EQ(run.judged().verdict, Verdict::erased) << "interrupted in the final read-back";
}

} // namespace
} // namespace quietus
