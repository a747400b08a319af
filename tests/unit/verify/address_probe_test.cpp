#include "quietus/verify/address_probe.hpp"

#include "quietus/emulator/media.hpp"
#include "support/quiet_watch.hpp"

#include <gtest/gtest.h>

namespace quietus {
namespace {

using emulator::FaultKind;
using emulator::Media;
using test::QuietWatch;

class AddressProbe : public testing::Test {
  protected:
    Media drive_of(std::uint64_t size) { return Media({.size_bytes = size}, clock); }
    Stop probe(Media& port) {
        Surface surface{port, *port.state(), watch, clock};
        return probe_addresses(surface, record);
    }
    emulator::SimulatedClock clock;
    QuietWatch watch;
    ProbeRecord record;
};

// A thin drive of 2^31 + 1 blocks of 512 bytes: one block beyond what 31 bits can address.
constexpr std::uint64_t large = ((std::uint64_t{1} << 31U) + 1) * 512;

TEST_F(AddressProbe, FindsNothingOnAnHonestDriveOfTwoToTheThirtyOneAndOneBlocks) {
    Media port = drive_of(large);
    EXPECT_EQ(probe(port).reason, StopReason::none);
    EXPECT_TRUE(record.completed);
    EXPECT_TRUE(record.flushed);
    EXPECT_TRUE(record.wrong.empty());
    EXPECT_GE(record.stamps, 32u + 4 * 15);
    EXPECT_FALSE(port.at(large - 512, 512) == std::vector<std::uint8_t>(512)); // the last block
}

TEST_F(AddressProbe, StampsNothingThatIsKept) {
    Media port = drive_of(std::uint64_t{4} << 20U);
    port.hold(Bytes{'c'});
    const Extent kept{65536, (std::uint64_t{4} << 20U) - 131072};
    Surface surface{port, *port.state(), watch, clock, {}, ExtentSet({kept})};
    EXPECT_EQ(probe_addresses(surface, record).reason, StopReason::none);
    EXPECT_TRUE(record.completed);
    EXPECT_GE(record.stamps, 8U);
    EXPECT_EQ(port.at(kept.offset, kept.length), Bytes(kept.length, 'c'));
    EXPECT_NE(port.at(0, 512), Bytes(512, 'c'));
}

TEST_F(AddressProbe, FindsAWrapAtEveryPowerOfTwo) {
    for (unsigned bits = 9; bits < 41; ++bits) {
        const std::uint64_t wrap = std::uint64_t{1} << bits;
        if (wrap >= large) break;
        Media port = drive_of(large);
        port.add({.kind = FaultKind::alias, .amount = wrap});
        record = {};
        EXPECT_EQ(probe(port).reason, StopReason::none);
        EXPECT_FALSE(record.wrong.empty()) << "wrap at 2^" << bits;
    }
}

TEST_F(AddressProbe, FindsHalvesAndQuartersOfAnyEvenSize) {
    for (const std::uint64_t blocks : {4000ULL, 123456ULL, 7814037168ULL})
        for (const std::uint64_t parts : {2U, 4U}) {
            Media port = drive_of(blocks * 512);
            const std::uint64_t part = blocks / parts * 512;
            port.add({.kind = FaultKind::alias, .amount = part});
            record = {};
            EXPECT_EQ(probe(port).reason, StopReason::none);
            EXPECT_FALSE(record.wrong.empty()) << blocks << " in " << parts;
        }
}

TEST_F(AddressProbe, FindsAnUpperHalfThatForgetsItsWrites) {
    Media port = drive_of(1U << 30U);
    port.add({.kind = FaultKind::write_dropped, .where = {1U << 29U, 1U << 29U}});
    EXPECT_EQ(probe(port).reason, StopReason::none);
    EXPECT_FALSE(record.wrong.empty());
}

TEST_F(AddressProbe, RecordsErrorsAndAFailedFlush) {
    Media port = drive_of(1U << 30U);
    port.add({.kind = FaultKind::read_error, .where = {0, 512}});
    port.add({.kind = FaultKind::flush_error});
    EXPECT_EQ(probe(port).reason, StopReason::none);
    EXPECT_EQ(record.unreadable, (std::vector<Extent>{{0, 512}}));
    EXPECT_FALSE(record.flushed);
}

TEST_F(AddressProbe, WorksOnTheSmallestDrives) {
    for (std::uint64_t blocks = 1; blocks < 40; ++blocks) {
        Media port = drive_of(blocks * 512);
        record = {};
        EXPECT_EQ(probe(port).reason, StopReason::none);
        EXPECT_TRUE(record.wrong.empty());
        EXPECT_GE(record.stamps, 1u);
    }
}

TEST_F(AddressProbe, TwoRunsDoNotUseTheSameStamps) {
    Media port = drive_of(1U << 20U);
    ASSERT_EQ(probe(port).reason, StopReason::none);
    const auto first = port.at(0, 512);
    ASSERT_EQ(probe(port).reason, StopReason::none);
    EXPECT_NE(port.at(0, 512), first);
}

} // namespace
} // namespace quietus
