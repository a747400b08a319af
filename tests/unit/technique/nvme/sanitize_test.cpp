// Sanitize followed from its beginning to its end, and what is made of drives that tell of another
// operation, lose answers, fail, or are asked to stop. Assertions are on the drive.
#include "quietus/technique/nvme/sanitize.hpp"

#include "quietus/transport/nvme/sanitize_log.hpp"
#include "support/emulated_nvme.hpp"

#include <gmock/gmock.h>

namespace quietus {
namespace {

using emulator::Knob;
using emulator::NvmeTraits;
using nvme::SanitizeAction;
using nvme::SanitizeFeatures;
using std::chrono::hours;
using std::chrono::seconds;
using test::LossyNvmePort;
using test::NvmeScene;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr SanitizeAction actions[] = {SanitizeAction::crypto_erase, SanitizeAction::block_erase,
                                      SanitizeAction::overwrite};

NvmeSanitizeRecord run(NvmeScene& scene, const nvme::SanitizeOrder& order) {
    NvmeSanitizeRecord record;
    run_sanitize(scene.desk, order, record);
    if (record.phase == NvmeSanitizePhase::verifying) leave_verification(scene.desk, order, record);
    return record;
}
NvmeSanitizeRecord run(NvmeScene& scene, SanitizeAction action) {
    return run(scene, scene.order(action));
}

TEST(NvmeSanitize, ErasesAndSaysWhatItSaw) {
    for (const SanitizeAction action : actions) {
        NvmeScene scene;
        const NvmeSanitizeRecord record = run(scene, action);
        EXPECT_EQ(record.outcome, FirmwareOutcome::succeeded) << record.text;
        EXPECT_EQ(record.phase, NvmeSanitizePhase::ended);
        EXPECT_TRUE(record.accepted && record.seen_in_progress && record.echoed);
        EXPECT_TRUE(record.data_erased);
        EXPECT_FALSE(record.went_backwards);
        EXPECT_EQ(record.before, NvmeSanitizeState::never);
        EXPECT_EQ(record.after, NvmeSanitizeState::sanitized);
        EXPECT_EQ(record.stage, NvmeSanitizeStage::idle);
        EXPECT_EQ(record.status, "0000");
        EXPECT_EQ(scene.residue(), 0U);
        EXPECT_EQ(scene.watch.sanitize.front().phase, NvmeSanitizePhase::starting);
        EXPECT_FALSE(record.log_before.empty() || record.log_after.empty());
    }
}

// Restricted, in the Media Verification state where there is one, else without deallocation.
TEST(NvmeSanitize, AsksForWhatCanBeReadAfterwards) {
    SanitizeFeatures features{true, true, true, true};
    EXPECT_TRUE(readable_options(SanitizeAction::block_erase, features).verification);
    EXPECT_TRUE(readable_options(SanitizeAction::crypto_erase, features).verification);
    EXPECT_FALSE(readable_options(SanitizeAction::block_erase, features).no_deallocate);
    EXPECT_TRUE(readable_options(SanitizeAction::overwrite, features).no_deallocate);
    EXPECT_FALSE(readable_options(SanitizeAction::overwrite, features).verification);
    features.verification = false;
    EXPECT_TRUE(readable_options(SanitizeAction::block_erase, features).no_deallocate);
    features.modifies_media = 2;
    EXPECT_FALSE(readable_options(SanitizeAction::block_erase, features).no_deallocate);
    features.modifies_media = 1;
    features.no_deallocate_inhibited = true;
    EXPECT_FALSE(readable_options(SanitizeAction::block_erase, features).no_deallocate);
    EXPECT_FALSE(readable_options(SanitizeAction::block_erase, features).may_leave_failed);
}

TEST(NvmeSanitize, SendsOneCommandToBegin) {
    NvmeScene scene;
    static_cast<void>(run(scene, SanitizeAction::block_erase));
    EXPECT_THAT(scene.port.words_of(0x84), ElementsAre(0x402U, 0x005U));
    NvmeScene other;
    nvme::SanitizeOrder order = other.order(SanitizeAction::overwrite);
    order.options.overwrite = {0xA5A5A5A5, 16, true};
    const NvmeSanitizeRecord record = run(other, order);
    EXPECT_THAT(other.port.words_of(0x84), ElementsAre(0x303U));
    EXPECT_EQ(record.command, 0x303U);
    EXPECT_EQ(record.pattern, 0xA5A5A5A5U);
    EXPECT_EQ(record.passes, 16U);
    EXPECT_EQ(record.announced_seconds, 9600U);
}

TEST(NvmeSanitize, IsNotBegunWhenItCannotBe) {
    const auto obstacle = [](SanitizeAction action, const nvme::SanitizeOptions& options,
                             const SanitizeFeatures& features) {
        return nvme::sanitize_obstacle({action, options, features, 0}).value_or("none");
    };
    const SanitizeFeatures all{true, true, true, true};
    EXPECT_EQ(obstacle(SanitizeAction::block_erase, {}, {true, false, true}),
              "the drive does not offer it");
    EXPECT_EQ(obstacle(SanitizeAction::exit_failure, {}, all), "the drive does not offer it");
    EXPECT_EQ(obstacle(SanitizeAction::overwrite, {.overwrite = {0, 0}}, all),
              "an overwrite has 1 to 16 passes");
    EXPECT_EQ(obstacle(SanitizeAction::overwrite, {.overwrite = {0, 17}}, all),
              "an overwrite has 1 to 16 passes");
    EXPECT_EQ(obstacle(SanitizeAction::overwrite, {.overwrite = {0, 16}}, all), "none");
    EXPECT_THAT(obstacle(SanitizeAction::overwrite, {.verification = true}, all),
                HasSubstr("not for an overwrite"));
    EXPECT_THAT(obstacle(SanitizeAction::block_erase, {.verification = true}, {true, true}),
                HasSubstr("no Media Verification state"));
    NvmeScene scene;
    nvme::SanitizeOrder order = scene.order(SanitizeAction::overwrite);
    order.options.overwrite.passes = 17;
    EXPECT_EQ(run(scene, order).outcome, FirmwareOutcome::refused);
    EXPECT_THAT(scene.port.words_of(0x84), ElementsAre());
}

TEST(NvmeSanitize, LeavesAnotherOperationAlone) {
    NvmeScene scene;
    static_cast<void>(scene.drive.execute(nvme::sanitize(SanitizeAction::block_erase)));
    const NvmeSanitizeRecord record = run(scene, SanitizeAction::crypto_erase);
    EXPECT_EQ(record.outcome, FirmwareOutcome::refused);
    EXPECT_EQ(record.text, "the drive has an operation under way already (dword 10 00000002h)");
    EXPECT_EQ(record.before, NvmeSanitizeState::in_progress);
    EXPECT_TRUE(scene.port.words_of(0x84).empty());
}

TEST(NvmeSanitize, LeavesAnotherVerificationAlone) {
    NvmeScene scene;
    NvmeSanitizeRecord first;
    run_sanitize(scene.desk, scene.order(SanitizeAction::block_erase), first);
    EXPECT_EQ(first.phase, NvmeSanitizePhase::verifying);
    EXPECT_EQ(run(scene, SanitizeAction::crypto_erase).text,
              "the drive waits in the Media Verification state of another operation");
    EXPECT_EQ(scene.drive.sanitize_state(), 5U);
}

TEST(NvmeSanitize, IsReadBeforeItIsLeft) {
    NvmeScene scene;
    const auto order = scene.order(SanitizeAction::block_erase);
    NvmeSanitizeRecord record;
    run_sanitize(scene.desk, order, record);
    EXPECT_EQ(record.phase, NvmeSanitizePhase::verifying);
    EXPECT_EQ(record.outcome, FirmwareOutcome::not_started);
    EXPECT_EQ(record.verification, MediaVerification::entered);
    EXPECT_EQ(scene.drive.sanitize_state(), 5U);
    leave_verification(scene.desk, order, record);
    EXPECT_EQ(record.verification, MediaVerification::left);
    EXPECT_EQ(record.outcome, FirmwareOutcome::succeeded) << record.text;
    EXPECT_EQ(scene.drive.sanitize_state(), 0U);
}

TEST(NvmeSanitize, SaysThatAResetHasEndedTheVerification) {
    NvmeScene scene;
    const auto order = scene.order(SanitizeAction::block_erase);
    NvmeSanitizeRecord record;
    run_sanitize(scene.desk, order, record);
    scene.drive.controller_reset();
    leave_verification(scene.desk, order, record);
    EXPECT_EQ(record.verification, MediaVerification::cancelled);
    EXPECT_EQ(record.outcome, FirmwareOutcome::succeeded) << record.text;
    NvmeScene earlier;
    earlier.drive.turn(Knob::reset_in_middle);
    NvmeSanitizeRecord before;
    run_sanitize(earlier.desk, earlier.order(SanitizeAction::block_erase), before);
    EXPECT_EQ(before.phase, NvmeSanitizePhase::ended);
    EXPECT_EQ(before.verification, MediaVerification::cancelled);
    EXPECT_EQ(earlier.residue(), 0U);
}

TEST(NvmeSanitize, BelievesOnlyTheEchoOfItsOwnCommand) {
    for (const SanitizeAction action : actions) {
        NvmeScene scene;
        scene.drive.turn(Knob::log_of_another_operation);
        const NvmeSanitizeRecord record = run(scene, action);
        EXPECT_EQ(record.outcome, FirmwareOutcome::indeterminate);
        EXPECT_FALSE(record.echoed);
        EXPECT_THAT(record.text, HasSubstr("the log tells of another operation: dword 10 is "
                                           "0000000ah"));
        EXPECT_GT(scene.residue(), 0U);
    }
}

TEST(NvmeSanitize, WantsToBeToldThatNothingIsLeft) {
    NvmeScene scene;
    scene.drive.turn(Knob::gde_never_set);
    const NvmeSanitizeRecord record = run(scene, SanitizeAction::block_erase);
    EXPECT_EQ(record.outcome, FirmwareOutcome::indeterminate);
    EXPECT_THAT(record.text, HasSubstr("GDE is 0"));
}

TEST(NvmeSanitize, DoesNotTakeIdlenessForAnEnd) {
    NvmeScene scene;
    scene.drive.turn(Knob::idle_without_start);
    const NvmeSanitizeRecord record = run(scene, SanitizeAction::crypto_erase);
    EXPECT_EQ(record.outcome, FirmwareOutcome::indeterminate);
    EXPECT_EQ(record.text, "the drive says of no operation that it is running, or has ended");
    EXPECT_TRUE(record.accepted);
}

TEST(NvmeSanitize, TellsWhereItFailedAndCanBeginAgain) {
    NvmeScene scene;
    scene.drive.turn(Knob::fails_at_end);
    const NvmeSanitizeRecord record = run(scene, SanitizeAction::block_erase);
    EXPECT_EQ(record.outcome, FirmwareOutcome::failed);
    EXPECT_EQ(record.text, "it failed in the state restricted-processing");
    EXPECT_EQ(record.stage, NvmeSanitizeStage::restricted_failure);
    const NvmeSanitizeRecord again = run(scene, SanitizeAction::crypto_erase);
    EXPECT_TRUE(again.accepted);
    EXPECT_EQ(again.before, NvmeSanitizeState::failed);
}

TEST(NvmeSanitize, SaysThatItWasDeallocatedAllTheSame) {
    NvmeTraits traits;
    traits.sanitize.verification = false;
    traits.sanitize.no_deallocate_inhibited = true;
    traits.sanitize.only_warns = true;
    NvmeScene scene(traits);
    nvme::SanitizeOrder order = scene.order(SanitizeAction::block_erase);
    EXPECT_FALSE(order.options.no_deallocate);
    order.options.no_deallocate = true;
    const NvmeSanitizeRecord record = run(scene, order);
    EXPECT_EQ(record.outcome, FirmwareOutcome::succeeded);
    EXPECT_EQ(record.after, NvmeSanitizeState::unexpected_deallocate);
    EXPECT_THAT(record.text, HasSubstr("asked not to do"));
    EXPECT_EQ(record.stage, NvmeSanitizeStage::unknown) << "which this drive does not tell";
}

// For every N: the Nth command never arrives, is carried out and its answer lost, or times out as
// Linux tells it. What succeeds has erased.
TEST(NvmeSanitize, SurvivesTheLossOfAnyCommand) {
    for (const SanitizeAction action : actions)
        for (const auto loss : {LossyNvmePort::Loss::command, LossyNvmePort::Loss::answer,
                                LossyNvmePort::Loss::timed_out}) {
            unsigned lost_at = 0;
            unsigned succeeded = 0;
            for (bool more = true; more; ++lost_at) {
                NvmeScene scene(
                    {.namespaces = {{.blocks = 64}},
                     .sanitize = {.block_takes = seconds(3), .pass_takes = seconds(3)}});
                scene.port.lost_at = lost_at;
                scene.port.loss = loss;
                const NvmeSanitizeRecord record = run(scene, action);
                more = scene.port.count > lost_at;
                if (record.outcome != FirmwareOutcome::succeeded) continue;
                ++succeeded;
                EXPECT_EQ(scene.residue(), 0U) << lost_at;
                EXPECT_LE(record.unanswered, 1U);
            }
            EXPECT_GT(lost_at, 4U);
            EXPECT_GT(succeeded, lost_at / 2);
        }
}

// The answer to Sanitize is lost, and the log says of it the same as of an earlier one.
TEST(NvmeSanitize, DoesNotTakeAnEarlierSuccessForItsOwn) {
    NvmeScene scene;
    EXPECT_EQ(run(scene, SanitizeAction::crypto_erase).outcome, FirmwareOutcome::succeeded);
    scene.drive.hold(as_bytes(test::nvme_secret));
    scene.port.lost_at = 1;
    const NvmeSanitizeRecord same = run(scene, SanitizeAction::crypto_erase);
    EXPECT_EQ(same.outcome, FirmwareOutcome::indeterminate);
    EXPECT_THAT(same.text, HasSubstr("the same success was in the log before"));
    EXPECT_GT(scene.residue(), 0U);
    // Of another command the log tells that this one was never begun.
    scene.port.count = 0;
    const NvmeSanitizeRecord other = run(scene, SanitizeAction::block_erase);
    EXPECT_EQ(other.outcome, FirmwareOutcome::indeterminate);
    EXPECT_THAT(other.text, HasSubstr("another operation"));
}

TEST(NvmeSanitize, IsLeftRunningAndFoundAgain) {
    NvmeScene scene;
    scene.watch.release_after = 3;
    const auto order = scene.order(SanitizeAction::block_erase);
    NvmeSanitizeRecord record;
    run_sanitize(scene.desk, order, record);
    EXPECT_EQ(record.outcome, FirmwareOutcome::under_way);
    EXPECT_EQ(record.phase, NvmeSanitizePhase::running);
    EXPECT_EQ(scene.drive.sanitize_state(), 1U);
    scene.watch.release_after.reset();
    scene.drive.power_cycle(); // it goes on, without verification
    follow_sanitize(scene.desk, order, record);
    EXPECT_EQ(record.outcome, FirmwareOutcome::succeeded) << record.text;
    EXPECT_EQ(record.verification, MediaVerification::cancelled);
    EXPECT_EQ(scene.residue(), 0U);
    EXPECT_THAT(scene.port.words_of(0x84), ElementsAre(0x402U));
}

TEST(NvmeSanitize, IsFoundAgainWhileItWaitsForVerification) {
    NvmeScene scene;
    const auto order = scene.order(SanitizeAction::block_erase);
    NvmeSanitizeRecord record;
    run_sanitize(scene.desk, order, record);
    follow_sanitize(scene.desk, order, record); // by a run that comes after
    EXPECT_EQ(record.phase, NvmeSanitizePhase::verifying);
    leave_verification(scene.desk, order, record);
    EXPECT_EQ(record.outcome, FirmwareOutcome::succeeded);
    EXPECT_EQ(record.verification, MediaVerification::left);
}

TEST(NvmeSanitize, BeginsNothingThatCannotBeRecorded) {
    NvmeScene scene;
    scene.watch.fails_from = 0;
    const NvmeSanitizeRecord record = run(scene, SanitizeAction::block_erase);
    EXPECT_EQ(record.outcome, FirmwareOutcome::refused);
    EXPECT_EQ(record.text, "no space left");
    EXPECT_TRUE(scene.port.words_of(0x84).empty());
    NvmeScene later;
    later.watch.fails_from = 1;
    EXPECT_EQ(run(later, SanitizeAction::block_erase).outcome, FirmwareOutcome::under_way);
    EXPECT_EQ(later.drive.sanitize_state(), 1U);
}

TEST(NvmeSanitize, WaitsAtLeastAsLongAsTheDriveAnnounces) {
    const nvme::SanitizeOrder order{SanitizeAction::block_erase, {}, {}, 1'000'000'000'000};
    const auto size_alone = patience_of(order, std::nullopt);
    EXPECT_EQ(size_alone.whole, 3 * seconds(33333) + hours(4));
    const auto told = patience_of(order, hours(100));
    EXPECT_GE(told.whole, hours(300));
    EXPECT_GE(told.no_step, hours(100));
    EXPECT_GE(patience_of(order, seconds(1)).whole, size_alone.whole);
    nvme::SanitizeOrder passes = order;
    passes.action = SanitizeAction::overwrite;
    passes.options.overwrite.passes = 16;
    EXPECT_EQ(patience_of(passes, std::nullopt).whole, 3 * seconds(533328) + hours(4));
    // Deadlines are counted in nanoseconds, also of what a drive may say at most.
    passes.size_bytes = ~std::uint64_t{0};
    const auto most = patience_of(passes, seconds(0xFFFFFFFE));
    EXPECT_GT(std::chrono::nanoseconds(most.whole).count(), 0);
    EXPECT_LT(most.whole, std::chrono::duration_cast<seconds>(std::chrono::nanoseconds::max() / 2));
    EXPECT_GE(most.no_step, hours(24 * 365 * 10));
    // A drive that announces days and does not count is waited for.
    NvmeTraits slow;
    slow.sanitize.block_takes = hours(50);
    NvmeScene scene(slow);
    EXPECT_EQ(run(scene, SanitizeAction::block_erase).outcome, FirmwareOutcome::succeeded);
    NvmeScene stuck;
    stuck.drive.turn(Knob::stuck_at_99);
    EXPECT_EQ(run(stuck, SanitizeAction::block_erase).text,
              "it is in progress and gets no further");
}

TEST(NvmeSanitize, ExplainsARefusal) {
    NvmeScene frozen;
    frozen.drive.turn(Knob::frozen);
    const NvmeSanitizeRecord record = run(frozen, SanitizeAction::block_erase);
    EXPECT_EQ(record.outcome, FirmwareOutcome::refused);
    EXPECT_EQ(record.status, "0001");
    EXPECT_THAT(record.text, HasSubstr("TCG Block SID) until the next power cycle"));
    NvmeTraits traits;
    traits.memory_region_enabled = true;
    NvmeScene region(traits);
    EXPECT_THAT(run(region, SanitizeAction::block_erase).text,
                HasSubstr("123h: it has a Persistent Memory Region enabled"));
    NvmeTraits protects;
    protects.namespaces = {{.nsid = 1, .write_protection = 1}};
    NvmeScene guarded(protects);
    EXPECT_THAT(run(guarded, SanitizeAction::block_erase).text,
                HasSubstr("020h: a namespace is write protected"));
    NvmeScene unreadable;
    unreadable.drive.turn(Knob::log_unreadable);
    EXPECT_THAT(run(unreadable, SanitizeAction::block_erase).text,
                HasSubstr("Sanitize Status log: refused"));
}

TEST(NvmeSanitize, LeavesAFailedStateInWhateverModeItIs) {
    NvmeScene restricted;
    restricted.drive.turn(Knob::fails_at_end);
    EXPECT_EQ(run(restricted, SanitizeAction::block_erase).outcome, FirmwareOutcome::failed);
    NvmeSanitizeRecord record;
    const auto stays =
        leave_failed_state(restricted.desk, restricted.order(SanitizeAction::crypto_erase), record);
    ASSERT_FALSE(stays);
    EXPECT_EQ(stays.error().fault, Fault::drive);

    NvmeScene unrestricted;
    unrestricted.drive.turn(Knob::fails_at_end);
    auto order = unrestricted.order(SanitizeAction::block_erase);
    order.options.may_leave_failed = true;
    EXPECT_EQ(run(unrestricted, order).outcome, FirmwareOutcome::failed);
    NvmeSanitizeRecord other;
    EXPECT_TRUE(leave_failed_state(unrestricted.desk, order, other));
    EXPECT_EQ(unrestricted.drive.sanitize_state(), 0U);
    EXPECT_EQ(other.phase, NvmeSanitizePhase::none) << "nothing was begun";
    NvmeScene healthy;
    EXPECT_TRUE(leave_failed_state(healthy.desk, order, other));
    EXPECT_TRUE(healthy.port.words_of(0x84).empty());
}

} // namespace
} // namespace quietus
