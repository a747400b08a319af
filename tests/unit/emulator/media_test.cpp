// The emulated drive itself: each fault does what its name says, and the oracle finds what is left.
#include "quietus/emulator/media.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>

namespace quietus::emulator {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t block = 512;
constexpr std::uint64_t blocks = 64;
const Bytes secret{'s', 'e', 'c', 'r', 'e', 't'};

class EmulatedMedia : public testing::Test {
  protected:
    Media make(unsigned cached_writes = 0) {
        Media media({.size_bytes = blocks * block,
                     .slots = 3,
                     .slot_bytes = 16 * block,
                     .cached_writes = cached_writes},
                    clock);
        media.hold(secret);
        return media;
    }
    static int move(Media& media, Direction direction, Extent extent) {
        media.start(direction, 0, extent);
        const auto ended = media.wait(1h);
        return ended && *ended ? (*ended)->error : -1;
    }
    static int write(Media& media, std::uint64_t first, std::uint64_t count,
                     std::uint8_t octet = 0) {
        std::ranges::fill(media.slot(0), octet);
        return move(media, Direction::write, {first * block, count * block});
    }
    static Bytes read(Media& media, std::uint64_t first, std::uint64_t count) {
        std::ranges::fill(media.slot(0), 0x99);
        EXPECT_EQ(move(media, Direction::read, {first * block, count * block}), 0);
        const auto slot = media.slot(0);
        return {slot.begin(), slot.begin() + static_cast<std::ptrdiff_t>(count * block)};
    }
    SimulatedClock clock;
};

TEST_F(EmulatedMedia, StoresWhatItIsToldAndCountsWhatIsLeft) {
    Media media = make();
    EXPECT_EQ(media.residue(secret), blocks);
    EXPECT_EQ(write(media, 3, 5, 0xAA), 0);
    EXPECT_EQ(media.residue(secret), blocks - 5);
    EXPECT_EQ(read(media, 3, 5), Bytes(5 * block, 0xAA));
    EXPECT_EQ(read(media, 8, 1)[1], 'e');
    EXPECT_EQ(media.residue(Bytes(block, 0xAA)), 5u);
    EXPECT_EQ(media.flush(1s), 0);
}

TEST_F(EmulatedMedia, CountsAShortLastBlock) {
    Media media({.size_bytes = 3 * block + 100}, clock);
    media.hold(secret);
    EXPECT_EQ(media.residue(secret), 4u);
    EXPECT_EQ(media.geometry().tail_offset, 3 * block);
}

TEST_F(EmulatedMedia, StoresWhatComesBeforeABadBlock) {
    Media media = make();
    media.add({.kind = FaultKind::write_error, .where = {5 * block, block}, .error = ENODATA});
    EXPECT_EQ(write(media, 2, 8), ENODATA);
    EXPECT_EQ(media.residue(secret), blocks - 3);
    EXPECT_EQ(write(media, 6, 4), 0);
    EXPECT_EQ(write(media, 5, 1), ENODATA);
}

TEST_F(EmulatedMedia, FailsAfterSoManyAndSoOften) {
    Media media = make();
    media.add({.kind = FaultKind::write_error, .after = 1, .times = 2});
    EXPECT_EQ(write(media, 0, 1), 0);
    EXPECT_EQ(write(media, 1, 1), EIO);
    EXPECT_EQ(write(media, 1, 1), EIO);
    EXPECT_EQ(write(media, 1, 1), 0);
    EXPECT_EQ(media.counts().struck, 2u);
    EXPECT_EQ(read(media, 0, 1), Bytes(block, 0));
}

TEST_F(EmulatedMedia, DropsMisplacesAndTearsWritesThatItAcknowledges) {
    Media media = make();
    media.add({.kind = FaultKind::write_dropped, .where = {0, block}});
    media.add({.kind = FaultKind::write_misplaced, .where = {block, block}, .amount = 8 * block});
    media.add({.kind = FaultKind::write_torn, .where = {2 * block, block}, .amount = 200});
    EXPECT_EQ(write(media, 0, 1), 0);
    EXPECT_EQ(write(media, 1, 1, 7), 0);
    EXPECT_EQ(write(media, 2, 1), 0);
    EXPECT_EQ(media.residue(secret), blocks - 1);
    EXPECT_EQ(read(media, 9, 1), Bytes(block, 7));
    EXPECT_EQ(read(media, 2, 1)[199], 0);
    EXPECT_NE(read(media, 2, 1)[200], 0);
    media.heal();
    media.add({.kind = FaultKind::write_misplaced, .amount = 2 * block});
    EXPECT_EQ(write(media, blocks - 1, 1, 9), 0);
    EXPECT_EQ(read(media, 1, 1), Bytes(block, 9)); // round the end
}

TEST_F(EmulatedMedia, HidesWhatNoAddressLeadsTo) {
    Media media = make();
    media.add({.kind = FaultKind::alias, .amount = blocks / 2 * block});
    for (std::uint64_t first = 0; first < blocks; first += 16)
        EXPECT_EQ(write(media, first, 16, static_cast<std::uint8_t>(first)), 0);
    EXPECT_EQ(media.residue(secret), blocks / 2);
    EXPECT_EQ(read(media, 0, 16), Bytes(16 * block, blocks / 2));
    Media part = make();
    part.add({.kind = FaultKind::alias, .where = {8 * block, 4 * block}, .amount = 2 * block});
    EXPECT_EQ(write(part, 6, 8), 0);
    EXPECT_EQ(part.residue(secret), blocks - 6);
}

TEST_F(EmulatedMedia, ReadsDifferentlyEveryOtherTime) {
    Media media = make();
    media.add({.kind = FaultKind::read_flicker, .where = {0, block}});
    EXPECT_NE(read(media, 0, 1), read(media, 0, 1));
    EXPECT_EQ(read(media, 1, 1), read(media, 1, 1));
    media.add({.kind = FaultKind::read_lazy, .where = {block, block}});
    EXPECT_EQ(read(media, 1, 1), Bytes(block, 0x99));
}

TEST_F(EmulatedMedia, ForgetsWhatWasNotFlushedWhenThePowerGoes) {
    Media media = make(4);
    EXPECT_EQ(write(media, 0, 1), 0);
    EXPECT_EQ(media.residue(secret), blocks) << "it is in the cache";
    EXPECT_EQ(read(media, 0, 1), Bytes(block, 0)) << "which is not seen from outside";
    EXPECT_EQ(media.flush(1s), 0);
    EXPECT_EQ(media.residue(secret), blocks - 1);
    EXPECT_EQ(write(media, 1, 1), 0);
    media.add({.kind = FaultKind::power_cut, .times = 1});
    EXPECT_NE(read(media, 1, 1), Bytes(block, 0));
    media.heal();
    media.add({.kind = FaultKind::flush_error, .times = 1});
    for (std::uint64_t first = 8; first < 13; ++first)
        EXPECT_EQ(write(media, first, 1), 0);
    EXPECT_EQ(media.residue(secret), blocks - 2) << "of five writes four fit into the cache";
    EXPECT_EQ(media.flush(1s), EIO);
    EXPECT_EQ(media.residue(secret), blocks - 2);
}

TEST_F(EmulatedMedia, VanishesAndTellsSo) {
    Media media = make();
    media.add({.kind = FaultKind::vanish, .after = 1, .error = ENODEV});
    EXPECT_EQ(write(media, 0, 1), 0);
    EXPECT_EQ(write(media, 1, 1), ENODEV);
    EXPECT_FALSE(media.state().has_value());
    EXPECT_EQ(media.flush(1s), ENODEV);
    Media dead = make();
    dead.add({.kind = FaultKind::offline});
    EXPECT_EQ(write(dead, 0, 1), EIO);
    EXPECT_EQ(dead.state()->size_bytes, blocks * block);
}

TEST_F(EmulatedMedia, ChangesUnderWay) {
    Media media = make();
    media.add({.kind = FaultKind::shrink, .amount = 32 * block});
    EXPECT_EQ(write(media, 0, 1), 0);
    EXPECT_EQ(write(media, 32, 1), EIO);
    EXPECT_EQ(media.state()->size_bytes, 32 * block);
    Media grown = make();
    grown.add({.kind = FaultKind::grow, .amount = 2 * blocks * block});
    EXPECT_EQ(write(grown, blocks - 1, 1), 0);
    EXPECT_EQ(grown.state()->size_bytes, 2 * blocks * block);
    Media locked = make();
    locked.add({.kind = FaultKind::read_only, .error = EROFS});
    EXPECT_EQ(write(locked, 0, 1), EROFS);
    EXPECT_TRUE(locked.state()->read_only);
    EXPECT_EQ(locked.residue(secret), blocks);
    Media other = make();
    other.add({.kind = FaultKind::replaced, .times = 1});
    EXPECT_EQ(write(other, 0, 1), 0);
    EXPECT_EQ(other.state()->diskseq, make().state()->diskseq + 1);
}

TEST_F(EmulatedMedia, TakesItsTimeAndNoOnesElse) {
    Media media({.size_bytes = 1 << 20U, .bytes_a_second = 1 << 20U}, clock);
    media.add({.kind = FaultKind::write_slow, .where = {0, 1}, .delay = 5s});
    media.start(Direction::write, 0, {0, 1 << 18U});
    media.start(Direction::write, 1, {1 << 18U, 1 << 18U});
    EXPECT_EQ((*media.wait(1h))->slot, 1u);
    EXPECT_EQ(clock.monotonic(), 500ms);
    EXPECT_FALSE(media.wait(1s)->has_value());
    EXPECT_EQ((*media.wait(1h))->slot, 0u);
    EXPECT_EQ(clock.monotonic(), 5250ms);
    EXPECT_FALSE(media.wait(10s)->has_value()) << "nothing is in flight";
    EXPECT_EQ(clock.monotonic(), 15250ms);
}

TEST_F(EmulatedMedia, NeverAnswersWhatHangs) {
    Media media = make();
    media.add({.kind = FaultKind::write_hang, .where = {0, block}});
    media.add({.kind = FaultKind::flush_hang, .after = 1});
    media.start(Direction::write, 0, {0, block});
    media.start(Direction::write, 1, {block, block});
    EXPECT_EQ((*media.wait(1h))->slot, 1u);
    EXPECT_FALSE(media.wait(1000h)->has_value());
    EXPECT_EQ(media.flush(1s), 0);
    EXPECT_FALSE(media.flush(1h).has_value());
    EXPECT_FALSE(media.flush(1h).has_value());
    EXPECT_EQ(media.counts().flushes, 2u);
}

} // namespace
} // namespace quietus::emulator
