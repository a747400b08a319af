// What is listed of machines as a disposal bench meets them: every drive, and of each its kind,
// medium, storage, identity, place, parts and interlocks, worked out by hand.
#include "machines/machines.hpp"

#include "quietus/core/bytes.hpp"

#include <gmock/gmock.h>

#include <ctime>

namespace quietus {
namespace {

std::string or_none(const std::string& text) {
    return text.empty() ? "-" : text;
}

// One line a drive, then one for each thing that not every drive has.
std::string described(const Drive& drive) {
    std::string text = drive.node + ": " + std::string(to_text(drive.kind)) + " " +
                       std::string(to_text(drive.medium)) + " " +
                       std::string(to_text(drive.backing)) + ", " + or_none(drive.serial) + " by " +
                       std::string(to_text(drive.identity_source)) + ", at " + or_none(drive.port) +
                       "\n";
    if (!drive.fabric.empty()) text += "  over " + drive.fabric + "\n";
    if (!drive.bridge.empty()) text += "  bridge " + drive.bridge + "\n";
    for (const Part& part : drive.parts)
        text += "  " + std::string(to_text(part.kind)) + " " + or_none(part.node) + " " +
                std::to_string(part.size_bytes) +
                (part.title.empty() ? "" : " (" + part.title + ")") + "\n";
    for (const Disagreement& each : drive.disagreements)
        text += "  " + each.field + ": drive " + each.drive + ", kernel " + each.kernel + "\n";
    std::string last;
    for (const Guard& guard : drive.guards)
        if (const std::string name(to_text(guard.interlock)); std::exchange(last, name) != name)
            text += "  ! " + name + "\n";
    return text;
}

std::string listed(void (*build)(RecordedMachine&), bool all = false) {
    RecordedMachine machine;
    build(machine);
    std::string text;
    for (const Drive& drive : machine.detect({"", all}))
        text += described(drive);
    return text;
}

TEST(RecordedMachines, SataBehindAhci) {
    EXPECT_EQ(listed(machines::sata_behind_ahci), R"(
/dev/sda: ata magnetic physical, WD-WCC7K0123456 by drive, at 0000:00:17.0 ata1
  partition /dev/sda1 536870912
  ! system
  ! mounted
/dev/sdb: ata flash physical, S3Z9NB0K123456A by drive, at 0000:00:17.0 ata2
)" + 1);
}

TEST(RecordedMachines, HybridAndZonedDrivesAreNamedAsSuch) {
    EXPECT_EQ(listed(machines::hybrid_and_zoned), R"(
/dev/sda: ata hybrid physical, W380ABCD by drive, at 0000:00:17.0 ata1
/dev/sdb: ata magnetic physical, QBG1ABCD by drive, at 0000:00:17.0 ata2
)" + 1);
    RecordedMachine machine;
    machines::hybrid_and_zoned(machine);
    EXPECT_EQ(machine.drive("/dev/sda").medium_evidence,
              "the drive says 5400 rpm and a flash cache (IDENTIFY DEVICE word 78: Hybrid "
              "Information)");
    EXPECT_EQ(machine.drive("/dev/sdb").zoned, Zoned::host_managed);
}

TEST(RecordedMachines, AtaDrivesTellWhatTheyHideAndHowTheyFare) {
    RecordedMachine machine;
    machines::ata_drives_that_tell(machine);
    const Drive hiding = machine.drive("/dev/sda");
    EXPECT_EQ(hiding.size_bytes, 2000000U * 512);
    EXPECT_EQ(hiding.native_size_bytes, 2000001U * 512);
    ASSERT_TRUE(hiding.hidden_areas && hiding.health && hiding.ata_erasure);
    EXPECT_EQ(hiding.hidden_areas->protected_area, 2000001U);
    EXPECT_EQ(hiding.health->reallocated, 3U);
    EXPECT_EQ(hiding.health->power_on_hours, 40000U);
    EXPECT_FALSE(hiding.ata_erasure->security || hiding.ata_erasure->block_erase);
    EXPECT_THAT(hiding.guards, testing::IsEmpty());

    const Drive frozen = machine.drive("/dev/sdb");
    EXPECT_EQ(frozen.native_size_bytes, frozen.size_bytes);
    ASSERT_TRUE(frozen.ata_erasure);
    EXPECT_TRUE(frozen.ata_erasure->block_erase && frozen.ata_erasure->enhanced);
    EXPECT_FALSE(frozen.ata_erasure->crypto_scramble || frozen.ata_erasure->overwrite);
    EXPECT_EQ(frozen.ata_erasure->sanitize, SanitizeState::frozen);
    EXPECT_EQ(frozen.ata_erasure->security_word, 0x0029U);
    EXPECT_EQ(frozen.ata_erasure->normal_minutes, 2U);
    EXPECT_EQ(frozen.ata_erasure->enhanced_minutes, 8U);
    EXPECT_EQ(frozen.health->text, "the drive keeps no SMART data");

    const Drive silent = machine.drive("/dev/sdc");
    EXPECT_FALSE(silent.native_size_bytes);
    EXPECT_THAT(silent.hidden_areas->unreadable,
                testing::ElementsAre("DEVICE CONFIGURATION IDENTIFY: the drive aborted it"));
    EXPECT_THAT(silent.guards, testing::IsEmpty()); // its verdict can only be indeterminate
}

// Libata reads fail while a drive sanitizes: who would take up its job must not be refused by that.
TEST(RecordedMachines, ADriveThatErasesItselfKeepsItsBlocksFromEverybody) {
    RecordedMachine machine;
    machines::ata_drives_that_tell(machine);
    std::string& sanitizing = machine.answers.ata_replies["/dev/sdb"];
    const std::string frozen = "00 20 00 00 ff"; // COUNT bit 13; in progress is bit 14
    ASSERT_NE(sanitizing.find(frozen), std::string::npos);
    sanitizing.replace(sanitizing.find(frozen), frozen.size(), "00 40 00 00 ff");
    machine.answers.unread = {"/dev/sda", "/dev/sdb"};
    const Drive busy = machine.drive("/dev/sdb");
    ASSERT_EQ(busy.ata_erasure->sanitize, SanitizeState::in_progress);
    EXPECT_THAT(busy.guards, testing::IsEmpty());
    EXPECT_THAT(busy.findings,
                testing::Contains("what it holds cannot be read: Input/output error: it is "
                                  "erasing itself"));
    EXPECT_THAT(
        guard_lines(machine.drive("/dev/sda")),
        testing::ElementsAre("unknown-holder: what it holds cannot be read: Input/output error"));
}

// The drive is known as well as before; what it hides is not, and nothing more is asked.
TEST(RecordedMachines, ABridgeThatChokesLosesNothingButWhatItWasAskedFor) {
    RecordedMachine machine;
    machines::usb_bridge_that_chokes(machine);
    const Drive drive = machine.drive("/dev/sdi");
    EXPECT_EQ(drive.serial, "WDE1CHOK");
    EXPECT_EQ(drive.identity_source, IdentitySource::drive);
    EXPECT_EQ(drive.probe, ProbeOutcome::answered);
    EXPECT_FALSE(drive.native_size_bytes);
    EXPECT_THAT(guard_lines(drive),
                testing::ElementsAre("hidden-area-unchecked: its bridge does not let it be asked "
                                     "whether it has more blocks than it shows"));
}

// What a RAID controller shows is asked for nothing: the volume is no drive.
TEST(RecordedMachines, ARaidVolumeIsNotAskedAsAnAtaDrive) {
    RecordedMachine machine;
    machines::megaraid_hiding_disks(machine);
    EXPECT_FALSE(machine.drive("/dev/sda").ata_erasure);
    EXPECT_EQ(machine.drive("/dev/sda").backing, Backing::raid_volume);
    EXPECT_TRUE(machine.drive("/dev/sdb").ata_erasure);
}

TEST(RecordedMachines, SasByTwoHostAdaptersIsOneDriveGuardedByBothNodes) {
    EXPECT_EQ(listed(machines::sas_by_two_host_adapters), R"(
/dev/sda: scsi magnetic physical, ZC1ABCDE0000C8291234 by drive, at 0000:00:00.0 enclosure 0x5003048001234500 bay 3
  path /dev/sdb 4000787030016 (the same blocks, by 0000:01:00.0 enclosure 0x5003048001234500 bay 3)
  ! mounted
)" + 1);
}

TEST(RecordedMachines, DualActuatorSasIsOneDriveOfTwoLogicalUnits) {
    EXPECT_EQ(listed(machines::dual_actuator_sas), R"(
/dev/sdc: scsi magnetic physical, ZKL0AAAA0000 by drive, at 0000:03:00.0 end_device-0:4
  logical-unit /dev/sdd 7000259821568 (LUN 1)
)" + 1);
}

// The serial number of a volume is its controller's: no drive has it on its label.
TEST(RecordedMachines, MegaraidVolumesAreNoDrives) {
    EXPECT_EQ(listed(machines::megaraid_hiding_disks), R"(
/dev/sda: scsi virtual raid-volume, 00a1b2c3d4e5f60718293a4b5c6d7e8f by bridge, at 0000:02:00.0 host0 channel 2 target 0
  ! weak-identity
/dev/sdb: ata magnetic physical, Y6D3K0ABFHRC by drive, at 0000:02:00.0 host0 channel 0 target 5
)" + 1);
}

TEST(RecordedMachines, SataBehindASasAdapterIsAnAtaDrive) {
    EXPECT_EQ(listed(machines::sata_behind_sas_adapter), R"(
/dev/sde: ata magnetic physical, K7J1ABCD by drive, at 0000:01:00.0 end_device-4:0:7
/dev/sdf: scsi virtual raid-volume, 0a1b2c3d4e5f by bridge, at 0000:01:00.0 host4 channel 1 target 0
  ! weak-identity
)" + 1);
}

TEST(RecordedMachines, AnArrayDriveOf520BytesIsListedAndRefused) {
    EXPECT_EQ(listed(machines::array_drive_of_520_bytes), R"(
/dev/sdg: scsi magnetic physical, KSG1ABCD by drive, at 0000:03:00.0 end_device-0:1
  size_bytes: drive 609504255360, kernel 0
  logical_block_bytes: drive 520, kernel 512
  physical_block_bytes: drive 520, kernel 4096
  ! unknown-holder
)" + 1);
    RecordedMachine machine;
    machines::array_drive_of_520_bytes(machine);
    EXPECT_THAT(machine.drive("/dev/sdg").guards.front().reason,
                testing::HasSubstr("has blocks of 520 bytes"));
}

TEST(RecordedMachines, Native4kDrivesKeepTheirBlocks) {
    RecordedMachine machine;
    machines::native_4k(machine);
    const Drive drive = machine.drive("/dev/sda");
    EXPECT_EQ(described(drive), R"(
/dev/sda: ata magnetic physical, Z1Z2Z3Z4 by drive, at 0000:00:17.0 ata3
)" + 1);
    EXPECT_EQ(drive.logical_block_bytes, 4096u);
    EXPECT_EQ(drive.size_bytes, 4000787030016u) << "sysfs counts 512 whatever the blocks are";
    EXPECT_EQ(drive.model, "ST4000NM0033-9ZM170") << "the drive's own, not SCSI's 16 octets of it";
}

TEST(RecordedMachines, VolumesOfArraysAreNotPartsOfOneDrive) {
    EXPECT_EQ(listed(machines::volumes_of_arrays), R"(
/dev/sda: scsi virtual array-lun, 3f1b0 by bridge, at iscsi iqn.2004-04.com.qnap:ts-453
  over iscsi
  ! weak-identity
  ! fabrics
/dev/sdb: scsi virtual array-lun, 3f1b1 by bridge, at iscsi iqn.2004-04.com.qnap:ts-453 LUN 1
  over iscsi
  ! weak-identity
  ! fabrics
/dev/sdc: scsi virtual thin, 80A4F+NvJ8Pf by drive, at 0000:05:00.0 port 0x500a098186173421 LUN 3
  over fc
  ! fabrics
)" + 1);
}

TEST(RecordedMachines, PathsOfAMultipathMapAreOneVolume) {
    EXPECT_EQ(listed(machines::multipathed_array), R"(
/dev/sdc: scsi virtual array-lun, 80A4F+NvJ8Pf by bridge, at 0000:05:00.7 rport-7:0-2 LUN 3
  over fc
  path /dev/sdd 2147483648 (the same blocks, by 0000:05:00.8 rport-8:0-2 LUN 3)
  ! mounted
  ! holder
  ! weak-identity
  ! fabrics
)" + 1);
}

TEST(RecordedMachines, NvmeNamespacesAreOneDriveAttachedOrNot) {
    EXPECT_EQ(listed(machines::nvme_two_namespaces_one_unattached), R"(
/dev/nvme0n1: nvme flash physical, S64GNE0R700123 by drive, at 0000:02:00.0
  partition /dev/nvme0n1p1 2097152
  namespace /dev/nvme0n2 1073741824 (namespace 2)
  partition /dev/nvme0n2p1 2097152
  namespace - 8192 (namespace 3, not attached)
  ! mounted
)" + 1);
}

TEST(RecordedMachines, NvmeNativeMultipathIsOneDriveWithItsPaths) {
    EXPECT_EQ(listed(machines::nvme_native_multipath), R"(
/dev/nvme0n1: nvme flash physical, S64GNE0R700123 by drive, at 0000:81:00.0, 0000:c1:00.0
  path - 960197124096 (path by nvme0, 0000:81:00.0)
  path - 960197124096 (path by nvme1, 0000:c1:00.0)
)" + 1);
}

TEST(RecordedMachines, NvmeWithTwoPortsIsOneDriveWithoutMultipathToo) {
    EXPECT_EQ(listed(machines::nvme_two_ports_without_multipath), R"(
/dev/nvme0n1: nvme flash physical, S64GNE0R700123 by drive, at 0000:81:00.0
  path /dev/nvme1n1 960197124096 (the same blocks, by 0000:c1:00.0)
)" + 1);
}

TEST(RecordedMachines, NvmeBehindVmdHasAPlaceInItsOwnDomain) {
    EXPECT_EQ(listed(machines::nvme_behind_vmd), R"(
/dev/nvme0n1: nvme flash physical, S64GNE0R700123 by drive, at 10000:e1:00.0
)" + 1);
}

// One serial number for both: the array's.
TEST(RecordedMachines, NvmeOverTcpShowsVolumesOfAnArray) {
    EXPECT_EQ(listed(machines::nvme_over_tcp), R"(
/dev/nvme4n1: nvme virtual array-lun, 81LLhZXcS5CgAAAAAAAB by drive, at traddr=192.0.2.7,trsvcid=4420
  over nvme-tcp
  ! weak-identity
  ! fabrics
/dev/nvme4n2: nvme virtual array-lun, 81LLhZXcS5CgAAAAAAAB by drive, at traddr=192.0.2.7,trsvcid=4420
  over nvme-tcp
  ! weak-identity
  ! fabrics
)" + 1);
}

TEST(RecordedMachines, AUsbBridgeWithSatIsToldFromItsDrive) {
    EXPECT_EQ(listed(machines::usb_sata_bridge_with_sat), R"(
/dev/sdb: usb magnetic physical, WDE1ABCD by drive, at usb 2-1
  bridge JMicron External (152d:0578)
  model: drive ST1000LM035-1RK172, kernel JMicron Tech
  serial: drive WDE1ABCD, kernel 0123456789ABCDEF
  wwn: drive naa.5000c500b1b2b3b4, kernel naa.3044564198838002
)" + 1);
}

// What the bridge said besides, for `inspect`; of a unit of several nodes, with the node.
TEST(RecordedMachines, OddAnswersAreKeptWithTheNodeThatGaveThem) {
    RecordedMachine machine;
    machines::usb_sata_bridge_with_sat(machine);
    EXPECT_THAT(machine.drive("/dev/sdb").findings,
                testing::ElementsAre(
                    "VPD 80h gives another serial than IDENTIFY DEVICE: 0123456789ABCDEF",
                    "VPD 83h gives another name than IDENTIFY DEVICE: naa.3044564198838002"));
    RecordedMachine twins;
    machines::sas_by_two_host_adapters(twins);
    std::string& replies = twins.answers.replies["/dev/sdb"];
    const auto capacity = replies.find("scsi 9e 10");
    replies.replace(replies.find(" -> ", capacity), std::string::npos, " -> lost\n");
    replies += "scsi 25 00*9 -> lost\n";
    EXPECT_THAT(twins.drive("/dev/sda").findings,
                testing::Contains("/dev/sdb: READ CAPACITY (16): no answer"));
}

TEST(RecordedMachines, AUsbBridgeWithoutSatHidesItsDrive) {
    EXPECT_EQ(listed(machines::usb_sata_bridge_without_sat), R"(
/dev/sdc: usb unknown physical, 20111201D7EA3 by bridge, at usb 2-2
  bridge Sunplus USB to Serial-ATA bridge (04fc:0c25)
  ! weak-identity
  ! hidden-area-unchecked
)" + 1);
}

TEST(RecordedMachines, AUsbNvmeBridgeHidesItsDrive) {
    EXPECT_EQ(listed(machines::usb_nvme_bridge), R"(
/dev/sdd: usb flash physical, 012345678906 by bridge, at usb 2-3
  bridge Realtek RTL9210B-CG (0bda:9210)
  ! weak-identity
  ! hidden-area-unchecked
)" + 1);
}

TEST(RecordedMachines, ABridgeThatHidesTheEndOfTheDriveIsRefused) {
    RecordedMachine machine;
    machines::usb_bridge_that_hides_the_end(machine);
    const Drive drive = machine.drive("/dev/sde");
    EXPECT_EQ(described(drive), R"(
/dev/sde: usb magnetic physical, WDE1WXYZ by drive, at usb 2-4
  bridge Seagate Expansion (0bc2:2312)
  model: drive ST1000LM035-1RK172, kernel Seagate Expansion
  serial: drive WDE1WXYZ, kernel NA4A1234
  size_bytes: drive 1000204886016, kernel 1000171331584
  ! hidden-area-unchecked
)" + 1);
    EXPECT_EQ(drive.native_size_bytes, 1000204886016u) << "so no verdict can be erased";
}

TEST(RecordedMachines, TheBaysOfADockAreDrivesOfTheirOwn) {
    RecordedMachine machine;
    machines::usb_dock_with_two_bays(machine);
    const auto drives = machine.detect();
    ASSERT_EQ(drives.size(), 2u);
    EXPECT_EQ(described(drives[0]), R"(
/dev/sdf: usb magnetic physical, JD1008001AAA by drive, at usb 2-5
  bridge JMicron Dual Dock (152d:0561)
  model: drive HGST HTS541010A9E680, kernel JMicron Tech
  serial: drive JD1008001AAA, kernel DB9876543214E
)" + 1);
    EXPECT_EQ(drives[1].port, "usb 2-5 LUN 1");
    EXPECT_EQ(drives[1].serial, "JD1008001BBB");
    EXPECT_EQ(drives[0].diskseq, 17u);
    EXPECT_EQ(drives[1].diskseq, 18u);
}

TEST(RecordedMachines, ACardReaderWithoutMediumIsListedAndRefused) {
    EXPECT_EQ(listed(machines::card_reader_without_medium), R"(
/dev/sdh: usb unknown physical, 26020128B005 by bridge, at usb 2-6
  bridge Generic Flash Card Reader/Writer (0bda:0306)
  ! unknown-holder
  ! weak-identity
)" + 1);
}

TEST(RecordedMachines, TheAreasOfAnEmmcArePartsOfIt) {
    EXPECT_EQ(listed(machines::emmc_with_boot_areas), R"(
/dev/mmcblk0: mmc flash physical, 0x1a2b3c4d by drive, at 0000:00:1c.0 mmc0
  partition /dev/mmcblk0p1 2097152
  boot-area /dev/mmcblk0boot0 4194304 (mmcblk0boot0)
  boot-area /dev/mmcblk0boot1 4194304 (mmcblk0boot1)
  general-purpose-area /dev/mmcblk0gp0 4194304 (mmcblk0gp0)
  rpmb - 4194304 (RPMB)
)" + 1);
}

TEST(RecordedMachines, AnSdCardIsKnownByItsCid) {
    EXPECT_EQ(listed(machines::sd_card), R"(
/dev/mmcblk1: mmc flash physical, 0x9f8e7d6c by drive, at 0000:02:00.0 mmc1
)" + 1);
}

TEST(RecordedMachines, TheLogicalUnitsOfAUfsDeviceAreOneDrive) {
    EXPECT_EQ(listed(machines::ufs_phone), R"(
/dev/sda: scsi flash physical, - by none, at host0 channel 0 target 0
  logical-unit /dev/sdb 4194304 (LUN 1)
  logical-unit /dev/sdc 4194304 (LUN 2)
  rpmb - 0 (replay-protected memory)
  ! weak-identity
)" + 1);
}

TEST(RecordedMachines, DisksOfHypervisorsAreVirtual) {
    EXPECT_EQ(listed(machines::virtual_machine), R"(
/dev/sda: scsi virtual virtual-disk, drive-scsi0 by drive, at 0000:00:05.0 host2 channel 0 target 0
/dev/sdb: ata virtual virtual-disk, QM00001 by drive, at 0000:00:1f.2 ata1
/dev/vda: virtio virtual virtual-disk, disk-0001 by drive, at 0000:00:04.0 virtio1
)" + 1);
}

TEST(RecordedMachines, MemoryIsListedWhenAskedFor) {
    EXPECT_EQ(listed(machines::zram_and_memory), "");
    EXPECT_EQ(listed(machines::zram_and_memory, true), R"(
/dev/ram0: ram virtual virtual-disk, - by none, at -
/dev/zram0: zram virtual virtual-disk, - by none, at -
  ! swap
)" + 1);
}

TEST(RecordedMachines, OpticalDrivesAndFloppies) {
    EXPECT_EQ(listed(machines::optical_and_floppy, true), R"(
/dev/fd0: unknown magnetic unknown, - by none, at -
  ! weak-identity
/dev/sr0: rom unknown physical, - by none, at 0000:00:17.0 ata2
  ! weak-identity
)" + 1);
}

// A DRBD device is no drive but stands on one, like a map of the device mapper.
TEST(RecordedMachines, NetworkDisksAreMarkedAsSuch) {
    EXPECT_EQ(listed(machines::network_disks), R"(
/dev/etherd/e1.1: unknown virtual virtual-disk, - by none, at -
  over aoe
  ! weak-identity
  ! fabrics
/dev/nbd0: nbd virtual virtual-disk, - by none, at -
  over nbd
  ! fabrics
/dev/rbd0: unknown virtual virtual-disk, - by none, at -
  over rbd
  ! weak-identity
  ! fabrics
/dev/ublkb0: unknown virtual virtual-disk, - by none, at -
  ! weak-identity
)" + 1);
}

TEST(RecordedMachines, LvmOnLuksOnMdGuardsBothDrives) {
    EXPECT_EQ(listed(machines::lvm_on_luks_on_md), R"(
/dev/sda: ata magnetic physical, WD-WCC7K0123456 by drive, at 0000:00:17.0 ata1
  partition /dev/sda1 2097152
  ! system
  ! mounted
  ! holder
/dev/sdb: ata magnetic physical, WD-WCC7K0654321 by drive, at 0000:00:17.0 ata1
  partition /dev/sdb1 2097152
  ! system
  ! mounted
  ! holder
)" + 1);
}

TEST(RecordedMachines, EveryMemberOfAPoolIsGuarded) {
    EXPECT_EQ(listed(machines::zfs_mirror), R"(
/dev/sda: ata magnetic physical, WD-WCC7K0123456 by drive, at 0000:00:17.0 ata1
  partition /dev/sda1 2097152
  ! mounted
/dev/sdb: ata magnetic physical, WD-WCC7K0654321 by drive, at 0000:00:17.0 ata1
  partition /dev/sdb1 2097152
  ! mounted
)" + 1);
    EXPECT_EQ(listed(machines::btrfs_pair), R"(
/dev/sda: ata magnetic physical, WD-WCC7K0123456 by drive, at 0000:00:17.0 ata1
  ! mounted
/dev/sdb: ata magnetic physical, WD-WCC7K0654321 by drive, at 0000:00:17.0 ata1
  ! mounted
)" + 1);
}

TEST(RecordedMachines, TwoDrivesThatClaimTheSameBlocksAndDifferAreRefused) {
    RecordedMachine machine;
    machines::sas_by_two_host_adapters(machine);
    std::string& other = machine.answers.replies["/dev/sdb"];
    const std::string serial = to_hex(as_bytes("ZC1ABCDE0000C8291234"));
    other.replace(other.find(serial), serial.size(), to_hex(as_bytes("ANOTHER             ")));
    machine.set_mounts("");
    EXPECT_THAT(guard_lines(machine.drive("/dev/sda")),
                testing::Contains("unknown-holder: /dev/sdb claims to be the same blocks and has "
                                  "another serial number"))
        << "of one target, by its own word: one drive, and refused";
    const std::string target = "5000c500a1b2c3d4";
    other.replace(other.find(target), target.size(), "5000c500a1b2c3e0");
    const auto drives = machine.detect();
    ASSERT_EQ(drives.size(), 2u);
    EXPECT_THAT(guard_lines(drives[0]),
                testing::ElementsAre("unknown-holder: /dev/sdb claims to be the same blocks and "
                                     "has another serial number"));
    EXPECT_THAT(guard_lines(drives[1]),
                testing::Contains("unknown-holder: /dev/sda claims to be the same blocks and has "
                                  "another serial number"));
}

TEST(RecordedMachines, AUnitThatAnswersOnOnePathOnlyIsRefused) {
    RecordedMachine machine;
    machines::sas_by_two_host_adapters(machine);
    machine.set_mounts("");
    machine.answers.silent = {"/dev/sdb"};
    const Drive drive = machine.drive("/dev/sda");
    EXPECT_EQ(drive.probe, ProbeOutcome::not_answering);
    EXPECT_THAT(guard_lines(drive),
                testing::ElementsAre("unknown-holder: /dev/sdb: it does not answer"));
}

// A generous bound: the promise is 0.3 s in a release build, and this runs under sanitizers too.
TEST(RecordedMachines, DrivesAreListedByHundreds) {
    RecordedMachine machine;
    machines::drives_256(machine);
    // On an idle machine processor time is what passes; on a busy one it is what we took of it.
    const std::clock_t start = std::clock();
    const auto drives = machine.detect();
    const double taken = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    RecordProperty("milliseconds", static_cast<int>(taken * 1000));
    ASSERT_EQ(drives.size(), 256u);
    EXPECT_EQ(drives.back().serial, "SERIAL25") << "sdz, in the order of names";
    EXPECT_EQ(drives.back().by_id.size(), 3u);
    EXPECT_EQ(drives.back().parts.size(), 1u);
#ifdef NDEBUG
    EXPECT_LT(taken, 0.3);
#else
    EXPECT_LT(taken, 3.0);
#endif
}

} // namespace
} // namespace quietus
