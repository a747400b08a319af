// HPA, AMA and DCO: how many blocks are shown, and what it takes to see all of them.
#include "ata_bench.hpp"
#include "max_address.hpp"
#include "octet_fields.hpp"

#include <cerrno>

namespace quietus::emulator {
namespace {

constexpr Registers read_native_max_ext{0x27, 0, 0, 0};
constexpr Registers set_max_ext(std::uint64_t lba, bool for_good) {
    return {0x37, 0, static_cast<std::uint16_t>(for_good ? 1 : 0), lba};
}
constexpr Registers dco_restore{0xB1, 0xC0, 0, 0};

AtaTraits hidden(MaxAddress kind) {
    AtaTraits traits;
    traits.blocks = 2048;
    traits.accessible_blocks = 2047; // one sector is hidden
    traits.max_address = kind;
    return traits;
}

TEST(Hpa, HidesASectorUntilItIsLifted) {
    AtaBench bench(hidden(MaxAddress::hpa));
    EXPECT_EQ(bench.blocks_shown(), 2047U);
    EXPECT_EQ(bench.residue(), 2048U);
    EXPECT_EQ(bench.send(read_native_max_ext).lba, 2047U); // the last, not how many
    EXPECT_TRUE(bench.send(set_max_ext(2047, false)).succeeded());
    EXPECT_EQ(bench.blocks_shown(), 2048U);
    EXPECT_TRUE(bench.holds_secret(2047));
    bench.drive.power_cycle();
    EXPECT_EQ(bench.blocks_shown(), 2047U); // it was volatile
}

TEST(Hpa, IsLiftedForGoodOncePerPowerCycle) {
    AtaBench bench(hidden(MaxAddress::hpa));
    (void)bench.send(read_native_max_ext);
    EXPECT_TRUE(bench.send(set_max_ext(2047, true)).succeeded());
    (void)bench.send(read_native_max_ext);
    const AtaRegisters again = bench.send(set_max_ext(1000, true));
    EXPECT_EQ(again.status, 0x51U);
    EXPECT_EQ(again.error, 0x10U); // IDNF
    bench.drive.power_cycle();
    EXPECT_EQ(bench.blocks_shown(), 2048U);
    (void)bench.send(read_native_max_ext);
    EXPECT_TRUE(bench.send(set_max_ext(1000, true)).succeeded());
}

TEST(Hpa, WantsReadNativeMaxAddressRightBefore) {
    AtaBench bench(hidden(MaxAddress::hpa));
    EXPECT_TRUE(is_aborted(bench.send(set_max_ext(2047, true))));
    (void)bench.send(read_native_max_ext);
    (void)bench.identify();
    EXPECT_TRUE(is_aborted(bench.send(set_max_ext(2047, true))));
    (void)bench.send({0xF8, 0, 0, 0}); // the other one
    EXPECT_TRUE(is_aborted(bench.send(set_max_ext(2047, true))));
    EXPECT_EQ(bench.blocks_shown(), 2047U);
}

TEST(Hpa, CannotBeSetBeyondTheEnd) {
    AtaBench bench(hidden(MaxAddress::hpa));
    (void)bench.send(read_native_max_ext);
    EXPECT_TRUE(is_aborted(bench.send(set_max_ext(2048, true))));
    EXPECT_EQ(bench.blocks_shown(), 2047U);
}

TEST(Hpa, SetIn28BitsIsChangedIn28Bits) {
    AtaTraits traits;
    AtaBench bench(traits);
    (void)bench.send({0xF8, 0, 0, 0});
    EXPECT_TRUE(bench.send({0xF9, 0, 0, 999}).succeeded());
    (void)bench.send(read_native_max_ext);
    EXPECT_TRUE(is_aborted(bench.send(set_max_ext(2047, false))));
    (void)bench.send({0xF8, 0, 0, 0});
    EXPECT_TRUE(bench.send({0xF9, 0, 0, 2047}).succeeded());
    EXPECT_EQ(bench.blocks_shown(), 2048U);
}

TEST(Hpa, TransfersBeyondTheEndFail) {
    AtaBench bench;
    const auto port = bench.drive.open_block();
    EXPECT_EQ(port->geometry().size_bytes, 2048U * 512);
    (void)bench.send(read_native_max_ext);
    (void)bench.send(set_max_ext(999, false));
    port->start(Direction::read, 0, {1000 * 512, 512});
    EXPECT_EQ((*port->wait(std::chrono::hours(1)))->error, EIO);
    // What the kernel has once seen it goes on believing.
    EXPECT_EQ(port->geometry().size_bytes, 2048U * 512);
    EXPECT_EQ(port->state()->size_bytes, 2048U * 512);
    EXPECT_EQ(bench.drive.open_block()->geometry().size_bytes, 1000U * 512);
}

TEST(Ama, IsSetOncePerPowerCycleAndKept) {
    AtaBench bench(hidden(MaxAddress::ama));
    EXPECT_EQ(bench.word(119) & 0x100U, 0x100U);
    EXPECT_TRUE(is_aborted(bench.send(read_native_max_ext)));
    EXPECT_EQ(bench.send({0x78, 0x0000, 0, 0}).lba, 2047U);
    EXPECT_TRUE(bench.send({0x78, 0x0001, 0, 2047}).succeeded());
    EXPECT_EQ(bench.blocks_shown(), 2048U);
    EXPECT_TRUE(is_aborted(bench.send({0x78, 0x0001, 0, 1000})));
    bench.drive.power_cycle();
    EXPECT_EQ(bench.blocks_shown(), 2048U);
    EXPECT_TRUE(bench.send({0x78, 0x0001, 0, 1000}).succeeded());
}

TEST(Ama, IsFrozenUntilThePowerGoes) {
    AtaBench bench(hidden(MaxAddress::ama));
    EXPECT_TRUE(bench.send({0x78, 0x0002, 0, 0}).succeeded());
    EXPECT_TRUE(is_aborted(bench.send({0x78, 0x0001, 0, 2047})));
    EXPECT_EQ(bench.send({0x78, 0x0000, 0, 0}).lba, 2047U);
    bench.drive.power_cycle();
    EXPECT_TRUE(bench.send({0x78, 0x0001, 0, 2047}).succeeded());
}

AtaTraits overlaid() {
    AtaTraits traits;
    traits.blocks = 2048;
    traits.dco_blocks = 2000;
    return traits;
}

TEST(Dco, HidesBeneathTheNativeMaximum) {
    AtaBench bench(overlaid());
    EXPECT_EQ(bench.blocks_shown(), 2000U);
    EXPECT_EQ(bench.send(read_native_max_ext).lba, 1999U);
    const Bytes page = bench.fetch({0xB1, 0xC2, 1, 0});
    ASSERT_TRUE(is_sealed(page));
    EXPECT_EQ(little(page, 6, 8), 2047U); // words 3 to 6
    EXPECT_EQ(bench.residue(), 2048U);
    EXPECT_TRUE(bench.send(dco_restore).succeeded());
    EXPECT_EQ(bench.blocks_shown(), 2048U);
    EXPECT_TRUE(bench.holds_secret(2047));
    bench.drive.power_cycle();
    EXPECT_EQ(bench.blocks_shown(), 2048U);
}

// COUNT: Hitachi 7K1000.B table 75.
TEST(Dco, SaysWhyItIsNotRestored) {
    AtaTraits traits = overlaid();
    traits.accessible_blocks = 1000;
    AtaBench bench(traits);
    const AtaRegisters protected_area = bench.send(dco_restore);
    EXPECT_TRUE(is_aborted(protected_area));
    EXPECT_EQ(protected_area.count, 0x06U);
    (void)bench.send(read_native_max_ext);
    (void)bench.send(set_max_ext(1999, true));
    EXPECT_TRUE(bench.send({0xB1, 0xC1, 0, 0}).succeeded());
    EXPECT_EQ(bench.send(dco_restore).count, 0x01U); // frozen
    EXPECT_TRUE(is_aborted(bench.send({0xB1, 0xC2, 1, 0})));
    bench.drive.hard_reset();
    EXPECT_EQ(bench.send(dco_restore).count, 0x01U);
    bench.drive.power_cycle();
    EXPECT_TRUE(bench.send(dco_restore).succeeded());
    EXPECT_EQ(bench.blocks_shown(), 2048U);
}

TEST(Dco, IsSetOnceAndFromAWholeBlock) {
    AtaBench bench;
    Bytes page = bench.fetch({0xB1, 0xC2, 1, 0});
    ASSERT_EQ(page.size(), 512U);
    put_little(page, 6, 8, 1499);
    EXPECT_EQ(bench.send({0xB1, 0xC3, 1, 0}, page).count, 0xFFU); // the sum is wrong
    seal(page);
    EXPECT_TRUE(bench.send({0xB1, 0xC3, 1, 0}, page).succeeded());
    EXPECT_EQ(bench.blocks_shown(), 1500U);
    EXPECT_EQ(bench.send({0xB1, 0xC3, 1, 0}, page).count, 0x03U); // modified already
    EXPECT_EQ(bench.residue(), 2048U);
}

TEST(HiddenArea, IsLeftByEraseUnitWhereOnlyDcoHidesIt) {
    AtaBench bench(overlaid());
    (void)bench.set_password("p");
    EXPECT_TRUE(bench.erase_unit("p").succeeded());
    EXPECT_EQ(bench.residue(), 48U);
    (void)bench.set_password("p");
    EXPECT_TRUE(bench.erase_unit("p", 2).succeeded());
    EXPECT_EQ(bench.residue(), 0U);
}

// Sizes at which registers overflow. Nothing is stored of what was only filled.
struct Edge {
    std::uint64_t blocks;
    std::uint64_t native_28; ///< what READ NATIVE MAX ADDRESS says: Hitachi HTC4260 clause 7.5.21
    std::uint64_t words_60;
};
class CapacityEdges : public testing::TestWithParam<Edge> {};

TEST_P(CapacityEdges, AreTold) {
    for (const std::uint32_t block : {512U, 4096U}) {
        AtaTraits traits;
        traits.blocks = GetParam().blocks;
        traits.logical_bytes = traits.physical_bytes = block;
        AtaBench bench(traits);
        EXPECT_EQ(bench.blocks_shown(), GetParam().blocks);
        EXPECT_EQ(bench.word(60) | bench.word(61) << 16U, GetParam().words_60);
        EXPECT_EQ(bench.send(read_native_max_ext).lba, GetParam().blocks - 1);
        EXPECT_EQ(bench.send({0xF8, 0, 0, 0}).lba, GetParam().native_28);
        EXPECT_EQ(bench.residue(), GetParam().blocks);
        EXPECT_TRUE(bench.holds_secret(GetParam().blocks - 1));
        (void)bench.send(block_erase);
        EXPECT_EQ(bench.sanitized().count, 0x8000U);
        EXPECT_EQ(bench.residue(), 0U);
        EXPECT_EQ(bench.read(GetParam().blocks - 1).data, Bytes(block, 0));
    }
}

constexpr std::uint64_t two_28 = std::uint64_t{1} << 28U;
constexpr std::uint64_t two_32 = std::uint64_t{1} << 32U;
constexpr std::uint64_t two_48 = std::uint64_t{1} << 48U;
INSTANTIATE_TEST_SUITE_P(Table, CapacityEdges,
                         testing::Values(Edge{two_28 - 1, 0x0FFFFFFE, 0x0FFFFFFF},
                                         Edge{two_28, 0x0FFFFFFE, 0x0FFFFFFF},
                                         Edge{two_28 + 1, 0x0FFFFFFE, 0x0FFFFFFF},
                                         Edge{two_32 - 1, 0x0FFFFFFE, 0x0FFFFFFF},
                                         Edge{two_32, 0x0FFFFFFE, 0x0FFFFFFF},
                                         Edge{two_32 + 1, 0x0FFFFFFE, 0x0FFFFFFF},
                                         Edge{two_48 - 1, 0x0FFFFFFE, 0x0FFFFFFF}));

} // namespace
} // namespace quietus::emulator
