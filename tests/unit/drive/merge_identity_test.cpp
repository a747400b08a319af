// The drive's words over the kernel's.
#include "merge_identity.hpp"

#include <gmock/gmock.h>

namespace quietus {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> differences(const Drive& drive) {
    std::vector<std::string> lines;
    for (const Disagreement& each : drive.disagreements)
        lines.push_back(each.field + ": " + each.drive + " / " + each.kernel);
    return lines;
}

// As libata hands it on: 16 octets of model, 4 of firmware.
Drive by_kernel() {
    Drive drive;
    drive.kind = DriveKind::ata;
    drive.model = "WDC WD40EFRX-68N";
    drive.serial = "WD-1";
    drive.firmware = "0A82";
    drive.wwn = "naa.50014ee2b5d3a0f1";
    drive.identity_source = IdentitySource::drive;
    drive.size_bytes = 4096;
    drive.physical_block_bytes = 4096;
    drive.rotation_rpm = 1;
    drive.zoned = Zoned::none;
    return drive;
}

DriveIdentity by_drive() {
    DriveIdentity told;
    told.source = IdentitySource::drive;
    told.model = "WDC WD40EFRX-68N32N0";
    told.serial_raw_hex = "2057442d3120"; // " WD-1 "
    told.firmware = "82.00A82";
    told.wwn = "naa.50014ee2b5d3a0f1";
    told.size_bytes = 4096;
    told.logical_block_bytes = 512;
    told.physical_block_bytes = 4096;
    told.rotation_rpm = 5400;
    told.zoned = Zoned::none;
    return told;
}

TEST(MergeIdentity, TakesWhatTheKernelShortensForNoDifference) {
    Drive drive = by_kernel();
    merge_identity(by_drive(), drive);
    EXPECT_THAT(differences(drive), IsEmpty());
    EXPECT_EQ(drive.model, "WDC WD40EFRX-68N32N0");
    EXPECT_EQ(drive.firmware, "82.00A82");
    EXPECT_EQ(drive.serial, "WD-1");
    EXPECT_EQ(drive.serial_raw_hex, "2057442d3120");
    EXPECT_EQ(drive.rotation_rpm, 5400u);
    EXPECT_THAT(guards_of_size(by_drive(), drive), IsEmpty());
}

TEST(MergeIdentity, KeepsBothSidesOfEveryDifference) {
    Drive drive = by_kernel();
    DriveIdentity told = by_drive();
    told.model = "ST1000";
    told.serial_raw_hex = "4443"; // "DC"
    told.firmware = "ZZ99";
    told.wwn = "naa.5000c500a1b2c3d4";
    told.logical_block_bytes = 4096;
    told.physical_block_bytes = 8192;
    told.rotation_rpm = 0;
    told.zoned = Zoned::host_managed;
    merge_identity(told, drive);
    EXPECT_THAT(differences(drive),
                ElementsAre("model: ST1000 / WDC WD40EFRX-68N", "firmware: ZZ99 / 0A82",
                            "serial: DC / WD-1", "wwn: naa.5000c500a1b2c3d4 / naa.50014ee2b5d3a0f1",
                            "logical_block_bytes: 4096 / 512", "physical_block_bytes: 8192 / 4096",
                            "rotation_rpm: 0 / rotating", "zoned: host-managed / none"));
    EXPECT_EQ(drive.logical_block_bytes, 512u) << "it is the kernel that will write";
}

TEST(MergeIdentity, KnowsAWorldWideNameInTwoSpellings) {
    Drive drive = by_kernel();
    drive.kind = DriveKind::nvme;
    drive.wwn = "eui.36344730527001230025384500000001";
    DriveIdentity told = by_drive();
    told.wwn = "nguid.36344730527001230025384500000001";
    merge_identity(told, drive);
    EXPECT_THAT(differences(drive), IsEmpty());
}

TEST(MergeIdentity, RefusesASizeThatTheDriveDoesNotHave) {
    Drive drive = by_kernel();
    DriveIdentity told = by_drive();
    told.size_bytes = 2048;
    merge_identity(told, drive);
    EXPECT_EQ(guards_of_size(told, drive).front().interlock, Interlock::unknown_holder);
    EXPECT_EQ(drive.native_size_bytes, std::nullopt);
}

TEST(MergeIdentity, NamesBlocksThatTheKernelCannotReach) {
    Drive drive = by_kernel();
    DriveIdentity told = by_drive();
    told.size_bytes = 8192;
    merge_identity(told, drive);
    EXPECT_EQ(guards_of_size(told, drive).front().interlock, Interlock::hidden_area_unchecked);
    EXPECT_EQ(drive.native_size_bytes, 8192u);
    EXPECT_EQ(drive.size_bytes, 4096u);
}

TEST(MergeIdentity, TrustsNoPlaceholder) {
    Drive drive = by_kernel();
    DriveIdentity told = by_drive();
    told.serial_raw_hex = "303030303030"; // "000000"
    merge_identity(told, drive);
    EXPECT_EQ(drive.identity_source, IdentitySource::none);
    EXPECT_EQ(drive.serial, "000000") << "shown all the same";
}

TEST(MergeIdentity, LeavesTheKernelsWordsWhereTheDriveSaysNothing) {
    Drive drive = by_kernel();
    merge_identity({}, drive);
    EXPECT_THAT(differences(drive), IsEmpty());
    EXPECT_EQ(drive.model, "WDC WD40EFRX-68N");
    EXPECT_EQ(drive.identity_source, IdentitySource::drive);
    EXPECT_EQ(drive.rotation_rpm, std::nullopt) << "that it rotates is no number of turns";
}

} // namespace
} // namespace quietus
