// What a SAS drive tells of erasing itself, in words.
#include "scsi_text.hpp"

#include <gmock/gmock.h>

namespace quietus::cli {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

Drive told() {
    Drive drive;
    ScsiErasure& erasure = drive.scsi_erasure.emplace();
    erasure.crypto_erase = erasure.format = ScsiOffer::yes;
    erasure.block_erase = ScsiOffer::no;
    erasure.condition = ScsiCondition::sanitizing;
    erasure.progress = 32768;
    erasure.learned_by = "REPORT SUPPORTED OPERATION CODES";
    ScsiUnitFacts& unit = drive.scsi_unit.emplace();
    unit.units = 1;
    unit.ports = 2;
    unit.protection = 2;
    unit.registered_hosts = 3;
    unit.reserved_by = "000000000000abcd";
    return drive;
}

TEST(ScsiText, NamesOperationsStateAndWhoElseUsesTheDrive) {
    const TextRows rows = own_erasure_rows(told());
    EXPECT_THAT(rows, Contains(ElementsAre("operations", "cryptographic erase, format unit")));
    EXPECT_THAT(rows, Contains(ElementsAre("not told of", "overwrite")));
    EXPECT_THAT(rows, Contains(ElementsAre("state", "sanitizing, 50 %")));
    EXPECT_THAT(rows, Contains(ElementsAre("ports", HasSubstr("2: another host"))));
    EXPECT_THAT(rows, Contains(ElementsAre("registered hosts", "3")));
    EXPECT_THAT(rows, Contains(ElementsAre("reserved by", "000000000000abcd")));
    EXPECT_THAT(rows, Contains(ElementsAre("protection information", "type 2, which is kept")));
}

TEST(ScsiText, SaysWhatCannotBeTakenBack) {
    Plan plan;
    plan.technique = Technique::scsi_sanitize_overwrite;
    plan.firmware = FirmwareOptions{.pattern = 0x0A0B0C0D, .passes = 31, .invert_between = true};
    EXPECT_THAT(
        firmware_rows(plan),
        Contains(ElementsAre("overwrites", "31 passes of 0a0b0c0d, inverted between passes")));
    plan.technique = Technique::scsi_format_unit;
    EXPECT_THAT(firmware_rows(plan),
                ElementsAre(ElementsAre("once begun", HasSubstr("has to be formatted again"))));
}

} // namespace
} // namespace quietus::cli
