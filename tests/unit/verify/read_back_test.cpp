#include "quietus/verify/read_back.hpp"

#include "quietus/emulator/media.hpp"
#include "quietus/technique/overwrite.hpp"
#include "support/quiet_watch.hpp"

#include <gtest/gtest.h>

#include <cerrno>

namespace quietus {
namespace {

using emulator::FaultKind;
using emulator::Media;
using test::QuietWatch;

constexpr std::uint64_t mebibyte = 1U << 20U;

class ReadBack : public testing::Test {
  protected:
    ReadBack() {
        Surface surface{port, *port.state(), watch, clock};
        PassRecord pass;
        Pattern pattern = written();
        EXPECT_EQ(write_pass(surface, pattern, pass).reason, StopReason::none);
    }
    static Pattern written() { return Pattern::stream(Bytes(32, 3)); }
    Stop read(Verification verification) {
        Surface surface{port, *port.state(), watch, clock};
        record.verification = verification;
        Pattern expected = written();
        return read_back(surface, expected, record);
    }
    emulator::SimulatedClock clock;
    Media port{{.size_bytes = 3 * mebibyte + 512}, clock};
    QuietWatch watch;
    ReadBackRecord record;
    static constexpr Verification full{VerificationMode::full, 100};
};

TEST_F(ReadBack, MatchesWhatWasWritten) {
    EXPECT_EQ(read(full).reason, StopReason::none);
    EXPECT_TRUE(record.completed);
    EXPECT_EQ(record.matched, (std::vector<Extent>{{0, port.geometry().size_bytes}}));
    EXPECT_EQ(record.bytes_read, port.geometry().size_bytes);
    EXPECT_TRUE(record.mismatched.empty());
}

TEST_F(ReadBack, ReadsAroundWhatIsKept) {
    port.fill({mebibyte, mebibyte}, Bytes{'c'});
    Surface surface{port, *port.state(), watch, clock, {}, ExtentSet({{mebibyte, mebibyte}})};
    record.verification = full;
    Pattern expected = written();
    EXPECT_EQ(read_back(surface, expected, record).reason, StopReason::none);
    EXPECT_TRUE(record.completed);
    EXPECT_TRUE(record.mismatched.empty());
    EXPECT_EQ(record.matched, (std::vector<Extent>{{0, mebibyte}, {2 * mebibyte, mebibyte + 512}}));
}

TEST_F(ReadBack, NamesEveryWrongBlockExactly) {
    port.set(0, static_cast<std::uint8_t>(~port.at(0, 1)[0]));
    port.set(mebibyte + 511, static_cast<std::uint8_t>(~port.at(mebibyte + 511, 1)[0]));
    port.set(3 * mebibyte + 511, static_cast<std::uint8_t>(~port.at(3 * mebibyte + 511, 1)[0]));
    EXPECT_EQ(read(full).reason, StopReason::none);
    EXPECT_EQ(record.mismatched,
              (std::vector<Extent>{{0, 512}, {mebibyte, 512}, {3 * mebibyte, 512}}));
    EXPECT_EQ(record.bytes_matched, port.geometry().size_bytes - 3 * 512);
}

// The buffers hold the fixed pattern from the pass itself: the dangerous case for a lazy read.
TEST_F(ReadBack, IsNotFooledByBuffersThatStillHoldAFixedPattern) {
    Surface surface{port, *port.state(), watch, clock};
    PassRecord pass;
    Pattern zeros = Pattern::fixed({0});
    ASSERT_EQ(write_pass(surface, zeros, pass).reason, StopReason::none);
    port.add({.kind = FaultKind::read_lazy});
    record.verification = full;
    ASSERT_EQ(read_back(surface, zeros, record).reason, StopReason::none);
    EXPECT_LT(record.bytes_matched, port.geometry().size_bytes);
    EXPECT_FALSE(record.mismatched.empty());
}

TEST_F(ReadBack, RecordsUnreadableBlocksExactly) {
    port.add({.kind = FaultKind::read_error, .where = {512, 1024}});
    port.add({.kind = FaultKind::read_error, .where = {3 * mebibyte, 1}, .error = ENODATA});
    EXPECT_EQ(read(full).reason, StopReason::none);
    EXPECT_EQ(record.unreadable, (std::vector<Extent>{{512, 1024}, {3 * mebibyte, 512}}));
    EXPECT_EQ(record.matched, (std::vector<Extent>{{0, 512}, {1536, 3 * mebibyte - 1536}}));
}

TEST_F(ReadBack, BelievesNoneOfTwoReadsThatDiffer) {
    port.add({.kind = FaultKind::read_flicker, .where = {mebibyte, 512}});
    std::uint64_t found = 0;
    for (int turn = 0; turn < 2; ++turn) {
        ASSERT_EQ(read(full).reason, StopReason::none);
        found += record.mismatched.size();
        record = {};
    }
    EXPECT_GE(found, 1u);
}

TEST_F(ReadBack, SampleFindsNothingWrongOnAGoodDriveAndRecordsItsSeed) {
    EXPECT_EQ(read({VerificationMode::sample, 10}).reason, StopReason::none);
    EXPECT_TRUE(record.completed);
    EXPECT_EQ(record.strata, 5u); // 49 sample blocks of 64 KiB, a tenth rounded up
    ASSERT_TRUE(record.sample_seed.has_value());
    EXPECT_EQ(record.sample_seed->size(), 64u);
    EXPECT_GT(record.bytes_matched, 5 * 65536u);
    EXPECT_LT(record.bytes_matched, port.geometry().size_bytes);
}

TEST_F(ReadBack, SampleAlwaysReadsFirstAndLastBlock) {
    port.set(0, static_cast<std::uint8_t>(~port.at(0, 1)[0]));
    port.set(3 * mebibyte + 100, static_cast<std::uint8_t>(~port.at(3 * mebibyte + 100, 1)[0]));
    EXPECT_EQ(read({VerificationMode::sample, 1}).reason, StopReason::none);
    EXPECT_EQ(record.mismatched, (std::vector<Extent>{{0, 512}, {3 * mebibyte, 512}}));
}

} // namespace
} // namespace quietus
