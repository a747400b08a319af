#include "quietus/technique/overwrite.hpp"

#include "quietus/emulator/media.hpp"
#include "support/quiet_watch.hpp"

#include <gtest/gtest.h>

namespace quietus {
namespace {

using emulator::FaultKind;
using emulator::Media;
using test::QuietWatch;

constexpr std::uint64_t mebibyte = 1U << 20U;

class Overwrite : public testing::Test {
  protected:
    Stop write(Pattern pattern) {
        Surface surface{port, *port.state(), watch, clock};
        return write_pass(surface, pattern, record);
    }
    emulator::SimulatedClock clock;
    Media port{{.size_bytes = 4 * mebibyte + 1536}, clock};
    QuietWatch watch;
    PassRecord record;
};

TEST_F(Overwrite, WritesEveryByteInPhase) {
    EXPECT_EQ(write(Pattern::fixed({0x92, 0x49, 0x24})).reason, StopReason::none);
    const auto medium = port.at(0, port.geometry().size_bytes);
    const Bytes octets{0x92, 0x49, 0x24};
    for (std::size_t i = 0; i < medium.size(); ++i)
        ASSERT_EQ(medium[i], octets[i % 3]) << i;
    EXPECT_TRUE(record.completed);
    EXPECT_TRUE(record.flushed);
    EXPECT_EQ(record.written, (std::vector<Extent>{{0, port.geometry().size_bytes}}));
    EXPECT_EQ(record.bytes_written, port.geometry().size_bytes);
}

TEST_F(Overwrite, WritesAroundWhatIsKept) {
    port.hold(Bytes{'c'});
    const Extent kept{mebibyte, 2 * mebibyte};
    Surface surface{port, *port.state(), watch, clock, {}, ExtentSet({kept})};
    Pattern zeros = Pattern::fixed({0});
    record.written = {{0, 4096}}; // by an earlier run
    EXPECT_EQ(write_pass(surface, zeros, record).reason, StopReason::none);
    EXPECT_TRUE(record.completed);
    EXPECT_EQ(record.written,
              (std::vector<Extent>{{0, mebibyte}, {3 * mebibyte, mebibyte + 1536}}));
    EXPECT_EQ(record.bytes_written, 2 * mebibyte + 1536);
    EXPECT_EQ(port.at(mebibyte, 2 * mebibyte), Bytes(2 * mebibyte, 'c'));
    EXPECT_EQ(port.at(3 * mebibyte, 512), Bytes(512, 0));
}

TEST_F(Overwrite, KeepsAsMuchInFlightAsThereAreSlots) {
    Media large({.size_bytes = 64 * mebibyte}, clock);
    Surface surface{large, *large.state(), watch, clock};
    Pattern pattern = Pattern::stream(Bytes(32, 1));
    EXPECT_EQ(write_pass(surface, pattern, record).reason, StopReason::none);
    EXPECT_EQ(large.counts().most_in_flight, large.slots());
    EXPECT_EQ(large.slot(0).size(), mebibyte);
}

TEST_F(Overwrite, RecordsAFailingBlockAndErasesItsNeighbours) {
    const std::vector<std::uint8_t> secret{'s', 'e', 'c', 'r', 'e', 't'};
    port.hold(secret);
    port.add({.kind = FaultKind::write_error, .where = {mebibyte + 1024, 512}});
    EXPECT_EQ(write(Pattern::fixed({0})).reason, StopReason::none);
    EXPECT_EQ(record.unwritable, (std::vector<Extent>{{mebibyte + 1024, 512}}));
    EXPECT_EQ(record.written,
              (std::vector<Extent>{{0, mebibyte + 1024}, {mebibyte + 1536, 3 * mebibyte}}));
    EXPECT_TRUE(record.completed);
    EXPECT_EQ(port.residue(secret), 1u);
}

TEST_F(Overwrite, SaysSoWhenTheFlushFails) {
    port.add({.kind = FaultKind::flush_error});
    EXPECT_EQ(write(Pattern::fixed({0})).reason, StopReason::none);
    EXPECT_FALSE(record.flushed);
}

TEST_F(Overwrite, TakesADriveThatIsGoneForGoneAndNotForBad) {
    port.add({.kind = FaultKind::vanish, .after = 1});
    EXPECT_EQ(write(Pattern::fixed({0})).reason, StopReason::drive_vanished);
    EXPECT_FALSE(record.completed);
    EXPECT_FALSE(record.flushed);
}

TEST_F(Overwrite, TellsAnotherDriveUnderTheSameDescriptor) {
    Surface surface{port, *port.state(), watch, clock};
    port.add({.kind = FaultKind::replaced});
    Pattern pattern = Pattern::fixed({0});
    EXPECT_EQ(write_pass(surface, pattern, record).reason, StopReason::drive_changed);
}

TEST_F(Overwrite, StopsOnRequestAndFlushesWhatWasWritten) {
    Media large({.size_bytes = 64 * mebibyte}, clock);
    watch.stop_after = 20 * mebibyte;
    Surface surface{large, *large.state(), watch, clock};
    Pattern pattern = Pattern::fixed({0xFF});
    EXPECT_EQ(write_pass(surface, pattern, record).reason, StopReason::interrupted);
    EXPECT_FALSE(record.completed);
    EXPECT_TRUE(record.flushed);
    EXPECT_GE(record.bytes_written, 20 * mebibyte);
    EXPECT_LT(record.bytes_written, 64 * mebibyte);
}

} // namespace
} // namespace quietus
