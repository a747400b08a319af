// The pages of an emulated SATA drive, read by the product's own decoder and by hand.
#include "ata_bench.hpp"
#include "octet_fields.hpp"
#include "wire/ata_identify.hpp"

#include <numeric>

namespace quietus::emulator {
namespace {

std::string trimmed(const Bytes& text) {
    std::string all(text.begin(), text.end());
    all.erase(all.find_last_not_of(' ') + 1);
    return all;
}

TEST(IdentifyPage, IsWhatDetectionReads) {
    AtaTraits traits;
    traits.serial = "S3R1AL-42";
    traits.firmware = "FW1.0";
    traits.model = "A MODEL OF THIRTY-ONE LETTERS..";
    AtaBench bench(traits);
    const auto identify = ata::parse_identify(bench.identify());
    ASSERT_TRUE(identify);
    EXPECT_EQ(identify->integrity, ata::Integrity::proven);
    EXPECT_TRUE(identify->complete);
    EXPECT_EQ(trimmed(identify->serial), "S3R1AL-42");
    EXPECT_EQ(trimmed(identify->firmware), "FW1.0");
    EXPECT_EQ(trimmed(identify->model), "A MODEL OF THIRTY-ONE LETTERS..");
    EXPECT_EQ(identify->wwn, 0x5000C500A0B0C0D0U);
    EXPECT_EQ(identify->sectors, 2048U);
    EXPECT_EQ(identify->logical_bytes, 512U);
    EXPECT_EQ(identify->physical_bytes, 4096U);
    EXPECT_EQ(identify->rotation_rpm, 7200U);
    EXPECT_EQ(identify->zoned, Zoned::none);
    EXPECT_TRUE(identify->flash_cache.empty());
}

TEST(IdentifyPage, OfFlashWithLongBlocks) {
    AtaTraits traits;
    traits.rotates = false;
    traits.logical_bytes = traits.physical_bytes = 4096;
    traits.wwn = 0;
    AtaBench bench(traits);
    const auto identify = ata::parse_identify(bench.identify());
    ASSERT_TRUE(identify);
    EXPECT_EQ(identify->rotation_rpm, 0U);
    EXPECT_EQ(identify->logical_bytes, 4096U);
    EXPECT_EQ(identify->physical_bytes, 4096U);
    EXPECT_FALSE(identify->wwn);
}

TEST(IdentifyPage, OfADriveWithout48BitCommands) {
    AtaTraits traits;
    traits.extended = false;
    AtaBench bench(traits);
    const auto identify = ata::parse_identify(bench.identify());
    ASSERT_TRUE(identify);
    EXPECT_EQ(identify->sectors, 2048U);
    EXPECT_EQ(bench.blocks_shown(), 0U);
}

// Words 83, 84, 87 and 119 are void unless bits 15:14 are 01b (ACS-4 clause 7.13).
TEST(IdentifyPage, MarksTheWordsThatWantIt) {
    AtaBench bench;
    for (const unsigned number : {50U, 83U, 84U, 87U, 106U, 119U, 120U})
        EXPECT_EQ(bench.word(number) >> 14U, 1U) << number;
    EXPECT_EQ(bench.word(82) & 0x4409U, 0x4409U); // NOP, HPA, power management, SMART
    EXPECT_EQ(bench.word(83) & 0x3C00U, 0x3C00U); // FLUSH CACHE (EXT), DCO, 48 bits
}

// Quadword 0: bit 63, the page's number in 23:16, revision 1 in 15:0 (ACS-4 clause 9.11).
TEST(IdentifyLog, HasItsPages) {
    AtaBench bench;
    EXPECT_EQ(little(bench.fetch({0x2F, 0, 1, 0x00}), 0x60, 2), 7U); // directory: of log 30h
    const Bytes list = bench.fetch({0x2F, 0, 1, 0x30});
    EXPECT_EQ(list[8], 5U);
    EXPECT_EQ(to_hex(ByteView(list).subspan(9, 5)), "0001020306");
    EXPECT_EQ(bench.fetch({0x2F, 0, 1, 0x0130}), bench.identify());
    for (const unsigned page : {0x00U, 0x02U, 0x03U, 0x06U})
        EXPECT_EQ(little(bench.fetch({0x2F, 0, 1, page << 8U | 0x30U}), 0, 8),
                  std::uint64_t{1} << 63U | page << 16U | 1U);
    EXPECT_TRUE(is_aborted(bench.send({0x2F, 0, 1, 0x0430})));
}

// openSeaChest reads bit 51 of quadword 8 as the definitive ending pattern.
TEST(IdentifyLog, TellsOfTheDefinitiveEndingPattern) {
    AtaTraits traits;
    AtaBench with(traits);
    EXPECT_EQ(little(with.fetch({0x2F, 0, 1, 0x0330}), 8, 8) >> 51U & 1U, 1U);
    traits.sanitize.definitive_ending_pattern = false;
    AtaBench without(traits);
    EXPECT_EQ(little(without.fetch({0x2F, 0, 1, 0x0330}), 8, 8) >> 51U & 1U, 0U);
}

// The same, of quadword 48 of page 06h: bit 63 valid, bit 0 all is enciphered, bit 7 not claimed.
TEST(IdentifyLog, TellsOfSecurity) {
    AtaBench bench;
    (void)bench.set_password("p");
    const Bytes page = bench.fetch({0x2F, 0, 1, 0x0630});
    EXPECT_EQ(little(page, 48, 8), std::uint64_t{1} << 63U | 1U);
    EXPECT_EQ(little(page, 16, 2), bench.word(128));
}

// smartmontools: 12 octets an attribute from octet 2 on, id first, raw value at its octet 5.
TEST(SmartData, CountsRetiredBlocksAndHours) {
    AtaTraits traits;
    traits.retired_blocks = 7;
    traits.pending_blocks = 2;
    traits.power_on_hours = 100;
    AtaBench bench(traits);
    bench.clock.advance(std::chrono::hours(5));
    const Bytes page = bench.fetch({0xB0, 0xD0, 1, 0xC24F00});
    ASSERT_EQ(page.size(), 512U);
    EXPECT_EQ(std::accumulate(page.begin(), page.end(), 0U) & 0xFFU, 0U);
    const auto raw = [&](unsigned id) -> std::uint64_t {
        for (std::size_t at = 2; at < 2 + 30 * 12; at += 12)
            if (page[at] == id) return little(page, at + 5, 6);
        return ~std::uint64_t{0};
    };
    EXPECT_EQ(raw(5), 7U);
    EXPECT_EQ(raw(9), 105U);
    EXPECT_EQ(raw(197), 2U);
    EXPECT_EQ(bench.send({0xB0, 0xDA, 0, 0xC24F00}).lba, 0xC24F00U);
}

} // namespace
} // namespace quietus::emulator
