#include "quietus/technique/overwrite.hpp"

#include "support/sparse_port.hpp"

#include <gtest/gtest.h>

#include <cerrno>

namespace quietus {
namespace {

using test::QuietWatch;
using test::SparsePort;

constexpr std::uint64_t mebibyte = 1U << 20U;

class Overwrite : public testing::Test {
  protected:
    Stop write(Pattern pattern) {
        Surface surface{port, *port.state(), watch};
        return write_pass(surface, pattern, record);
    }
    SparsePort port{4 * mebibyte + 1536};
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

TEST_F(Overwrite, KeepsEightMebibytesInFlightThroughout) {
    SparsePort large(64 * mebibyte);
    large.writes_expected = 64;
    Surface surface{large, *large.state(), watch};
    Pattern pattern = Pattern::stream(Bytes(32, 1));
    EXPECT_EQ(write_pass(surface, pattern, record).reason, StopReason::none);
    EXPECT_GE(large.least_in_flight_while_busy, 8u);
    EXPECT_EQ(large.slot(0).size(), mebibyte);
}

TEST_F(Overwrite, RecordsAFailingExtentAndGoesOn) {
    port.fault = [](Direction, Extent extent) { return extent.offset == mebibyte ? EIO : 0; };
    EXPECT_EQ(write(Pattern::fixed({0})).reason, StopReason::none);
    EXPECT_EQ(record.unwritable, (std::vector<Extent>{{mebibyte, mebibyte}}));
    EXPECT_EQ(record.written,
              (std::vector<Extent>{{0, mebibyte}, {2 * mebibyte, 2 * mebibyte + 1536}}));
    EXPECT_TRUE(record.completed);
}

TEST_F(Overwrite, SaysSoWhenTheFlushFails) {
    port.flush_fault = [] { return EIO; };
    EXPECT_EQ(write(Pattern::fixed({0})).reason, StopReason::none);
    EXPECT_FALSE(record.flushed);
}

TEST_F(Overwrite, TakesADriveThatIsGoneForGoneAndNotForBad) {
    int writes = 0;
    port.fault = [&](Direction, Extent) { return port.gone = ++writes == 2, port.gone ? EIO : 0; };
    EXPECT_EQ(write(Pattern::fixed({0})).reason, StopReason::drive_vanished);
    EXPECT_FALSE(record.completed);
    EXPECT_FALSE(record.flushed);
}

TEST_F(Overwrite, TellsAnotherDriveUnderTheSameDescriptor) {
    Surface surface{port, *port.state(), watch};
    port.fault = [](Direction, Extent) { return EIO; };
    port.reported.diskseq = 8;
    Pattern pattern = Pattern::fixed({0});
    EXPECT_EQ(write_pass(surface, pattern, record).reason, StopReason::drive_changed);
}

TEST_F(Overwrite, StopsOnRequestAndFlushesWhatWasWritten) {
    SparsePort large(64 * mebibyte);
    watch.stop_after = 20 * mebibyte;
    Surface surface{large, *large.state(), watch};
    Pattern pattern = Pattern::fixed({0xFF});
    EXPECT_EQ(write_pass(surface, pattern, record).reason, StopReason::interrupted);
    EXPECT_FALSE(record.completed);
    EXPECT_TRUE(record.flushed);
    EXPECT_GE(record.bytes_written, 20 * mebibyte);
    EXPECT_LT(record.bytes_written, 64 * mebibyte);
}

} // namespace
} // namespace quietus
