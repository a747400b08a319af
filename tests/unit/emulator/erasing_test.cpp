// What operations leave on the medium, pass for pass, while they go on and when they are over.
#include "ask_drive.hpp"
#include "ata_bench.hpp"

#include "quietus/emulator/sat_face.hpp"

namespace quietus::emulator {
namespace {

constexpr std::uint32_t pattern = 0x12345678;
const Bytes as_given{0x78, 0x56, 0x34, 0x12};
const Bytes inverted{0x87, 0xA9, 0xCB, 0xED};

Bytes block_of(const Bytes& four) {
    Bytes block;
    for (int i = 0; i < 128; ++i)
        block.insert(block.end(), four.begin(), four.end());
    return block;
}

// OVERWRITE EXT, COUNT: 3:0 passes (0 is 16), bit 6 definitive ending pattern, bit 7 invert between
// passes (WD HC580 table 190; ACS-3 for what they mean).
struct Row {
    const char* name;
    std::uint16_t count;
    unsigned passes;
    bool ends_inverted;
};

class Overwrites : public AtaBench, public testing::TestWithParam<Row> {};

TEST_P(Overwrites, TakeTheirPassesAndEndAsTheyShould) {
    const Row& row = GetParam();
    (void)send(overwrite(row.count, pattern));
    const auto pass = drive.traits().sanitize.pass_takes;
    clock.advance(pass * row.passes - std::chrono::seconds(1));
    EXPECT_EQ(send(sanitize_status).count, 0x4000U);
    clock.advance(std::chrono::seconds(1));
    EXPECT_EQ(send(sanitize_status).count, 0x8000U);
    EXPECT_EQ(residue(), 0U);
    const Bytes expected = block_of(row.ends_inverted ? inverted : as_given);
    for (const std::uint64_t at : {0U, 1U, 777U, 2047U})
        EXPECT_EQ(read(at).data, expected) << at;
}

INSTANTIATE_TEST_SUITE_P(
    Table, Overwrites,
    testing::Values(Row{"1", 0x01, 1, false}, Row{"2", 0x02, 2, false}, Row{"15", 0x0F, 15, false},
                    Row{"16", 0x00, 16, false},
                    // Inverted between passes: every other one.
                    Row{"1 inverted", 0x81, 1, false}, Row{"2 inverted", 0x82, 2, true},
                    Row{"3 inverted", 0x83, 3, false}, Row{"15 inverted", 0x8F, 15, false},
                    Row{"16 inverted", 0x80, 16, true},
                    // The last one is as given, whatever the parity.
                    Row{"2 definitive", 0xC2, 2, false}, Row{"3 definitive", 0xC3, 3, false},
                    Row{"16 definitive", 0xC0, 16, false},
                    Row{"definitive alone", 0x42, 2, false}));

TEST(DefinitiveEndingPattern, IsIgnoredByADriveThatDoesNotKnowIt) {
    AtaTraits traits;
    traits.sanitize.definitive_ending_pattern = false;
    AtaBench bench(traits);
    (void)bench.send(overwrite(0xC2, pattern));
    EXPECT_EQ(bench.sanitized().count, 0x8000U);
    EXPECT_EQ(bench.read(0).data, block_of(inverted));
}

// From the first block to the last, what has no address at the end.
TEST(Operations, GetOnWithTheirWork) {
    AtaTraits traits;
    traits.retired_blocks = 4;
    AtaBench bench(traits);
    const std::uint64_t all = bench.residue();
    EXPECT_EQ(all, 2052U);
    (void)bench.send(overwrite(2, pattern));
    EXPECT_EQ(bench.residue(), all);
    bench.clock.advance(std::chrono::seconds(300));
    EXPECT_EQ(bench.residue(), 1024U + 4U); // half of the first pass
    bench.clock.advance(std::chrono::seconds(300));
    EXPECT_EQ(bench.residue(), 4U);
    bench.clock.advance(std::chrono::seconds(600));
    EXPECT_EQ(bench.residue(), 0U);
}

TEST(CryptoScramble, LeavesNoise) {
    AtaBench bench;
    (void)bench.send(crypto_scramble);
    EXPECT_EQ(bench.residue(), 2048U); // not before it is over
    EXPECT_EQ(bench.sanitized().count, 0x8000U);
    EXPECT_EQ(bench.residue(), 0U);
    const Bytes first = bench.read(0).data;
    EXPECT_NE(first, bench.read(1).data);
    EXPECT_EQ(first, bench.read(0).data);
    EXPECT_EQ(bench.write(0, "new"), 0);
    EXPECT_EQ(as_text(bench.read(0).data).substr(0, 6), "newnew");
}

TEST(CryptoScramble, IsNothingForADriveWithoutAKey) {
    AtaTraits traits;
    traits.encrypts = false;
    AtaBench bench(traits);
    EXPECT_EQ(bench.send(crypto_scramble).lba, 2U);
    EXPECT_EQ(bench.word(69) & 0x10U, 0U);
}

// Flash leaves copies of what was overwritten; its own erase finds them, writing over it does not.
TEST(Flash, IsErasedByItselfAlone) {
    AtaTraits traits;
    traits.rotates = false;
    traits.stale_copies = 100;
    AtaBench bench(traits);
    for (std::uint64_t at = 0; at < 2048; ++at)
        ASSERT_EQ(bench.write(at, "x"), 0);
    EXPECT_EQ(bench.residue(), 100U);
    (void)bench.send(block_erase);
    (void)bench.sanitized();
    EXPECT_EQ(bench.residue(), 0U);
}

TEST(VolatileCache, IsForgottenByPowerAndBySanitize) {
    AtaTraits traits;
    traits.cached_writes = 8;
    AtaBench bench(traits);
    EXPECT_EQ(bench.write(0, "cached"), 0);
    EXPECT_EQ(as_text(bench.read(0).data).substr(0, 6), "cached");
    bench.drive.power_cycle();
    EXPECT_TRUE(bench.holds_secret(0));
    EXPECT_EQ(bench.write(0, "cached"), 0);
    EXPECT_TRUE(bench.send({0xEA, 0, 0, 0}).succeeded());
    bench.drive.power_cycle();
    EXPECT_FALSE(bench.holds_secret(0));
    EXPECT_EQ(bench.write(1, secret + "0"), 0);
    (void)bench.send(block_erase);
    (void)bench.sanitized();
    EXPECT_EQ(bench.read(1).data, Bytes(512, 0));
    EXPECT_EQ(bench.residue(), 0U);
}

// The drive as the product's own detection sees it, through the translator.
TEST(Detection, KnowsAnEmulatedDrive) {
    AtaTraits traits;
    traits.serial = "SER-1";
    traits.accessible_blocks = 2000;
    AtaBench bench(traits);
    SatFace face(bench.drive);
    const DriveIdentity found = identify_by_commands(DriveKind::ata, {&face, nullptr, nullptr});
    EXPECT_EQ(found.source, IdentitySource::drive);
    EXPECT_EQ(found.model, "EMULATED SATA DRIVE");
    EXPECT_EQ(found.firmware, "EM01");
    EXPECT_EQ(found.wwn, "naa.5000c500a0b0c0d0");
    EXPECT_EQ(found.size_bytes, 2000U * 512);
    EXPECT_EQ(found.logical_block_bytes, 512U);
    EXPECT_EQ(found.physical_block_bytes, 4096U);
    EXPECT_EQ(found.rotation_rpm, 7200U);
    EXPECT_TRUE(found.findings.empty()) << found.findings.front();
}

} // namespace
} // namespace quietus::emulator
