// Names by which RAID volumes, arrays and virtual disks are known, and drives that must not be
// taken for them.
#include "wire/backing.hpp"

#include <gtest/gtest.h>

namespace quietus::wire {
namespace {

TEST(Backing, OfControllersVolumesIsRaid) {
    for (const auto& [vendor, product] : {std::pair{"DELL", "PERC H730 Mini"},
                                          {"HP", "LOGICAL VOLUME"},
                                          {"LSI", "MR9260-8i"},
                                          {"AMCC", "9650SE-4LP DISK"},
                                          {"IBM", "IPR-10 0"}})
        EXPECT_EQ(backing_by_inquiry(vendor, product).backing, Backing::raid_volume) << product;
    EXPECT_EQ(backing_by_ata_model("JMicron H/W RAID5").backing, Backing::raid_volume);
    EXPECT_EQ(backing_by_ata_model("DELLBOSS VD").backing, Backing::raid_volume);
}

TEST(Backing, OfArraysUnitsIsAnArray) {
    for (const auto& [vendor, product] : {std::pair{"DGC", "VRAID"},
                                          {"NETAPP", "LUN C-Mode"},
                                          {"IBM", "2145"},
                                          {"DELL", "MD36xxi"},
                                          {"PURE", "FlashArray"},
                                          {"HITACHI", "OPEN-V"}})
        EXPECT_EQ(backing_by_inquiry(vendor, product).backing, Backing::array_lun) << product;
    EXPECT_EQ(backing_by_nvme(0x1D9B, "Pure Storage FlashArray").backing, Backing::array_lun);
}

TEST(Backing, OfHypervisorsDisksIsVirtual) {
    for (const auto& [vendor, product] : {std::pair{"QEMU", "QEMU HARDDISK"},
                                          {"VMware", "Virtual disk"},
                                          {"VMware,", "VMware Virtual S"},
                                          {"Msft", "Virtual Disk"},
                                          {"Google", "PersistentDisk"},
                                          {"LIO-ORG", "disk0"},
                                          {"IET", "VIRTUAL-DISK"},
                                          {"Linux", "scsi_debug"}})
        EXPECT_EQ(backing_by_inquiry(vendor, product).backing, Backing::virtual_disk) << product;
    EXPECT_EQ(backing_by_ata_model("VBOX HARDDISK").backing, Backing::virtual_disk);
    EXPECT_EQ(backing_by_ata_model("QEMU HARDDISK").backing, Backing::virtual_disk);
    EXPECT_EQ(backing_by_nvme(0x1D0F, "Amazon Elastic Block Store").backing, Backing::virtual_disk);
    EXPECT_EQ(backing_by_nvme(0x80EE, "anything").backing, Backing::virtual_disk);
}

TEST(Backing, SaysWhoSaidSo) {
    EXPECT_EQ(backing_by_inquiry("DELL", "PERC H730 Mini").evidence,
              "INQUIRY: DELL PERC H730 Mini");
}

// Vendors that sell both drives and arrays.
TEST(Backing, OfDrivesIsLeftOpen) {
    for (const auto& [vendor, product] : {std::pair{"SEAGATE", "ST4000NM0023"},
                                          {"HITACHI", "HUS723030ALS640"},
                                          {"HP", "EG0600FBDSR"},
                                          {"IBM-ESXS", "ST300MM0006"},
                                          {"DELL", "MM2000"},
                                          {"FUJITSU", "MBA3147RC"},
                                          {"ATA", "ST4000NM0035-1V4"},
                                          {"IBM", "IC35L036UCD210-0"},
                                          {"NETAPP", "X422_HCOBE600A10"},
                                          {"", ""}})
        EXPECT_EQ(backing_by_inquiry(vendor, product).backing, Backing::unknown) << product;
    EXPECT_EQ(backing_by_ata_model("ST4000NM0035-1V4107").backing, Backing::unknown);
    EXPECT_EQ(backing_by_nvme(0x144D, "Samsung SSD 970 EVO").backing, Backing::unknown);
}

} // namespace
} // namespace quietus::wire
