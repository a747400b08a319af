// A step on a drive that fails: what is tried, in which order, for how long, and what is said.
#include "quietus/emulator/media.hpp"
#include "quietus/technique/overwrite.hpp"
#include "support/alternating_port.hpp"
#include "support/quiet_watch.hpp"

#include <gmock/gmock.h>

#include <malloc.h>

#include <cerrno>
#include <memory>
#include <set>

namespace quietus {
namespace {

using namespace std::chrono_literals;
using emulator::FaultKind;
using emulator::Media;
using emulator::MediaTraits;
using test::QuietWatch;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::uint64_t mebibyte = 1U << 20U;
const Bytes secret{'s', 'e', 'c', 'r', 'e', 't'};

class FailingSurface : public testing::Test {
  protected:
    Media& make(const MediaTraits& traits) {
        media = std::make_unique<Media>(traits, clock);
        media->hold(secret);
        return *media;
    }
    Media& make(std::uint64_t size) { return make({.size_bytes = size}); }
    Stop write() {
        Surface surface{*media, *media->state(), watch, clock, endurance};
        Pattern zeros = Pattern::fixed({0});
        record = {};
        return write_pass(surface, zeros, record);
    }
    // Everything is written or reported; what is reported is what still holds the secret.
    void expect_exact(const std::vector<Extent>& bad) {
        EXPECT_EQ(record.unwritable, bad);
        ExtentSet all(record.written);
        all.add(ExtentSet(record.unwritable));
        EXPECT_THAT(all.extents(), ElementsAre(Extent{0, media->geometry().size_bytes}));
        EXPECT_EQ(media->residue(secret) * 512, ExtentSet(bad).bytes());
    }

    emulator::SimulatedClock clock;
    std::unique_ptr<Media> media;
    QuietWatch watch;
    Endurance endurance;
    PassRecord record;
};

TEST_F(FailingSurface, IsErasedToTheLastGoodBlockWhereverTheBadOnesAre) {
    for (const std::uint64_t bad : {std::uint64_t{0}, mebibyte - 512, mebibyte, 5 * mebibyte + 512,
                                    8 * mebibyte - 512, 8 * mebibyte}) {
        make(8 * mebibyte + 512).add({.kind = FaultKind::write_error, .where = {bad, 512}});
        EXPECT_EQ(write().reason, StopReason::none);
        expect_exact({{bad, 512}});
        EXPECT_EQ(watch.last, 8 * mebibyte + 512);
    }
}

TEST_F(FailingSurface, IsErasedUpToBothEdgesOfABadRegion) {
    const Extent region{3 * mebibyte + 1024, 40 * mebibyte};
    make(64 * mebibyte).add({.kind = FaultKind::write_error, .where = region});
    EXPECT_EQ(write().reason, StopReason::none);
    expect_exact({region});
}

// Ahead of it first, then its far side from behind, and only then into it.
TEST_F(FailingSurface, IsVisitedFromBothDirectionsBeforeTheBadRegionItself) {
    const Extent region{8 * mebibyte, 40 * mebibyte};
    make(128 * mebibyte).add({.kind = FaultKind::write_error, .where = region});
    EXPECT_EQ(write().reason, StopReason::none);
    const auto& trace = media->trace();
    std::size_t last_whole = 0;
    std::size_t first_piece = trace.size();
    std::uint64_t whole_within = 0;
    bool backwards = false;
    std::set<std::uint64_t> seen;
    for (std::size_t i = 0; i < trace.size(); ++i) {
        const Extent& extent = trace[i].extent;
        // What has been written already is written again to see whether the drive lives.
        if (extent.length == mebibyte && !seen.insert(extent.offset).second) continue;
        const bool whole = extent.length == mebibyte;
        const bool within = extent.offset >= region.offset && extent.end() <= region.end();
        if (whole) last_whole = i;
        if (!whole) first_piece = std::min(first_piece, i);
        if (whole && within) ++whole_within;
        if (i > 0 && whole && extent.end() == trace[i - 1].extent.offset) backwards = true;
    }
    EXPECT_TRUE(backwards);
    EXPECT_LT(last_whole, first_piece);
    EXPECT_LT(whole_within, 36u) << "it was jumped over";
    expect_exact({region});
}

TEST_F(FailingSurface, TriesASingleBlockAsOftenAsItIsTold) {
    for (const unsigned attempts : {1U, 3U, 5U}) {
        endurance.attempts = attempts;
        make(mebibyte).add({.kind = FaultKind::write_error, .where = {4096, 512}});
        EXPECT_EQ(write().reason, StopReason::none);
        EXPECT_EQ(std::ranges::count_if(media->trace(),
                                        [](const Media::Command& each) {
                                            return each.extent == Extent{4096, 512};
                                        }),
                  attempts);
    }
}

TEST_F(FailingSurface, RecoversFromWhatPasses) {
    for (const std::uint64_t times : {1U, 2U, 5U}) {
        make(2 * mebibyte)
            .add({.kind = FaultKind::write_error, .where = {4096, 512}, .times = times});
        EXPECT_EQ(write().reason, StopReason::none);
        expect_exact({});
    }
}

TEST_F(FailingSurface, RespectsTheBlocksOfA4KnDrive) {
    make({.size_bytes = 8 * mebibyte, .block_bytes = 4096})
        .add({.kind = FaultKind::write_error, .where = {3 * mebibyte, 4096}});
    EXPECT_EQ(write().reason, StopReason::none);
    EXPECT_THAT(record.unwritable, ElementsAre(Extent{3 * mebibyte, 4096}));
    for (const Media::Command& each : media->trace())
        EXPECT_TRUE(each.extent.offset % 4096 == 0 && each.extent.length % 4096 == 0);
}

TEST_F(FailingSurface, KeepsTheTailOfAnImageApart) {
    make({.size_bytes = 4 * mebibyte + 4096 + 777, .block_bytes = 4096})
        .add({.kind = FaultKind::write_error, .where = {4 * mebibyte - 4096, 9000}});
    EXPECT_EQ(write().reason, StopReason::none);
    EXPECT_THAT(record.unwritable, ElementsAre(Extent{4 * mebibyte - 4096, 4096 + 4096 + 777}));
    for (const Media::Command& each : media->trace())
        EXPECT_TRUE(each.extent.offset >= 4 * mebibyte + 4096 ||
                    each.extent.end() <= 4 * mebibyte + 4096);
}

// Ten seconds for each failure, and an hour of them.
TEST_F(FailingSurface, SpendsNoMoreTimeOnTroubleThanItIsGiven) {
    make(64 * mebibyte)
        .add(
            {.kind = FaultKind::write_error, .where = {8 * mebibyte, 16 * mebibyte}, .delay = 10s});
    EXPECT_EQ(write().reason, StopReason::none);
    EXPECT_GE(clock.monotonic(), 1h);
    EXPECT_LT(clock.monotonic(), 1h + 1min);
    EXPECT_TRUE(record.completed);
    EXPECT_THAT(record.unwritable, ElementsAre(Extent{8 * mebibyte, 16 * mebibyte}));
    EXPECT_EQ(media->residue(secret), 16 * mebibyte / 512);
}

TEST_F(FailingSurface, DoesNotCallBadWhatItHadNoTimeToTry) {
    const Extent region{8 * mebibyte, 80 * mebibyte};
    make(128 * mebibyte)
        .add({.kind = FaultKind::write_error, .where = region, .delay = std::chrono::minutes(4)});
    EXPECT_EQ(write().reason, StopReason::none);
    EXPECT_FALSE(record.completed);
    EXPECT_TRUE(record.flushed);
    ExtentSet good({{0, 128 * mebibyte}});
    good.subtract(region);
    EXPECT_EQ(record.written, good.extents());
    ASSERT_THAT(record.unwritable, testing::Not(IsEmpty()));
    std::uint64_t tried = 0;
    for (const Extent& each : record.unwritable) {
        EXPECT_TRUE(each.offset >= region.offset && each.end() <= region.end());
        tried += each.length;
        EXPECT_TRUE(std::ranges::any_of(media->trace(), [&](const Media::Command& command) {
            return command.extent.offset == each.offset;
        }));
    }
    EXPECT_LT(tried, region.length);
}

// What an offline drive of the SCSI layer does: it is all there, and EIO is all it says.
TEST_F(FailingSurface, TakesADriveThatHasDiedForNoBadBlocks) {
    for (const std::uint64_t after : {13U, 20U, 39U}) {
        make(48 * mebibyte).add({.kind = FaultKind::offline, .after = after, .error = EIO});
        const Stop stop = write();
        EXPECT_EQ(stop.reason, StopReason::io);
        EXPECT_THAT(stop.text, HasSubstr("also where it had worked"));
        EXPECT_THAT(record.unwritable, IsEmpty());
        EXPECT_FALSE(record.completed);
        EXPECT_FALSE(record.flushed);
        EXPECT_EQ(record.bytes_written, (48 - media->residue(secret) / 2048) * mebibyte);
        EXPECT_LT(media->counts().writes, 100u);
    }
}

// Two tebibytes, jumped over by a gibibyte at most, would take days.
TEST_F(FailingSurface, DoesNotWaitForADeadDriveAtEveryJump) {
    for (const std::uint64_t after : {0U, 20U}) {
        make(std::uint64_t{2} << 40U)
            .add({.kind = FaultKind::write_error, .after = after, .delay = 9min});
        const auto begun = clock.monotonic();
        EXPECT_EQ(write().reason, StopReason::io);
        EXPECT_THAT(record.unwritable, IsEmpty());
        EXPECT_LT(clock.monotonic() - begun, 4h);
    }
}

TEST_F(FailingSurface, KeepsTheBadBlocksThatADriveHadBeforeItDied) {
    make({.size_bytes = 48 * mebibyte, .bytes_a_second = 1'000'000'000})
        .add({.kind = FaultKind::write_error, .where = {4 * mebibyte, 512}});
    media->add({.kind = FaultKind::offline, .after = 30, .error = EIO});
    EXPECT_EQ(write().reason, StopReason::io);
    EXPECT_THAT(record.unwritable, ElementsAre(Extent{4 * mebibyte, mebibyte}));
}

TEST_F(FailingSurface, GoesOnWhenADriveComesBackToLife) {
    make(48 * mebibyte).add({.kind = FaultKind::write_error, .after = 20, .times = 18});
    EXPECT_EQ(write().reason, StopReason::none);
    expect_exact({});
}

// With nothing that ever worked there is nothing to ask.
TEST_F(FailingSurface, SaysOfADriveThatFailsEveryCommandThatItDoes) {
    for (const auto delay : {0s, 1s, 600s}) {
        make(2 * mebibyte).add({.kind = FaultKind::write_error, .delay = delay});
        const auto begun = clock.monotonic();
        const Stop stop = write();
        EXPECT_EQ(stop.reason, StopReason::io);
        EXPECT_EQ(stop.text, "the drive has failed every command");
        EXPECT_THAT(record.unwritable, IsEmpty());
        EXPECT_FALSE(record.completed);
        EXPECT_LE(clock.monotonic() - begun, 1h + 10min);
    }
}

TEST_F(FailingSurface, CountsNoSuccessAsTrouble) {
    make({.size_bytes = 16 * mebibyte, .bytes_a_second = 4000})
        .add({.kind = FaultKind::write_error, .where = {mebibyte, 512}});
    EXPECT_EQ(write().reason, StopReason::none);
    EXPECT_GT(clock.monotonic(), endurance.trouble);
    expect_exact({{mebibyte, 512}});
}

// A drive that dies answers EIO for a while before the kernel takes it away.
TEST_F(FailingSurface, TakesNoErrorOfAVanishingDriveForABadBlock) {
    for (const int error : {ENODEV, ENXIO, ENOSPC, ENOMEDIUM, EIO}) {
        make(32 * mebibyte).add({.kind = FaultKind::write_error, .after = 16});
        media->add({.kind = FaultKind::vanish, .after = 28, .error = error});
        EXPECT_EQ(write().reason, StopReason::drive_vanished);
        EXPECT_THAT(record.unwritable, IsEmpty());
        EXPECT_FALSE(record.completed);
        EXPECT_FALSE(record.flushed);
        EXPECT_THAT(record.written, ElementsAre(Extent{0, 16 * mebibyte}));
    }
}

TEST_F(FailingSurface, KeepsABadBlockThatWasOneBeforeTheDriveVanished) {
    make({.size_bytes = 64 * mebibyte, .bytes_a_second = 1'000'000'000})
        .add({.kind = FaultKind::write_error, .where = {4 * mebibyte, 512}});
    media->add({.kind = FaultKind::vanish, .after = 50, .error = ENODEV});
    EXPECT_EQ(write().reason, StopReason::drive_vanished);
    EXPECT_THAT(record.unwritable, ElementsAre(Extent{4 * mebibyte, mebibyte}));
}

TEST_F(FailingSurface, NoticesADriveThatChangesUnderWay) {
    for (const FaultKind kind :
         {FaultKind::shrink, FaultKind::grow, FaultKind::replaced, FaultKind::read_only}) {
        const std::uint64_t amount = kind == FaultKind::grow ? 64 * mebibyte : 16 * mebibyte;
        make(32 * mebibyte).add({.kind = kind, .after = 20, .amount = amount, .error = EROFS});
        EXPECT_EQ(write().reason, StopReason::drive_changed) << static_cast<int>(kind);
        EXPECT_FALSE(record.completed);
        EXPECT_THAT(record.unwritable, IsEmpty());
    }
}

TEST_F(FailingSurface, ReportsSilenceAndThenGivesUp) {
    endurance.report_stall = 30s;
    endurance.give_up = 100s;
    make(32 * mebibyte).add({.kind = FaultKind::write_hang, .where = {20 * mebibyte, 512}});
    const Stop stop = write();
    EXPECT_EQ(stop.reason, StopReason::stalled);
    EXPECT_THAT(stop.text, HasSubstr("100 s"));
    EXPECT_THAT(watch.stalls, ElementsAre(30s, 60s, 90s));
    EXPECT_EQ(clock.monotonic(), 100s);
    EXPECT_EQ(record.bytes_written, 31 * mebibyte) << "all the rest was written";
    EXPECT_FALSE(record.flushed);
    EXPECT_EQ(media->counts().flushes, 0u) << "nothing more is asked of it";
}

TEST_F(FailingSurface, TellsOfSilenceThatEnds) {
    make(8 * mebibyte).add({.kind = FaultKind::write_slow, .where = {0, 512}, .delay = 70s});
    EXPECT_EQ(write().reason, StopReason::none);
    EXPECT_THAT(watch.stalls, ElementsAre(30s, 60s));
    expect_exact({});
}

TEST_F(FailingSurface, GivesUpSoonerWhenAskedToStop) {
    make(32 * mebibyte).add({.kind = FaultKind::write_hang, .where = {0, 512}});
    watch.stop_after = mebibyte;
    EXPECT_EQ(write().reason, StopReason::stalled);
    EXPECT_EQ(clock.monotonic(), 30s);
}

TEST_F(FailingSurface, GivesUpAFlushThatNeverEnds) {
    make(4 * mebibyte).add({.kind = FaultKind::flush_hang});
    EXPECT_EQ(write().reason, StopReason::stalled);
    EXPECT_EQ(clock.monotonic(), 600s);
    EXPECT_FALSE(record.flushed);
    EXPECT_EQ(watch.stalls.size(), 20u);
}

TEST_F(FailingSurface, TellsAFlushThatFailsFromADriveThatIsGone) {
    make(4 * mebibyte).add({.kind = FaultKind::flush_error});
    EXPECT_EQ(write().reason, StopReason::none);
    EXPECT_FALSE(record.flushed);
    make(4 * mebibyte).add({.kind = FaultKind::flush_error, .error = ENODEV});
    EXPECT_EQ(write().reason, StopReason::drive_vanished);
}

TEST_F(FailingSurface, IsNeverFasterThanItsLimit) {
    endurance.limit_rate = 10'000'000;
    make({.size_bytes = 64 * mebibyte, .bytes_a_second = 500'000'000});
    EXPECT_EQ(write().reason, StopReason::none);
    const double seconds = std::chrono::duration<double>(clock.monotonic()).count();
    EXPECT_GT(seconds, 6.5);
    EXPECT_LT(seconds, 6.8); // 67.1 MB
}

TEST_F(FailingSurface, DoesNotMakeUpForASilenceByExceedingItsLimit) {
    endurance.limit_rate = 10'000'000;
    make({.size_bytes = 64 * mebibyte, .bytes_a_second = 500'000'000})
        .add({.kind = FaultKind::write_slow, .times = 12, .delay = 20s});
    EXPECT_EQ(write().reason, StopReason::none);
    EXPECT_GT(clock.monotonic(), 20s + 5s);
}

TEST_F(FailingSurface, IsGivenUpBelowItsFloor) {
    endurance.floor_rate = 1'000'000;
    make({.size_bytes = 512 * mebibyte, .bytes_a_second = 900'000});
    const Stop stop = write();
    EXPECT_EQ(stop.reason, StopReason::too_slow);
    EXPECT_THAT(stop.text, HasSubstr("less than the 1000000"));
    EXPECT_LT(clock.monotonic(), 2min);
    endurance.floor_rate = 800'000;
    make({.size_bytes = 128 * mebibyte, .bytes_a_second = 900'000});
    EXPECT_EQ(write().reason, StopReason::none);
}

std::size_t allocated() {
    return mallinfo2().uordblks + mallinfo2().hblkhd;
}

TEST_F(FailingSurface, RemembersAMillionBadBlocksExactlyInLittleMemory) {
    constexpr std::uint64_t bad = 1'000'000;
    test::AlternatingPort port(bad * 1024);
    endurance.attempts = 1;
    Surface surface{port, *port.state(), watch, clock, endurance};
    Pattern zeros = Pattern::fixed({0});
    const std::size_t before = allocated();
    EXPECT_EQ(write_pass(surface, zeros, record).reason, StopReason::none);
    ASSERT_EQ(record.unwritable.size(), bad);
    ASSERT_EQ(record.written.size(), bad);
    for (std::uint64_t i = 0; i < bad; ++i)
        ASSERT_EQ(record.unwritable[i], (Extent{i * 1024 + 512, 512}));
    record.unwritable.shrink_to_fit();
    record.written.shrink_to_fit();
    EXPECT_LT(allocated() - before, 40U << 20U);
}

class PausedSurface : public FailingSurface {
  protected:
    // Between these two moments of the simulated clock.
    void pause(std::chrono::nanoseconds from, std::chrono::nanoseconds until) {
        watch.pause = [=, this] { return clock.monotonic() >= from && clock.monotonic() < until; };
    }
};

TEST_F(PausedSurface, BeginsNothingMeanwhileAndAllOfItAfterwards) {
    make({.size_bytes = 64 * mebibyte, .bytes_a_second = 8 * mebibyte}); // 8 s
    const auto begun = clock.monotonic();
    pause(begun + 2s, begun + 100s);
    std::size_t started_by_then = 0;
    std::size_t started_in_the_end = 0;
    const auto asked = watch.pause;
    watch.pause = [&] {
        const bool now = asked();
        if (now && started_by_then == 0) started_by_then = media->trace().size();
        if (now) started_in_the_end = media->trace().size();
        return now;
    };
    EXPECT_EQ(write().reason, StopReason::none);
    expect_exact({});
    EXPECT_NE(started_by_then, 0u);
    EXPECT_EQ(started_in_the_end, started_by_then);
    EXPECT_GE(clock.monotonic() - begun, 104s);
}

// It outlasts every limit that would otherwise give the drive up.
TEST_F(PausedSurface, DoesNotCountAgainstTheDrive) {
    make({.size_bytes = 64 * mebibyte, .bytes_a_second = 8 * mebibyte})
        .add({.kind = FaultKind::write_error, .where = {3 * mebibyte, 512}});
    endurance.floor_rate = 4 * mebibyte;
    endurance.give_up = 60s;
    endurance.trouble = 60s;
    const auto begun = clock.monotonic();
    pause(begun + 2s, begun + 4000s);
    EXPECT_EQ(write().reason, StopReason::none);
    EXPECT_THAT(watch.stalls, IsEmpty());
    expect_exact({{3 * mebibyte, 512}});
}

TEST_F(PausedSurface, StopsWhenThatIsAskedForMeanwhile) {
    make({.size_bytes = 64 * mebibyte, .bytes_a_second = 8 * mebibyte});
    const auto begun = clock.monotonic();
    watch.pause = [&] {
        if (clock.monotonic() - begun > 50s) watch.stop_after = 0;
        return true;
    };
    EXPECT_EQ(write().reason, StopReason::interrupted);
    EXPECT_LT(clock.monotonic() - begun, 53s);
    EXPECT_THAT(record.written, IsEmpty());
}

TEST_F(PausedSurface, StillGivesADriveUpThatDoesNotAnswer) {
    make({.size_bytes = 64 * mebibyte, .bytes_a_second = 8 * mebibyte})
        .add({.kind = FaultKind::write_hang, .where = {0, mebibyte}});
    endurance.give_up = 60s;
    const auto begun = clock.monotonic();
    pause(begun + 1s, begun + 4000s);
    EXPECT_EQ(write().reason, StopReason::stalled);
    EXPECT_LT(clock.monotonic() - begun, 100s);
}

} // namespace
} // namespace quietus
