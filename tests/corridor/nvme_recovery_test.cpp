// NVMe drives that have failed to erase themselves: what ends that state, who can tell, and what
// can be done afterwards.
#include "nvme_host.hpp"
#include "nvme_verdicts.hpp"

#include "quietus/job/carry_out.hpp"
#include "quietus/job/undo.hpp"
#include "quietus/policy/make_plan.hpp"

#include <gmock/gmock.h>

#include <memory>
#include <utility>

namespace quietus {
namespace {

using emulator::Knob;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr Technique block_erase = Technique::nvme_sanitize_block_erase;

PlanRequest wish(bool may_be_left) {
    PlanRequest plan;
    plan.technique = block_erase;
    plan.firmware = test::options_for(block_erase);
    plan.firmware->may_leave_failed = may_be_left;
    return plan;
}

// With VERS the log tells the state. Without, it says of a drive that has left it what it says of
// one that is in it: that an operation has failed.
class NvmeRecovery : public testing::TestWithParam<bool> {
  protected:
    void fail(bool may_be_left) {
        emulator::NvmeTraits traits;
        traits.sanitize.verification = GetParam();
        host = std::make_unique<test::NvmeHost>(traits);
        host->drive.turn(Knob::fails_at_end);
        const auto failed = host->erase(wish(may_be_left));
        ASSERT_TRUE(failed);
        ASSERT_EQ(failed->judgement.verdict, Verdict::failed);
    }
    /// Another drive of that kind goes on as this one: it fails no more.
    void heal() {
        auto healthy = std::make_unique<test::NvmeHost>(host->drive.traits());
        healthy->drive.recall(host->drive.memory());
        host = std::move(healthy);
    }
    Result<Undone> undo() {
        const Drive told = host->told();
        HostBay bay(*host, told);
        test::NotingAudience audience;
        return quietus::undo(told, bay, host->clock, audience);
    }
    std::unique_ptr<test::NvmeHost> host;
};

INSTANTIATE_TEST_SUITE_P(Vers, NvmeRecovery, testing::Bool());

TEST_P(NvmeRecovery, OfAStateThatMayBeLeftIsAWord) {
    fail(true);
    EXPECT_THAT(leftovers_of(host->told()), ElementsAre(Leftover::failed_sanitize));
    const auto undone = undo();
    ASSERT_TRUE(undone) << undone.error().message;
    EXPECT_FALSE(undone->carried_out_again);
    EXPECT_THAT(leftovers_of(host->told()), IsEmpty());
}

TEST_P(NvmeRecovery, OfAnyOtherIsAnOperationThatEndsWell) {
    fail(false);
    EXPECT_FALSE(undo()) << "it fails again";
    EXPECT_THAT(leftovers_of(host->told()), ElementsAre(Leftover::failed_sanitize));
    heal();
    const auto undone = undo();
    ASSERT_TRUE(undone) << undone.error().message;
    EXPECT_TRUE(undone->carried_out_again);
    EXPECT_THAT(leftovers_of(host->told()), IsEmpty());
}

TEST_P(NvmeRecovery, IsNeededBeforeAnythingElse) {
    fail(true);
    const auto plan = make_plan(host->told(), wish(false));
    ASSERT_FALSE(plan);
    EXPECT_THAT(plan.error().message, HasSubstr("quietus recover ends that state"));
}

TEST_P(NvmeRecovery, LeavesADriveThatErasesItself) {
    fail(true);
    ASSERT_TRUE(undo());
    heal();
    const auto record = host->erase(wish(false));
    ASSERT_TRUE(record);
    EXPECT_EQ(record->judgement.verdict, Verdict::erased);
    EXPECT_EQ(host->residue(), 0U);
}

} // namespace
} // namespace quietus
