// The state machine against every answer: what a unit is before, how it takes the command, and what
// it says afterwards, seen at work or not.
#include "scripted_unit.hpp"

#include <gtest/gtest.h>

namespace quietus::scsi {
namespace {

struct BeforeRow {
    Code before;
    bool begins;
};

class ScsiOperationBefore : public testing::TestWithParam<BeforeRow> {};

TEST_P(ScsiOperationBefore, BeginsOrDoesNot) {
    Stage stage;
    stage.unit.say(GetParam().before);
    stage.unit.say(sanitizing, 0x1000);
    stage.unit.say(idle);
    const auto outcome = stage.run();
    EXPECT_EQ(stage.unit.begun.size(), GetParam().begins ? 1U : 0U);
    EXPECT_EQ(outcome, GetParam().begins ? FirmwareOutcome::succeeded : FirmwareOutcome::refused);
    EXPECT_EQ(stage.record.text.empty(), GetParam().begins);
    EXPECT_FALSE(stage.record.sense_before.empty());
}
const BeforeRow before_rows[] = {
    {idle, true},        {sanitize_failed, true}, {format_failed, true}, {sanitizing, false},
    {formatting, false}, {becoming_ready, false}, {odd, false}};
INSTANTIATE_TEST_SUITE_P(Table, ScsiOperationBefore, testing::ValuesIn(before_rows));

struct AfterRow {
    Code after;
    FirmwareOutcome seen;     ///< it was seen at work before it said so
    FirmwareOutcome not_seen; ///< it took the command, and was not
    FirmwareOutcome unknown;  ///< its answer to the command was lost, and it was not
};

class ScsiOperationAfter : public testing::TestWithParam<AfterRow> {};

TEST_P(ScsiOperationAfter, EndsByWhatWasSeen) {
    const AfterRow& row = GetParam();
    for (const bool seen : {true, false})
        for (const bool answered : {true, false}) {
            SCOPED_TRACE(testing::Message() << "seen " << seen << ", answered " << answered);
            Stage stage;
            if (!answered) stage.unit.to_begin = {lost()};
            stage.unit.say(idle);
            if (seen) stage.unit.say(sanitizing, 0x4000);
            stage.unit.say(row.after);
            const FirmwareOutcome expected = seen       ? row.seen
                                             : answered ? row.not_seen
                                                        : row.unknown;
            EXPECT_EQ(to_text(stage.run()), to_text(expected)) << stage.record.text;
            EXPECT_EQ(stage.record.accepted, answered);
            EXPECT_EQ(stage.record.phase, SanitizePhase::ended);
            EXPECT_EQ(stage.unit.begun.size(), 1U);
            EXPECT_EQ(stage.record.seen_in_progress, seen);
        }
}
constexpr auto well = FirmwareOutcome::succeeded;
constexpr auto badly = FirmwareOutcome::failed;
constexpr auto doubt = FirmwareOutcome::indeterminate;
const AfterRow after_rows[] = {
    {idle, well, doubt, doubt},
    {sanitize_failed, badly, badly, badly},
    {format_failed, doubt, doubt, doubt},
    {formatting, doubt, doubt, doubt},
    {becoming_ready, doubt, doubt, doubt}, // for ever
    {was_reset, doubt, doubt, doubt},      // for ever
    {odd, doubt, doubt, doubt},
};
INSTANTIATE_TEST_SUITE_P(Table, ScsiOperationAfter, testing::ValuesIn(after_rows));

TEST(ScsiOperation, FailsAtTheFirstWordThatSaysSo) {
    Stage stage;
    stage.unit.say(idle);
    stage.unit.say(sanitizing, 0x8000);
    stage.unit.say(sanitize_failed);
    stage.unit.say(idle); // what it says later does not count
    EXPECT_EQ(stage.run(), FirmwareOutcome::failed);
    EXPECT_EQ(stage.record.text, "the drive says that it failed: 3/31h/03h");
}

TEST(ScsiOperation, IsRefusedWithTheDrivesOwnWord) {
    for (const auto& [reply, word] :
         {std::pair{check({5, 0x20, 0}), "5/20h/00h"}, std::pair{check({5, 0x24, 0}), "5/24h/00h"},
          std::pair{check({7, 0x27, 0}), "7/27h/00h"},
          std::pair{ScsiReply{0x18, {}, {}}, "status 18h: another host has reserved it"},
          std::pair{check(sanitizing), "2/04h/1bh"}}) {
        Stage stage;
        stage.unit.to_begin = {reply};
        stage.unit.say(idle);
        EXPECT_EQ(stage.run(), FirmwareOutcome::refused);
        EXPECT_EQ(stage.record.text, std::string("the drive did not begin: ") + word);
        EXPECT_FALSE(stage.record.accepted);
        EXPECT_EQ(stage.unit.begun.size(), 1U);
    }
}

TEST(ScsiOperation, IsBegunAgainBehindUnitAttentions) {
    Stage stage;
    stage.unit.to_begin = {check(was_reset), check(changed), ScsiReply{}};
    stage.unit.say(changed);
    stage.unit.say(idle);
    stage.unit.say(sanitizing, 1);
    stage.unit.say(idle);
    EXPECT_EQ(stage.run(), FirmwareOutcome::succeeded);
    EXPECT_EQ(stage.record.attentions, 3U);
    EXPECT_EQ(stage.record.resets, 1U);
    EXPECT_EQ(stage.unit.begun.size(), 3U);
    Stage endless;
    endless.unit.to_begin = {check(was_reset)};
    endless.unit.say(idle);
    EXPECT_EQ(endless.run(), FirmwareOutcome::refused);
}

TEST(ScsiOperation, GoesOnThroughAResetWhereThatIsItsWay) {
    for (const bool survives : {true, false}) {
        Stage stage;
        stage.operation.survives_reset = survives;
        stage.unit.say(idle);
        stage.unit.say(sanitizing, 0x8000);
        stage.unit.say(was_reset);
        stage.unit.say(idle);
        EXPECT_EQ(stage.run(),
                  survives ? FirmwareOutcome::succeeded : FirmwareOutcome::indeterminate);
        EXPECT_EQ(stage.record.resets, 1U);
        Stage again;
        again.operation.survives_reset = survives;
        again.unit.say(idle);
        again.unit.say(sanitizing, 0x8000);
        again.unit.say(was_reset);
        again.unit.say(sanitizing, 0x7000); // it does a part again
        again.unit.say(idle);
        EXPECT_EQ(again.run(), FirmwareOutcome::succeeded);
        EXPECT_FALSE(again.record.went_backwards);
    }
}

TEST(ScsiOperation, SeesProgressThatGoesBackwards) {
    Stage stage;
    stage.unit.say(idle);
    stage.unit.say(sanitizing, 0x8000);
    stage.unit.say(sanitizing, 0x4000);
    stage.unit.say(idle);
    EXPECT_EQ(stage.run(), FirmwareOutcome::succeeded);
    EXPECT_TRUE(stage.record.went_backwards);
    EXPECT_EQ(stage.record.progress, 0x8000U);
}

TEST(ScsiOperation, OfWhichNobodyTellsTheProgressIsWaitedForToTheEnd) {
    Stage stage;
    stage.unit.say(idle);
    for (int i = 0; i < 600; ++i) // four hours and more
        stage.unit.say(sanitizing);
    stage.unit.say(idle);
    EXPECT_EQ(stage.run(), FirmwareOutcome::succeeded);
    Stage stuck;
    stuck.unit.say(idle);
    stuck.unit.say(sanitizing);
    EXPECT_EQ(stuck.run(), FirmwareOutcome::indeterminate);
    EXPECT_EQ(stuck.record.text, "it takes longer than any drive should");
}

TEST(ScsiOperation, ThatIsStuckIsGivenUp) {
    Stage stage;
    stage.unit.say(idle);
    stage.unit.say(sanitizing, 0xFD70);
    EXPECT_EQ(stage.run(), FirmwareOutcome::indeterminate);
    EXPECT_EQ(stage.record.text, "it is in progress and gets no further");
    Stage silent;
    silent.unit.say(idle);
    silent.unit.said.push_back({});
    EXPECT_EQ(silent.run(), FirmwareOutcome::indeterminate);
    EXPECT_EQ(silent.record.text, "no answer: no answer");
    EXPECT_EQ(silent.record.asked - 1, silent.record.unanswered);
}

TEST(ScsiOperation, DoesNotTakeAnEmptyAnswerForIdle) {
    Stage stage;
    stage.unit.say(idle);
    stage.unit.say(sanitizing, 5);
    stage.unit.said.push_back(Bytes(18, 0)); // GOOD, and nothing but zeros
    EXPECT_EQ(stage.run(), FirmwareOutcome::indeterminate);
    Stage cut;
    cut.unit.say(idle);
    cut.unit.say(sanitizing, 5);
    cut.unit.said.push_back({0x70, 0, 0, 0});
    EXPECT_EQ(cut.run(), FirmwareOutcome::indeterminate);
}

// One that is too short to be seen is ordered once more, and its own end is its word.
TEST(ScsiOperation, ThatIsTooShortToBeSeenIsOrderedToItsEnd) {
    Stage stage(true);
    stage.unit.say(idle);
    EXPECT_EQ(stage.run(), FirmwareOutcome::succeeded);
    EXPECT_TRUE(stage.record.ordered_again);
    EXPECT_TRUE(stage.record.ended_with_command);
    EXPECT_EQ(stage.unit.begun, (std::vector<std::string>{"begin", "whole"}));
}

TEST(ScsiOperation, ThatIsOrderedAgainMayFail) {
    const auto outcome_of = [](const Result<ScsiReply>& reply, const Code& then) {
        Stage stage(true);
        stage.unit.to_whole = {reply};
        for (int i = 0; i < 4; ++i)
            stage.unit.say(idle);
        stage.unit.say(then);
        stage.unit.say(idle);
        EXPECT_LE(stage.unit.begun.size(), 2U);
        return stage.run();
    };
    EXPECT_EQ(outcome_of(check(sanitize_failed), idle), FirmwareOutcome::failed);
    EXPECT_EQ(outcome_of(check({5, 0x24, 0}), idle), FirmwareOutcome::indeterminate);
    EXPECT_EQ(outcome_of(lost(), idle), FirmwareOutcome::indeterminate);
    EXPECT_EQ(outcome_of(lost(), sanitizing), FirmwareOutcome::succeeded);
    EXPECT_EQ(outcome_of(ScsiReply{}, sanitize_failed), FirmwareOutcome::failed)
        << "GOOD, and then another word";
}

TEST(ScsiOperation, WhoseBeginningWasLostIsNotOrderedAgain) {
    Stage stage(true);
    stage.unit.to_begin = {lost()};
    stage.unit.say(idle);
    EXPECT_EQ(stage.run(), FirmwareOutcome::indeterminate);
    EXPECT_EQ(stage.unit.begun.size(), 1U);
}

TEST(ScsiOperation, IsPutDownBeforeItIsBegun) {
    Stage stage;
    stage.door.fails_from = 0;
    stage.unit.say(idle);
    EXPECT_EQ(stage.run(), FirmwareOutcome::refused);
    EXPECT_TRUE(stage.unit.begun.empty());
    EXPECT_EQ(stage.record.text, "no space left");
    Stage later;
    later.door.fails_from = 1;
    later.unit.say(idle);
    later.unit.say(sanitizing, 5);
    EXPECT_EQ(later.run(), FirmwareOutcome::under_way);
    EXPECT_EQ(later.unit.begun.size(), 1U);
    EXPECT_EQ(later.door.kept.front().phase, SanitizePhase::starting);
}

TEST(ScsiOperation, IsLetGoOfAndFollowedAgain) {
    Stage stage;
    stage.unit.say(idle);
    stage.unit.say(sanitizing, 5);
    stage.door.release_after = 3;
    EXPECT_EQ(stage.run(), FirmwareOutcome::under_way);
    EXPECT_EQ(stage.record.phase, SanitizePhase::running);
    stage.door.release_after.reset();
    stage.unit.said.clear();
    stage.unit.say(was_reset);
    stage.unit.say(sanitizing, 7);
    stage.unit.say(idle);
    EXPECT_EQ(stage.follow(), FirmwareOutcome::succeeded);
    EXPECT_EQ(stage.record.text, "");
    EXPECT_EQ(stage.unit.begun.size(), 1U);
}

// Ended while nobody looked: that it was seen at work by the run before is in its record.
TEST(ScsiOperation, ThatEndedMeanwhileIsKnownByWhatWasSeenBefore) {
    for (const bool seen : {true, false}) {
        Stage stage;
        stage.record.phase = SanitizePhase::running;
        stage.record.accepted = true;
        stage.record.seen_in_progress = seen;
        stage.unit.say(idle);
        EXPECT_EQ(stage.follow(),
                  seen ? FirmwareOutcome::succeeded : FirmwareOutcome::indeterminate);
    }
}

TEST(ScsiPatience, FollowsFromSizeAndPasses) {
    const Patience one = patience_for(3'000'000'000'000, 1); // 100,000 s at 30 MB/s
    EXPECT_EQ(one.whole, std::chrono::seconds(300'000) + std::chrono::hours(4));
    EXPECT_EQ(one.no_step, std::chrono::seconds(4'000) + std::chrono::hours(1));
    EXPECT_EQ(patience_for(3'000'000'000'000, 31).whole,
              std::chrono::seconds(9'300'000) + std::chrono::hours(4));
    const std::chrono::nanoseconds longest = patience_for(~std::uint64_t{0}, 31).whole;
    EXPECT_GT(longest, std::chrono::hours(10 * 365 * 24));
    EXPECT_EQ(patience_for(0, 1).whole, std::chrono::hours(4));
}

} // namespace
} // namespace quietus::scsi
