#include "quietus/verify/address_probe.hpp"

#include "support/sparse_port.hpp"

#include <gtest/gtest.h>

#include <cerrno>

namespace quietus {
namespace {

using test::QuietWatch;
using test::SparsePort;

class AddressProbe : public testing::Test {
  protected:
    Stop probe(SparsePort& port) {
        Surface surface{port, *port.state(), watch};
        return probe_addresses(surface, record);
    }
    QuietWatch watch;
    ProbeRecord record;
};

// A thin drive of 2^31 + 1 blocks of 512 bytes: one block beyond what 31 bits can address.
constexpr std::uint64_t large = ((std::uint64_t{1} << 31U) + 1) * 512;

TEST_F(AddressProbe, FindsNothingOnAnHonestDriveOfTwoToTheThirtyOneAndOneBlocks) {
    SparsePort port(large);
    EXPECT_EQ(probe(port).reason, StopReason::none);
    EXPECT_TRUE(record.completed);
    EXPECT_TRUE(record.flushed);
    EXPECT_TRUE(record.wrong.empty());
    EXPECT_GE(record.stamps, 32u + 4 * 15);
    EXPECT_FALSE(port.at(large - 512, 512) == std::vector<std::uint8_t>(512)); // the last block
}

TEST_F(AddressProbe, FindsAWrapAtEveryPowerOfTwo) {
    for (unsigned bits = 9; bits < 41; ++bits) {
        const std::uint64_t wrap = std::uint64_t{1} << bits;
        if (wrap >= large) break;
        SparsePort port(large);
        port.leads_to = [wrap](std::uint64_t offset) { return offset % wrap; };
        record = {};
        EXPECT_EQ(probe(port).reason, StopReason::none);
        EXPECT_FALSE(record.wrong.empty()) << "wrap at 2^" << bits;
    }
}

TEST_F(AddressProbe, FindsHalvesAndQuartersOfAnyEvenSize) {
    for (const std::uint64_t blocks : {4000ULL, 123456ULL, 7814037168ULL})
        for (const std::uint64_t parts : {2U, 4U}) {
            SparsePort port(blocks * 512);
            const std::uint64_t part = blocks / parts * 512;
            port.leads_to = [part](std::uint64_t offset) { return offset % part; };
            record = {};
            EXPECT_EQ(probe(port).reason, StopReason::none);
            EXPECT_FALSE(record.wrong.empty()) << blocks << " in " << parts;
        }
}

TEST_F(AddressProbe, FindsAnUpperHalfThatForgetsItsWrites) {
    SparsePort port(1U << 30U);
    port.drops = [](Extent extent) { return extent.offset >= 1U << 29U; };
    EXPECT_EQ(probe(port).reason, StopReason::none);
    EXPECT_FALSE(record.wrong.empty());
}

TEST_F(AddressProbe, RecordsErrorsAndAFailedFlush) {
    SparsePort port(1U << 30U);
    port.fault = [](Direction direction, Extent extent) {
        return direction == Direction::read && extent.offset == 0 ? EIO : 0;
    };
    port.flush_fault = [] { return EIO; };
    EXPECT_EQ(probe(port).reason, StopReason::none);
    EXPECT_EQ(record.unreadable, (std::vector<Extent>{{0, 512}}));
    EXPECT_FALSE(record.flushed);
}

TEST_F(AddressProbe, WorksOnTheSmallestDrives) {
    for (std::uint64_t blocks = 1; blocks < 40; ++blocks) {
        SparsePort port(blocks * 512);
        record = {};
        EXPECT_EQ(probe(port).reason, StopReason::none);
        EXPECT_TRUE(record.wrong.empty());
        EXPECT_GE(record.stamps, 1u);
    }
}

TEST_F(AddressProbe, TwoRunsDoNotUseTheSameStamps) {
    SparsePort port(1U << 20U);
    ASSERT_EQ(probe(port).reason, StopReason::none);
    const auto first = port.at(0, 512);
    ASSERT_EQ(probe(port).reason, StopReason::none);
    EXPECT_NE(port.at(0, 512), first);
}

} // namespace
} // namespace quietus
