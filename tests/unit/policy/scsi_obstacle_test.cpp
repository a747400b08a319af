// What a SCSI drive says of itself that stands in the way of erasing it by its own firmware, with
// the remedy.
#include "quietus/policy/scsi_obstacle.hpp"

#include "quietus/policy/offers.hpp"

#include <gmock/gmock.h>

namespace quietus {
namespace {

using testing::HasSubstr;

constexpr auto overwrite = Technique::scsi_sanitize_overwrite;
constexpr auto block = Technique::scsi_sanitize_block_erase;
constexpr auto crypto = Technique::scsi_sanitize_crypto_erase;
constexpr auto format = Technique::scsi_format_unit;

struct Told {
    ScsiErasure erasure;
    ScsiUnitFacts unit;

    Told() {
        erasure.overwrite = erasure.block_erase = erasure.crypto_erase = ScsiOffer::yes;
        erasure.format = ScsiOffer::yes;
        erasure.condition = ScsiCondition::idle;
        unit.blocks = 1000;
        unit.block_bytes = 512;
        unit.units = 1;
    }
    [[nodiscard]] std::string obstacle(Technique technique = overwrite) const {
        return scsi_obstacle(erasure, unit, within_reach, technique).value_or("");
    }
    std::uint32_t within_reach = 1;
};

TEST(ScsiObstacle, IsNoneOfADriveThatOffersIt) {
    for (const auto technique : {overwrite, block, crypto, format})
        EXPECT_EQ(Told().obstacle(technique), "");
}

TEST(ScsiObstacle, IsACommandThatTheDriveDoesNotHave) {
    Told told;
    told.erasure.block_erase = ScsiOffer::no;
    EXPECT_EQ(told.obstacle(block), "the drive does not have this operation");
    EXPECT_EQ(told.obstacle(overwrite), "");
    EXPECT_EQ(told.obstacle(Technique::ata_sanitize_overwrite),
              "the drive does not have this operation");
    told.erasure.block_erase = ScsiOffer::unknown; // only trying shows it
    EXPECT_EQ(told.obstacle(block), "");
}

// 520 and 528 octets: refused, with the remedy; also of a drive of which the host tells no size.
TEST(ScsiObstacle, IsBlocksThatNoHostCanRead) {
    for (const std::uint32_t octets : {520U, 528U, 4160U}) {
        Told told;
        told.unit.block_bytes = octets;
        EXPECT_THAT(told.obstacle(), HasSubstr("blocks of " + std::to_string(octets) + " octets"));
        EXPECT_THAT(told.obstacle(), HasSubstr("--size=512"));
        Drive drive;
        drive.kind = DriveKind::scsi;
        drive.medium = Medium::magnetic;
        drive.scsi_erasure = told.erasure;
        drive.scsi_unit = told.unit;
        EXPECT_THAT(offer_of(drive, overwrite).reason, HasSubstr("--size=512"));
    }
    for (const std::uint32_t octets : {512U, 1024U, 2048U, 4096U}) {
        Told told;
        told.unit.block_bytes = octets;
        EXPECT_EQ(told.obstacle(), "");
    }
    Told silent;
    silent.unit.block_bytes = 0;
    EXPECT_EQ(silent.obstacle(), "it does not tell how it is formatted");
}

TEST(ScsiObstacle, IsAReservationOfAnotherHost) {
    Told told;
    told.unit.reserved_by = "000000000000abcd";
    EXPECT_THAT(told.obstacle(), HasSubstr("the key 000000000000abcd: it has to release it"));
}

TEST(ScsiObstacle, IsAnotherLogicalUnitOfTheDrive) {
    Told told;
    told.unit.units = 2;
    EXPECT_THAT(told.obstacle(),
                HasSubstr("2 logical units, which are one drive, and 1 of them is within reach"));
    told.within_reach = 2;
    EXPECT_EQ(told.obstacle(), "");
    told.unit.units = 3;
    EXPECT_THAT(told.obstacle(), HasSubstr("3 logical units, which are one drive, and 2 of them"));
    told.within_reach = 1;
    told.unit.units = 0; // it does not tell
    EXPECT_EQ(told.obstacle(), "");
}

TEST(ScsiObstacle, IsWriteProtection) {
    Told told;
    told.unit.write_protected = true;
    EXPECT_THAT(told.obstacle(), HasSubstr("write-protected"));
}

// Protection information is kept, and in the way of nothing.
TEST(ScsiObstacle, IsNoProtectionInformation) {
    for (const std::uint32_t type : {1U, 2U, 3U}) {
        Told told;
        told.unit.protection = type;
        EXPECT_EQ(told.obstacle(), "");
    }
}

TEST(ScsiObstacle, IsWhatTheDriveIsBusyWithOrHasFailedIn) {
    Told told;
    told.erasure.overwrite = ScsiOffer::no; // what it is busy with comes first
    const auto in = [&](ScsiCondition condition) {
        told.erasure.condition = condition;
        return told.obstacle();
    };
    EXPECT_THAT(in(ScsiCondition::sanitizing), HasSubstr("sanitizing: wait"));
    EXPECT_THAT(in(ScsiCondition::formatting), HasSubstr("formatted: wait"));
    EXPECT_THAT(in(ScsiCondition::not_ready), HasSubstr("not ready"));
    EXPECT_THAT(in(ScsiCondition::sanitize_failed), HasSubstr("quietus recover"));
    EXPECT_THAT(in(ScsiCondition::format_failed), HasSubstr("quietus recover"));
    for (const auto condition : {ScsiCondition::idle, ScsiCondition::attention})
        EXPECT_EQ(in(condition), "the drive does not have this operation");
}

} // namespace
} // namespace quietus
