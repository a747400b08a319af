// Blocks without an address, stale copies, the media key: what the oracle sees of each.
#include "quietus/emulator/media.hpp"

#include <gtest/gtest.h>

namespace quietus::emulator {
namespace {

constexpr std::uint64_t block = 512;
const std::string secret = "an old secret 77aa";

class Store : public testing::Test {
  protected:
    static MediaTraits traits() {
        return {.size_bytes = 300 * block,
                .slots = 9,
                .slot_bytes = 1U << 16U,
                .hidden_bytes = 20 * block,
                .spare_blocks = 2,
                .stale_copies = 5,
                .encrypts = true};
    }
    Store() : media(traits(), clock) { media.hold(as_bytes(secret)); }

    int transfer(Direction direction, std::uint64_t first, std::uint64_t blocks,
                 std::uint8_t octet) {
        const auto slot = media.slot(0).first(blocks * block);
        if (direction == Direction::write) std::ranges::fill(slot, octet);
        media.start(direction, 0, {first * block, blocks * block});
        const auto done = media.wait(std::chrono::hours(1));
        return (*done)->error;
    }
    int write(std::uint64_t first, std::uint64_t blocks) {
        return transfer(Direction::write, first, blocks, 0x11);
    }
    bool holds_secret(std::uint64_t at) {
        return as_text(media.at(at * block, block)).find(secret) != std::string_view::npos;
    }
    std::uint64_t residue() { return media.residue(as_bytes(secret)); }

    SimulatedClock clock;
    Media media;
};

TEST_F(Store, CountsBlocksBehindTheLastAddress) {
    EXPECT_EQ(media.geometry().size_bytes, 300 * block);
    EXPECT_EQ(residue(), 320U);
    EXPECT_NE(transfer(Direction::read, 300, 1, 0), 0);
    media.set_accessible(320 * block);
    EXPECT_EQ(transfer(Direction::read, 319, 1, 0), 0);
    media.set_accessible(10 * block);
    EXPECT_NE(transfer(Direction::read, 10, 1, 0), 0);
    EXPECT_EQ(residue(), 320U);
}

TEST_F(Store, CountsWhatARetiredBlockHasLeftBehind) {
    media.retire(7 * block);
    EXPECT_TRUE(holds_secret(7)); // moved to a spare one
    EXPECT_EQ(residue(), 321U);
    media.fill({0, 320 * block}, as_bytes("x"));
    EXPECT_FALSE(holds_secret(7));
    EXPECT_EQ(residue(), 1U);
    media.fill_reserve(as_bytes("x"));
    EXPECT_EQ(residue(), 0U);
}

TEST_F(Store, ReadsAndWritesAcrossARetiredBlock) {
    media.retire(7 * block);
    EXPECT_EQ(write(6, 3), 0);
    EXPECT_EQ(media.at(5 * block, 5 * block).at(block), 0x11);
    EXPECT_EQ(media.at(6 * block, 3 * block), Bytes(3 * block, 0x11));
    EXPECT_TRUE(holds_secret(5));
    EXPECT_TRUE(holds_secret(9));
}

TEST_F(Store, HasNoMoreThanItsSpareBlocks) {
    for (std::uint64_t i = 0; i < 5; ++i)
        media.retire(i * block);
    EXPECT_EQ(media.retired(), 2U);
    media.retire(0);
    EXPECT_EQ(media.retired(), 2U);
}

TEST_F(Store, KeepsStaleCopiesOfWhatWasOverwritten) {
    EXPECT_EQ(write(0, 100), 0);
    EXPECT_EQ(residue(), 220U + 5U);
    EXPECT_EQ(write(0, 100), 0); // copies of the first pass take their place
    EXPECT_EQ(residue(), 220U);
    media.fill({0, 320 * block}, as_bytes("x"));
    EXPECT_EQ(residue(), 0U);
}

TEST_F(Store, ForgetsEverythingWithItsKey) {
    media.retire(7 * block);
    (void)write(20, 3);
    EXPECT_EQ(residue(), 317U + 1U + 3U);
    media.change_key();
    EXPECT_EQ(residue(), 0U);
    EXPECT_FALSE(holds_secret(7));
    EXPECT_NE(media.at(20 * block, block), Bytes(block, 0x11));
    EXPECT_NE(media.at(0, block), media.at(block, block)); // noise, not the same twice
    (void)write(20, 1);
    EXPECT_EQ(media.at(20 * block, block), Bytes(block, 0x11));
}

TEST_F(Store, KeepsWhatIsUnmappedUntilItIsErased) {
    media.retire(7 * block);
    media.unmap();
    EXPECT_EQ(media.at(0, 320 * block), Bytes(320 * block, 0));
    EXPECT_EQ(residue(), 321U);
    EXPECT_EQ(write(0, 100), 0);
    EXPECT_EQ(residue(), 321U);
    media.fill_reserve(as_bytes("x"));
    EXPECT_EQ(residue(), 0U);
}

TEST_F(Store, ForgetsItWithTheKeyToo) {
    media.unmap();
    media.change_key();
    EXPECT_EQ(residue(), 0U);
}

TEST_F(Store, CountsWhatWaitsInTheCache) {
    Media cached(
        {.size_bytes = 100 * block, .slots = 9, .slot_bytes = 1U << 16U, .cached_writes = 4},
        clock);
    cached.hold(as_bytes("nothing of the kind"));
    const auto slot = cached.slot(0).first(block);
    std::ranges::fill(slot, std::uint8_t{0});
    std::ranges::copy(secret, slot.begin());
    cached.start(Direction::write, 0, {0, block});
    (void)cached.wait(std::chrono::hours(1));
    EXPECT_EQ(cached.residue(as_bytes(secret)), 1U);
    cached.forget_cache();
    EXPECT_EQ(cached.residue(as_bytes(secret)), 0U);
}

TEST_F(Store, RefusesEveryTransferWhenToldTo) {
    media.refuse(EIO);
    EXPECT_EQ(transfer(Direction::read, 0, 1, 0), EIO);
    EXPECT_EQ(write(0, 1), EIO);
    EXPECT_EQ(media.flush(std::chrono::milliseconds(1)), EIO);
    media.refuse(std::nullopt);
    EXPECT_EQ(write(0, 1), 0);
    EXPECT_EQ(residue(), 319U + 1U);
}

// Fills that begin and end within the 64 KiB in which single blocks are kept.
TEST(CellsThatAreFilled, KeepWhatIsBesideIt) {
    Cells cells(1000 * block, block);
    cells.hold(as_bytes(secret));
    cells.write(130 * block + 5, as_bytes("x"));
    cells.write(260 * block + 5, as_bytes("x"));
    cells.fill({100 * block, 50 * block}, as_bytes("filled"));
    EXPECT_EQ(cells.holding(as_bytes(secret)), 950U);
    EXPECT_EQ(cells.holding(as_bytes("filled")), 50U);
    cells.fill({149 * block, 851 * block}, as_bytes("again"));
    EXPECT_EQ(cells.holding(as_bytes("filled")), 49U);
    EXPECT_EQ(cells.holding(as_bytes("again")), 851U);
    EXPECT_EQ(cells.holding(as_bytes(secret)), 100U);
    Bytes whole(1000 * block);
    cells.read(0, whole);
    EXPECT_EQ(as_text(whole).substr(100 * block, 6), "filled");
    EXPECT_EQ(as_text(whole).substr(149 * block, 5), "again");
    EXPECT_EQ(as_text(whole).substr(99 * block, 6), secret.substr(0, 6));
}

TEST(CellsUnderAKey, AreNoiseUnderAnother) {
    Cells cells(1000 * block, block);
    cells.set_key(1);
    cells.hold(as_bytes(secret));
    cells.write(3 * block, as_bytes(secret));
    EXPECT_EQ(cells.holding(as_bytes(secret)), 1000U);
    cells.set_key(2);
    EXPECT_EQ(cells.holding(as_bytes(secret)), 0U);
    cells.fill({0, 10 * block}, as_bytes(secret));
    EXPECT_EQ(cells.holding(as_bytes(secret)), 10U);
    cells.set_key(1);
    EXPECT_EQ(cells.holding(as_bytes(secret)), 990U); // the key is what was lost
}

} // namespace
} // namespace quietus::emulator
