// IDENTIFY DEVICE: words as ACS-4 lays them out, from drives honest and other.
#include "wire/ata_identify.hpp"

#include "support/wire_samples.hpp"

#include <gtest/gtest.h>

#include <initializer_list>
#include <utility>

namespace quietus {
namespace {

using ata::Integrity;
using ata::parse_identify;
using test::IdentifySample;

std::string text(const Bytes& bytes) {
    return std::string(as_text(bytes));
}

TEST(AtaIdentify, TellsWhatTheDriveIs) {
    const auto drive = parse_identify(IdentifySample().sealed());
    ASSERT_TRUE(drive);
    EXPECT_EQ(drive->integrity, Integrity::proven);
    EXPECT_TRUE(drive->complete);
    EXPECT_EQ(text(drive->serial), "        ZC14AB7K    ");
    EXPECT_EQ(text(drive->firmware), "TN05    ");
    EXPECT_EQ(text(drive->model), "ST4000NM0035-1V4107                     ");
    EXPECT_EQ(drive->wwn, 0x5000C500A1B2C3D4U);
    EXPECT_EQ(drive->sectors, 7814037168U);
    EXPECT_EQ(drive->logical_bytes, 512U);
    EXPECT_EQ(drive->physical_bytes, 4096U);
    EXPECT_EQ(drive->rotation_rpm, 7200U);
    EXPECT_EQ(drive->zoned, Zoned::none);
}

// The first words of a real drive, an ST380013AS; its serial is masked.
TEST(AtaIdentify, ReadsARealDrivesOctets) {
    Bytes data = from_hex("5a0cff3f37c81000000000003f000000"
                          "00000000585858585858585820202020"
                          "202020202020202000000040"
                          "04002e333831202020205453383330303331534120202020"
                          "20202020202020202020202020202020202020202020")
                     .value();
    data.resize(512);
    const auto drive = parse_identify(data);
    ASSERT_TRUE(drive);
    EXPECT_EQ(text(drive->serial).substr(0, 10), "XXXXXXXX  ");
    EXPECT_EQ(text(drive->firmware), "3.18    ");
    EXPECT_EQ(text(drive->model).substr(0, 12), "ST380013AS  ");
    EXPECT_EQ(drive->integrity, Integrity::absent);
}

TEST(AtaIdentify, IsProvenByItsSumAlone) {
    Bytes data = IdentifySample().sealed();
    data[30] ^= 1; // one bit of the serial
    const auto broken = parse_identify(data);
    ASSERT_FALSE(broken);
    EXPECT_EQ(broken.error().message, "its sum is wrong");
    EXPECT_EQ(parse_identify(IdentifySample().bare())->integrity, Integrity::absent);
}

TEST(AtaIdentify, IsPutRightWhenABridgeSwapsItsOctets) {
    const auto drive = parse_identify(test::with_octets_swapped(IdentifySample().sealed()));
    ASSERT_TRUE(drive);
    EXPECT_EQ(drive->integrity, Integrity::swapped);
    EXPECT_EQ(text(drive->model).substr(0, 19), "ST4000NM0035-1V4107");
    EXPECT_EQ(drive->sectors, 7814037168U);
}

TEST(AtaIdentify, IsNothingWhenItIsCutShortOrEmptyOrAPacketDevice) {
    Bytes data = IdentifySample().sealed();
    data.pop_back();
    EXPECT_FALSE(parse_identify(data));
    EXPECT_FALSE(parse_identify({}));
    EXPECT_FALSE(parse_identify(Bytes(512, 0x00)));
    EXPECT_FALSE(parse_identify(Bytes(512, 0xFF)));
    IdentifySample optical;
    optical.words[0] = 0x85C0;
    EXPECT_FALSE(parse_identify(optical.sealed()));
}

TEST(AtaIdentify, KnowsCompactFlashThoughItLooksLikeAPacketDevice) {
    IdentifySample card;
    card.words[0] = 0x848A;
    EXPECT_TRUE(parse_identify(card.sealed()));
}

TEST(AtaIdentify, SaysWhenTheDriveHasNotSpunUp) {
    IdentifySample drive;
    drive.words[0] |= 4;
    EXPECT_FALSE(parse_identify(drive.sealed())->complete);
}

TEST(AtaIdentify, TakesTheNumberOfSectorsFromWhereTheDriveSaysItIs) {
    IdentifySample old;
    old.words[83] = 0x4000; // no 48-bit feature set
    EXPECT_EQ(parse_identify(old.sealed())->sectors, 0x0FFFFFFFU);
    IdentifySample huge;
    huge.words[69] = 0x0008;
    huge.words[230] = 0x1111;
    huge.words[232] = 0x0002;
    EXPECT_EQ(parse_identify(huge.sealed())->sectors, 0x0000000200001111U);
    huge.words[53] = 0x0004; // word 69 is not valid
    EXPECT_EQ(parse_identify(huge.sealed())->sectors, 7814037168U);
    IdentifySample none;
    none.sectors(0);
    EXPECT_FALSE(parse_identify(none.sealed())->sectors);
}

TEST(AtaIdentify, ReadsBlockSizes) {
    IdentifySample native;
    native.words[106] = 0x5000; // marked; logical blocks longer than 256 words
    native.words[117] = 2048;
    EXPECT_EQ(parse_identify(native.sealed())->logical_bytes, 4096U);
    EXPECT_EQ(parse_identify(native.sealed())->physical_bytes, 4096U);
    IdentifySample unmarked = native;
    unmarked.words[106] = 0x1003;
    EXPECT_EQ(parse_identify(unmarked.sealed())->logical_bytes, 512U);
    IdentifySample hostile;
    hostile.words[106] = 0x700F;
    hostile.words[117] = 0xFFFF;
    hostile.words[118] = 0xFFFF;
    EXPECT_EQ(parse_identify(hostile.sealed())->logical_bytes, 512U);
    EXPECT_EQ(parse_identify(hostile.sealed())->physical_bytes, 512U << 15U);
}

TEST(AtaIdentify, BelievesRotationRatesThatTheStandardAllows) {
    const auto rotation = [](std::uint16_t rate) {
        IdentifySample drive;
        drive.words[217] = rate;
        return parse_identify(drive.sealed())->rotation_rpm;
    };
    EXPECT_EQ(rotation(1), 0U);
    EXPECT_EQ(rotation(5400), 5400U);
    EXPECT_EQ(rotation(0x0401), 0x0401U);
    EXPECT_FALSE(rotation(0));
    EXPECT_FALSE(rotation(2));
    EXPECT_FALSE(rotation(0x0400));
    EXPECT_FALSE(rotation(0xFFFF));
}

TEST(AtaIdentify, ReadsTheZonedModel) {
    const auto zoned = [](std::uint16_t word) {
        IdentifySample drive;
        drive.words[69] = word;
        return parse_identify(drive.sealed())->zoned;
    };
    EXPECT_EQ(zoned(0), Zoned::none);
    EXPECT_EQ(zoned(1), Zoned::host_aware);
    EXPECT_EQ(zoned(2), Zoned::none); // device-managed
    EXPECT_EQ(zoned(3), Zoned::unknown);
}

TEST(AtaIdentify, HasNoNameUnlessItSaysSo) {
    IdentifySample unnamed;
    unnamed.words[87] = 0x4000;
    EXPECT_FALSE(parse_identify(unnamed.sealed())->wwn);
    IdentifySample zero;
    zero.name(0);
    EXPECT_FALSE(parse_identify(zero.sealed())->wwn);
}

// SATA 3.2 clause 13.2: word 78 bit 9, for which word 76 bit 8 (NCQ) is a condition. ATA8-ACS
// clause 7.16: words 214 to 216. Microsoft's ata.h has SerialAtaFeaturesSupported.HybridInformation
// and NVCacheCapabilities, NVCacheSizeLSW and NVCacheSizeMSW at these places.
TEST(AtaIdentify, KnowsAFlashCacheByTheWordsThatTellOfIt) {
    const auto cache = [](std::initializer_list<std::pair<std::size_t, std::uint16_t>> words) {
        IdentifySample data;
        for (const auto& [number, value] : words)
            data.words.at(number) = value;
        return parse_identify(data.sealed())->flash_cache;
    };
    EXPECT_EQ(cache({}), "");
    EXPECT_EQ(cache({{76, 0x0100}, {78, 0x0200}}), "word 78: Hybrid Information");
    EXPECT_EQ(cache({{78, 0x0200}}), "") << "no NCQ, no such feature";
    EXPECT_EQ(cache({{76, 0xFFFF}, {78, 0xFFFF}}), "") << "no SATA at all";
    EXPECT_EQ(cache({{214, 0x1010}, {215, 0x0000}, {216, 0x0008}}),
              "words 214 to 216: an NV cache of 524288 blocks");
    EXPECT_EQ(cache({{214, 0x1000}, {216, 0x0008}}), "") << "not enabled";
    EXPECT_EQ(cache({{214, 0x1010}}), "") << "of no size";
}

} // namespace
} // namespace quietus
