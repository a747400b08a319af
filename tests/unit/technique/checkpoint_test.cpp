// Checkpoints of a pass: what they say is on the medium whatever comes next.
#include "quietus/technique/overwrite.hpp"

#include "quietus/emulator/media.hpp"
#include "support/quiet_watch.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace quietus {
namespace {

using emulator::FaultKind;
using emulator::Media;
using test::QuietWatch;

constexpr std::uint64_t mebibyte = 1U << 20U;

class Noting final : public CheckpointWatch {
  public:
    Stop reached(const PassRecord& so_far) override {
        noted.push_back(so_far);
        return at_checkpoint(so_far);
    }
    std::vector<PassRecord> noted;
    std::function<Stop(const PassRecord&)> at_checkpoint = [](const PassRecord&) { return Stop{}; };
};

class Checkpoints : public testing::Test {
  protected:
    Stop write() { return write(port); }
    Stop write(Media& media) {
        Surface surface{media, *media.state(), watch, clock, endurance};
        Pattern pattern = Pattern::fixed({0xA5, 0x5A, 0x11});
        return write_pass(surface, pattern, record, &notes);
    }
    emulator::SimulatedClock clock;
    // A second a mebibyte; and only a flush empties the cache.
    Media port{{.size_bytes = 64 * mebibyte, .cached_writes = 1000, .bytes_a_second = mebibyte},
               clock};
    Endurance endurance;
    QuietWatch watch;
    Noting notes;
    PassRecord record;
};

TEST_F(Checkpoints, ComeBeforeTheFirstWriteAndThenAsTimePasses) {
    std::uint64_t writes_before = 1;
    notes.at_checkpoint = [&](const PassRecord& so_far) {
        if (so_far.written.empty()) writes_before = port.counts().writes;
        return Stop{};
    };
    EXPECT_EQ(write().reason, StopReason::none);
    EXPECT_EQ(writes_before, 0u);
    // Of a minute: after a second, and then before a sixteenth of it more could be lost. A rest
    // waits for the twelve transfers in flight.
    ASSERT_GE(notes.noted.size(), 5u);
    EXPECT_LE(notes.noted.size(), 8u);
    std::uint64_t last = 0;
    for (std::size_t i = 1; i < notes.noted.size(); ++i) {
        EXPECT_TRUE(notes.noted[i].flushed);
        EXPECT_FALSE(notes.noted[i].completed);
        EXPECT_EQ(ExtentSet(notes.noted[i].written).bytes(), notes.noted[i].bytes_written);
        EXPECT_GT(notes.noted[i].bytes_written, last);
        last = notes.noted[i].bytes_written;
    }
    EXPECT_TRUE(record.completed);
    EXPECT_TRUE(record.flushed);
    EXPECT_EQ(record.bytes_written, 64 * mebibyte);
}

TEST_F(Checkpoints, SayNothingThatAPowerCutCouldTakeBack) {
    endurance.checkpoint_least = endurance.checkpoint_most = {};
    Media small(
        {.size_bytes = 4 * mebibyte, .slots = 1, .slot_bytes = 262144, .cached_writes = 1000},
        clock);
    notes.at_checkpoint = [&](const PassRecord& so_far) {
        Media cut = small; // as it is now, without what is in its cache
        cut.add({.kind = FaultKind::power_cut, .times = 1});
        cut.start(Direction::read, 0, {0, 512});
        EXPECT_TRUE(cut.wait(std::chrono::seconds(1)).has_value());
        Pattern pattern = Pattern::fixed({0xA5, 0x5A, 0x11});
        for (const Extent& each : so_far.written)
            EXPECT_TRUE(pattern.matches(cut.at(each.offset, each.length), each.offset));
        return Stop{};
    };
    EXPECT_EQ(write(small).reason, StopReason::none);
    EXPECT_EQ(notes.noted.size(), 1 + 16u);
}

TEST_F(Checkpoints, EndWithTheFirstFlushThatFails) {
    endurance.checkpoint_least = endurance.checkpoint_most = {};
    // The kernel tells of a failed write-back once, and then as if nothing had been.
    port.add({.kind = FaultKind::flush_error, .after = 3, .times = 1});
    EXPECT_EQ(write().reason, StopReason::none);
    EXPECT_EQ(notes.noted.size(), 1 + 3u);
    EXPECT_TRUE(record.completed);
    EXPECT_FALSE(record.flushed) << "though the last flush succeeded";
}

TEST_F(Checkpoints, EndThePassWhenTheyCannotBeKept) {
    endurance.checkpoint_least = endurance.checkpoint_most = {};
    notes.at_checkpoint = [&](const PassRecord& so_far) {
        return so_far.bytes_written < 8 * mebibyte ? Stop{} : Stop{StopReason::io, "no room"};
    };
    EXPECT_EQ(write().reason, StopReason::io);
    EXPECT_FALSE(record.completed);
    EXPECT_EQ(record.bytes_written, notes.noted.back().bytes_written);
    EXPECT_GE(record.bytes_written, 8 * mebibyte);
    EXPECT_LT(record.bytes_written, 64 * mebibyte);
}

TEST_F(Checkpoints, StopAPassBeforeItsFirstWriteWhenThatCannotBeKept) {
    notes.at_checkpoint = [](const PassRecord&) { return Stop{StopReason::io, "no room"}; };
    EXPECT_EQ(write().reason, StopReason::io);
    EXPECT_FALSE(record.completed);
    EXPECT_EQ(port.counts().writes, 0u);
}

TEST_F(Checkpoints, LeaveAloneWhatIsWritten) {
    const std::vector<Extent> before{{0, 3 * mebibyte + 512}, {10 * mebibyte, mebibyte}};
    record.written = before;
    EXPECT_EQ(write().reason, StopReason::none);
    EXPECT_EQ(notes.noted.front().written, before);
    for (const auto& command : port.trace()) {
        EXPECT_FALSE(command.extent.offset < 3 * mebibyte + 512);
        EXPECT_FALSE(command.extent.offset >= 10 * mebibyte &&
                     command.extent.offset < 11 * mebibyte);
    }
    EXPECT_TRUE(record.completed);
    EXPECT_EQ(record.written, (std::vector<Extent>{{0, 64 * mebibyte}}));
    EXPECT_EQ(port.counts().bytes_written, 60 * mebibyte - 512);
}

} // namespace
} // namespace quietus
