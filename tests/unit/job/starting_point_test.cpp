// From where an interrupted run is gone on with, step by step and with or without its keys.
#include "quietus/job/starting_point.hpp"

#include "quietus/core/json_fields.hpp"
#include "quietus/job/journal.hpp"

#include <gtest/gtest.h>

namespace quietus {
namespace {

constexpr std::uint64_t mebibyte = 1U << 20U;
constexpr std::uint64_t size = 512 * mebibyte;

PlanStep step(StepKind kind, StepData data = StepData::none, std::uint32_t of = 0) {
    return {kind, data, data == StepData::fixed ? "00" : "", of, {VerificationMode::full, 100}};
}

Timing at(const char* time) {
    return {time, time, 1000};
}

class Starting : public testing::Test {
  protected:
    Starting() {
        drive.size_bytes = size;
        drive.logical_block_bytes = 512;
        plan.steps = {step(StepKind::address_probe), step(StepKind::write, StepData::fixed),
                      step(StepKind::write, StepData::random_stream),
                      step(StepKind::verify, StepData::none, 3),
                      step(StepKind::write, StepData::complement, 3)};
        plan.verification = {VerificationMode::full, 100};
    }
    // Ended as it should, up to this step.
    void done_up_to(std::uint32_t last) {
        Evidence& evidence = progress.evidence;
        if (last >= 1)
            evidence.probe = ProbeRecord{1, 40, {}, {}, {}, true, true, at("2026-01-01T00:00:00Z")};
        for (const std::uint32_t number : {2U, 3U, 5U})
            if (number <= last) evidence.passes.push_back(pass(number, {{0, size}}, true));
        if (last >= 4) {
            ReadBackRecord record;
            record.step = 4;
            record.of_step = 3;
            record.completed = true;
            evidence.read_backs.push_back(record);
        }
        evidence.stopped = StopReason::interrupted;
    }
    PassRecord pass(std::uint32_t number, std::vector<Extent> written, bool completed) const {
        PassRecord record;
        record.step = number;
        record.data = plan.steps[number - 1].data;
        record.bytes_written = ExtentSet(written).bytes();
        record.written = std::move(written);
        record.flushed = true;
        record.completed = completed;
        record.timing = at("2026-01-01T00:00:01Z");
        return record;
    }
    StartingPoint from(bool keys = true) const {
        return starting_point(plan, progress, drive, keys);
    }

    Drive drive;
    Plan plan;
    LoggedProgress progress;
};

TEST_F(Starting, IsTheFirstStepThatDidNotEnd) {
    for (std::uint32_t last = 0; last <= 5; ++last) {
        progress = {};
        done_up_to(last);
        EXPECT_EQ(from().step, last + 1);
        EXPECT_EQ(from().done.stopped, StopReason::none);
        EXPECT_FALSE(from().begun);
        EXPECT_EQ(from().done.resumed.back().step, last + 1);
        EXPECT_TRUE(goes_on_from(from().done, from()));
    }
}

TEST_F(Starting, TakesNothingOverThatDidNotEnd) {
    done_up_to(4);
    progress.evidence.probe->completed = false;
    EXPECT_EQ(from().step, 1u);
    EXPECT_TRUE(from().done.passes.empty());
    EXPECT_TRUE(from().done.read_backs.empty());
    progress = {};
    done_up_to(4);
    progress.evidence.passes[0].flushed = false;
    EXPECT_EQ(from().step, 2u);
    EXPECT_TRUE(from().done.passes.empty());
    progress = {};
    done_up_to(4);
    progress.evidence.read_backs[0].completed = false;
    EXPECT_EQ(from().step, 4u);
    EXPECT_TRUE(from().done.read_backs.empty());
}

TEST_F(Starting, GoesOnWithAPassFromItsLastCheckpoint) {
    done_up_to(1);
    progress.checkpoint = pass(2, {{0, 100 * mebibyte}}, false);
    ASSERT_TRUE(from().begun);
    EXPECT_EQ(from().begun->written, (std::vector<Extent>{{0, 100 * mebibyte}}));
    const Resumption said = from().done.resumed.back();
    EXPECT_EQ(said.carried_bytes, 100 * mebibyte);
    EXPECT_EQ(said.first_block, 100 * mebibyte / 512);
    EXPECT_EQ(said.compared_bytes, 65 * mebibyte) << "the first, and the last 64";
}

TEST_F(Starting, PrefersTheFlushedEndOfAPassToACheckpoint) {
    done_up_to(1);
    progress.checkpoint = pass(2, {{0, mebibyte}}, false);
    progress.evidence.passes.push_back(pass(2, {{0, 3 * mebibyte}}, false));
    EXPECT_EQ(from().begun->bytes_written, 3 * mebibyte);
    progress.evidence.passes.back().flushed = false; // what it was told last may be lost
    EXPECT_EQ(from().begun->bytes_written, mebibyte);
}

TEST_F(Starting, TriesAgainWhatCouldNotBeWritten) {
    done_up_to(1);
    PassRecord stopped = pass(2, {{0, mebibyte}, {2 * mebibyte, mebibyte}}, false);
    stopped.unwritable = {{mebibyte, mebibyte}};
    progress.evidence.passes.push_back(stopped);
    EXPECT_TRUE(from().begun->unwritable.empty());
    EXPECT_EQ(from().done.resumed.back().first_block, mebibyte / 512);
    EXPECT_EQ(from().done.resumed.back().carried_bytes, 2 * mebibyte);
}

TEST_F(Starting, IgnoresTheCheckpointOfAnotherPass) {
    done_up_to(2);
    progress.checkpoint = pass(2, {{0, mebibyte}}, false);
    EXPECT_EQ(from().step, 3u);
    EXPECT_FALSE(from().begun);
    EXPECT_EQ(expected_content(from())->step, 2u);
}

TEST_F(Starting, ExpectsNothingOfAPassThatHadBegunWithoutACheckpoint) {
    done_up_to(2);
    progress.checkpoint = pass(3, {}, false);
    EXPECT_FALSE(expected_content(from())) << "some of it may be there, and some of the one before";
    done_up_to(0);
    progress = {};
    EXPECT_FALSE(expected_content(from()));
}

TEST_F(Starting, ComparesNoMoreThanThereIsAndEachByteOnce) {
    done_up_to(1);
    progress.checkpoint = pass(2, {{0, 512}, {1024, 512}, {mebibyte, 3 * mebibyte}}, false);
    const auto all = expected_content(from());
    EXPECT_EQ(all->extents, progress.checkpoint->written);
    progress.checkpoint = pass(2, {{512, 200 * mebibyte}}, false);
    const auto ends = expected_content(from());
    ASSERT_EQ(ends->extents.size(), 2u);
    EXPECT_EQ(ends->extents[0], (Extent{512, mebibyte}));
    EXPECT_EQ(ends->extents[1].end(), 512 + 200 * mebibyte);
    EXPECT_GE(ends->extents[1].length, 64 * mebibyte);
    EXPECT_EQ(ends->extents[1].offset % 65536, 0u);
}

TEST_F(Starting, BeginsARandomPassAnewWithoutItsKey) {
    done_up_to(2);
    progress.checkpoint = pass(3, {{0, mebibyte}}, false);
    const auto anew = from(false);
    EXPECT_EQ(anew.step, 3u);
    EXPECT_FALSE(anew.begun);
    EXPECT_TRUE(anew.done.resumed.back().key_lost);
    EXPECT_EQ(anew.done.resumed.back().carried_bytes, 0u);
    EXPECT_FALSE(expected_content(anew)) << "half of the drive holds the pass before";
}

TEST_F(Starting, GoesBackToTheRandomPassThatALaterStepNeeds) {
    for (const std::uint32_t last : {3U, 4U, 5U}) {
        progress = {};
        done_up_to(last);
        const auto anew = from(false);
        EXPECT_EQ(anew.step, 3u) << "its read-back, its complement, the read-back of that";
        EXPECT_EQ(anew.done.passes.size(), 1u);
        EXPECT_TRUE(anew.done.read_backs.empty());
        EXPECT_TRUE(anew.done.resumed.back().key_lost);
    }
}

TEST_F(Starting, NeedsNoKeyForAPassWithoutOne) {
    done_up_to(1);
    progress.checkpoint = pass(2, {{0, mebibyte}}, false);
    const auto same = from(false);
    EXPECT_TRUE(same.begun);
    EXPECT_FALSE(same.done.resumed.back().key_lost);
}

// A second interruption before anything of the pass that was begun anew was on the medium.
TEST_F(Starting, RemembersThatAPassWasBegunAnew) {
    done_up_to(2);
    progress.checkpoint = pass(3, {{0, mebibyte}}, false);
    const auto anew = from(false);
    progress = {anew.done, anew.begun};
    EXPECT_FALSE(expected_content(from(true)));
    EXPECT_EQ(from(true).done.resumed.size(), 2u);
}

TEST_F(Starting, IsReadFromAJournalAsItWasWritten) {
    done_up_to(3);
    progress.checkpoint = pass(3, {{0, mebibyte}}, false);
    progress.evidence.passes.back() = pass(3, {{0, 2 * mebibyte}, {4 * mebibyte, 512}}, false);
    StartingPoint point = from();
    point.done.resumed.back().job = "QTS-TEST01-00000001";
    const auto content =
        FileJournal::parse(R"({"event":"committed"})"
                           "\n" +
                           to_line(carried_line(point)) + "\n" +
                           to_line(checkpoint_line(pass(3, {{0, size}}, false))) + "\n");
    ASSERT_TRUE(content.has_value()) << content.error().message;
    EXPECT_EQ(to_json(*content->carried), to_json(point));
    EXPECT_EQ(to_json(content->evidence), to_json(point.done));
    EXPECT_EQ(content->checkpoint->bytes_written, size);
    const auto twice = FileJournal::parse(to_line(carried_line(point)) + "\n" +
                                          to_line(carried_line(point)) + "\n");
    EXPECT_FALSE(twice.has_value());
}

TEST_F(Starting, AreGoneOnFromOnlyWhenNothingIsLostOrChanged) {
    done_up_to(1);
    progress.checkpoint = pass(2, {{0, mebibyte}}, false);
    const StartingPoint point = from();
    Evidence whole = point.done;
    whole.passes.push_back(pass(2, {{0, size}}, true));
    EXPECT_TRUE(goes_on_from(whole, point));
    Evidence other = whole;
    other.passes[0].written = {{512, size - 512}};
    EXPECT_FALSE(goes_on_from(other, point)) << "a block of it is gone";
    other = whole;
    other.passes[0].bytes = "ff";
    EXPECT_FALSE(goes_on_from(other, point));
    other = whole;
    other.passes[0].timing.started_at = "2026-01-01T00:00:02Z";
    EXPECT_FALSE(goes_on_from(other, point));
    other = whole;
    other.probe->stamps = 41;
    EXPECT_FALSE(goes_on_from(other, point));
    other = whole;
    other.resumed.clear();
    EXPECT_FALSE(goes_on_from(other, point)) << "it conceals the interruption";
    other = whole;
    other.resumed.push_back(other.resumed.front());
    EXPECT_FALSE(goes_on_from(other, point));
    other = whole;
    other.passes.clear();
    EXPECT_FALSE(goes_on_from(other, point));
    EXPECT_TRUE(goes_on_from(Evidence{}, StartingPoint{}));
    EXPECT_FALSE(goes_on_from(whole, StartingPoint{})) << "a run that went on with none";
}

} // namespace
} // namespace quietus
