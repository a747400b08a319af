// Several nodes of a drive as one run of bytes: what reaches which, and which error comes back.
#include "quietus/emulator/media.hpp"
#include "quietus/technique/overwrite.hpp"
#include "quietus/transport/joined_block_port.hpp"
#include "quietus/verify/canary.hpp"
#include "support/quiet_watch.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <utility>

namespace quietus {
namespace {

using namespace std::chrono_literals;
using emulator::FaultKind;
using emulator::Media;
using emulator::MediaTraits;
using test::QuietWatch;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::uint64_t mebibyte = 1U << 20U;
const Bytes secret{'s', 'e', 'c', 'r', 'e', 't'};

class Joined : public testing::Test {
  protected:
    // The last one is of three and a half MiB and a block: no border lies where a slot ends.
    static constexpr std::uint64_t sizes[]{mebibyte + 512, 512, 3 * mebibyte + mebibyte / 2 + 512};
    static constexpr std::uint64_t whole = sizes[0] + sizes[1] + sizes[2];

    Media& add(const MediaTraits& traits) {
        auto made = std::make_unique<Media>(traits, clock);
        made->hold(secret);
        members.push_back(made.get());
        ports.push_back(std::move(made));
        return *members.back();
    }
    void join() {
        auto made = join_blocks(std::move(ports));
        ASSERT_TRUE(made) << made.error().message;
        joined = std::move(*made);
    }
    void make() {
        for (const std::uint64_t size : sizes)
            add({.size_bytes = size});
        join();
    }
    Surface surface() { return {*joined, *joined->state(), watch, clock, endurance}; }
    Stop write(Pattern& pattern) {
        Surface where = surface();
        record = {};
        return write_pass(where, pattern, record);
    }
    [[nodiscard]] std::uint64_t left() const {
        std::uint64_t blocks = 0;
        for (const Media* each : members)
            blocks += each->residue(secret);
        return blocks;
    }
    // One transfer, waited for.
    Completion transfer(Direction direction, Extent extent) {
        joined->start(direction, 3, extent);
        for (int tries = 0; tries < 100; ++tries) {
            auto ended = joined->wait(10ms);
            EXPECT_TRUE(ended);
            if (ended && *ended) return **ended;
        }
        ADD_FAILURE() << "it never ended";
        return {};
    }

    emulator::SimulatedClock clock;
    std::vector<Media*> members; ///< owned by `ports`, then by `joined`
    std::vector<std::unique_ptr<BlockPort>> ports;
    std::unique_ptr<BlockPort> joined;
    QuietWatch watch;
    Endurance endurance;
    PassRecord record;
};

TEST_F(Joined, IsAsLargeAsAllOfThem) {
    make();
    EXPECT_EQ(joined->geometry().size_bytes, whole);
    EXPECT_EQ(joined->geometry().tail_offset, whole);
    EXPECT_EQ(joined->geometry().block_bytes, 512U);
    EXPECT_EQ(joined->state()->size_bytes, whole);
    EXPECT_FALSE(joined->used_page_cache());
}

// Each block holds its own number, so that each must be where it belongs.
TEST_F(Joined, EveryBlockOfEveryOneIsWrittenAndReadBackInItsPlace) {
    make();
    Pattern stamps = Pattern::lba_stamp(0, 512);
    EXPECT_EQ(write(stamps).reason, StopReason::none);
    EXPECT_EQ(left(), 0U);
    EXPECT_THAT(record.written, ElementsAre(Extent{0, whole}));
    std::uint64_t before = 0;
    for (std::size_t at = 0; at < members.size(); before += sizes[at], ++at) {
        Bytes expected(static_cast<std::size_t>(sizes[at]));
        stamps.fill(expected, before);
        EXPECT_EQ(members[at]->at(0, expected.size()), expected) << at;
    }
}

TEST_F(Joined, ATransferOverABorderMovesBothSides) {
    make();
    // 512 bytes of the first, all of the second, the first 1,024 of the third.
    const Extent across{sizes[0] - 512, 2048};
    const auto buffer = joined->slot(3);
    for (std::size_t at = 0; at < 2048; ++at)
        buffer[at] = static_cast<std::uint8_t>(at / 512 + 1);
    EXPECT_EQ(transfer(Direction::write, across).error, 0);
    EXPECT_EQ(members[0]->at(sizes[0] - 512, 512), Bytes(512, 1));
    EXPECT_EQ(members[1]->at(0, 512), Bytes(512, 2));
    EXPECT_EQ(members[2]->at(0, 512), Bytes(512, 3));
    EXPECT_EQ(members[2]->at(512, 512), Bytes(512, 4));
    std::ranges::fill(buffer, std::uint8_t{0});
    const Completion read = transfer(Direction::read, across);
    EXPECT_EQ(read.extent, across);
    EXPECT_EQ(read.slot, 3U);
    for (std::size_t at = 0; at < 2048; ++at)
        ASSERT_EQ(buffer[at], at / 512 + 1) << at;
}

TEST_F(Joined, ATransferFailsWhenEitherSideDoes) {
    for (const std::size_t bad : {0U, 1U, 2U}) {
        members.clear();
        make();
        members[bad]->refuse(EIO);
        EXPECT_EQ(transfer(Direction::write, {sizes[0] - 512, 2048}).error, EIO) << bad;
        members[bad]->refuse(std::nullopt);
        EXPECT_EQ(transfer(Direction::read, {sizes[0] - 512, 2048}).error, 0) << bad;
    }
}

TEST_F(Joined, ABadBlockIsNamedByItsPlaceInTheWhole) {
    make();
    members[2]->add({FaultKind::write_error, {4096, 512}});
    Pattern zeros = Pattern::fixed({0});
    EXPECT_EQ(write(zeros).reason, StopReason::none);
    EXPECT_THAT(record.unwritable, ElementsAre(Extent{sizes[0] + sizes[1] + 4096, 512}));
    EXPECT_EQ(left(), 1U);
}

TEST_F(Joined, AFlushIsThatOfAllOfThem) {
    make();
    EXPECT_EQ(joined->flush(10ms), 0);
    for (const Media* each : members)
        EXPECT_EQ(each->counts().flushes, 1U);
    members[1]->add({.kind = FaultKind::flush_error});
    EXPECT_EQ(joined->flush(10ms), EIO);
}

TEST_F(Joined, ADriveThatVanishesIsNotTheSameAnyMore) {
    make();
    members[2]->add({.kind = FaultKind::vanish});
    EXPECT_NE(transfer(Direction::write, {whole - 512, 512}).error, 0);
    const auto state = joined->state();
    EXPECT_TRUE(!state || state->size_bytes != whole);
}

TEST_F(Joined, NothingInFlightIsWaitedForAndNothingComes) {
    make();
    const auto nothing = joined->wait(10ms);
    ASSERT_TRUE(nothing);
    EXPECT_FALSE(*nothing);
}

TEST_F(Joined, CanariesAreFoundWhereTheyWereWritten) {
    make();
    const Canaries canaries(joined->geometry(), Bytes(32, 7), 0);
    Canaries writing(joined->geometry(), Bytes(32, 7), 0);
    CanaryRecord kept;
    Surface where = surface();
    EXPECT_EQ(writing.write(where, kept).reason, StopReason::none);
    EXPECT_EQ(kept.written, canaries.places());
    EXPECT_TRUE(kept.not_stored.empty());
    Surface again = surface();
    EXPECT_EQ(writing.check(again, kept).reason, StopReason::none);
    EXPECT_EQ(kept.left, kept.written);
}

TEST_F(Joined, OneAloneIsItself) {
    const Media& only = add({.size_bytes = mebibyte});
    join();
    EXPECT_EQ(joined.get(), &only);
}

TEST_F(Joined, BlocksOfTwoSizesAreRefused) {
    add({.size_bytes = mebibyte});
    add({.size_bytes = mebibyte, .block_bytes = 4096});
    const auto made = join_blocks(std::move(ports));
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().fault, Fault::unsupported);
    EXPECT_THAT(made.error().message, HasSubstr("512 and of 4096"));
}

TEST_F(Joined, AnOddTailIsRefused) {
    add({.size_bytes = mebibyte});
    add({.size_bytes = mebibyte + 100});
    const auto made = join_blocks(std::move(ports));
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().fault, Fault::unsupported);
}

} // namespace
} // namespace quietus
