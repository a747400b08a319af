#include "recorded_machine.hpp"

#include <gmock/gmock.h>

namespace quietus {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

constexpr const char* no_serial = "weak-identity: it tells no serial number";

class LinuxHostOnARecordedMachine : public testing::Test {
  protected:
    RecordedMachine machine;
    static std::string mounted(const std::string& number, const std::string& point,
                               const std::string& type = "ext4",
                               const std::string& source = "/dev/root",
                               const std::string& options = "rw") {
        return RecordedMachine::mount_line(number, point, type, source, options);
    }
};

TEST_F(LinuxHostOnARecordedMachine, IdentifiesASataDrive) {
    machine.add_sata("sda", "8:0");
    machine.link("dev/disk/by-id/ata-WDC_WD40EFRX", "../../sda");
    machine.link("dev/disk/by-id/ata-other", "../../sdab");
    const Drive drive = machine.drive("/dev/sda");
    EXPECT_EQ(drive.kind, DriveKind::ata);
    EXPECT_EQ(drive.medium, Medium::magnetic);
    EXPECT_EQ(drive.model, "WDC WD40EFRX-68N32N0");
    EXPECT_EQ(drive.serial, "WD-WCC7K0123456");
    EXPECT_EQ(drive.serial_raw_hex, "202020202057442d574343374b30313233343536");
    EXPECT_EQ(drive.identity_source, IdentitySource::drive);
    EXPECT_EQ(drive.wwn, "naa.50014ee2b5d3a0f1");
    EXPECT_EQ(drive.firmware, "0A82");
    EXPECT_EQ(drive.size_bytes, 1024000000u);
    EXPECT_EQ(drive.native_size_bytes, std::nullopt);
    EXPECT_EQ(drive.logical_block_bytes, 512u);
    EXPECT_EQ(drive.physical_block_bytes, 4096u);
    EXPECT_EQ(drive.diskseq, 5u);
    EXPECT_EQ(drive.device_number, 0x800u);
    EXPECT_THAT(drive.by_id, ElementsAre("/dev/disk/by-id/ata-WDC_WD40EFRX"));
    EXPECT_THAT(guard_lines(drive), IsEmpty());
}

TEST_F(LinuxHostOnARecordedMachine, GuardsADriveWhosePartitionIsMounted) {
    const auto sda = machine.add_sata("sda", "8:0");
    machine.add_sata("sdab", "65:176");
    machine.add_partition(sda, "sda1", "8:1", 2048, 4096);
    machine.set_mounts(mounted("8:1", "/srv/old\\040files", "ext4", "/dev/sda1"));
    const Drive drive = machine.drive("/dev/sda");
    EXPECT_THAT(guard_lines(drive), ElementsAre("mounted: /dev/sda1 is mounted at /srv/old files "
                                                "[umount '/srv/old files']"));
    ASSERT_THAT(drive.in_use, SizeIs(1));
    EXPECT_EQ(drive.in_use[0].by, "mount");
    EXPECT_EQ(drive.in_use[0].where, "/srv/old files");
    ASSERT_THAT(drive.parts, SizeIs(1));
    EXPECT_EQ(drive.parts[0].node, "/dev/sda1");
    EXPECT_EQ(drive.parts[0].size_bytes, 2097152u);
    EXPECT_THAT(guard_lines(machine.drive("/dev/sdab")), IsEmpty());
}

TEST_F(LinuxHostOnARecordedMachine, KnowsNvmePartitionsWithoutNameArithmetic) {
    const auto drive =
        machine.add("pci0000:00/0000:01:00.0/nvme/nvme1", "nvme0n1", "259:0", 8000000,
                    {{"device/model", "SAMSUNG MZVL2512   \n"},
                     {"device/serial", "S64KNX0R  \n"},
                     {"device/firmware_rev", "GXA7401Q\n"},
                     {"wwid", "eui.002538b101\n"}});
    machine.set_bus(drive, "nvme");
    machine.add_partition(drive, "nvme0n1p1", "259:1", 2048, 4096);
    machine.add_partition(drive, "nvme0n1p2", "259:2", 8192, 4096);
    machine.set_mounts(mounted("259:2", "/boot/efi", "vfat", "/dev/nvme0n1p2"));
    const Drive found = machine.drive("/dev/nvme0n1");
    EXPECT_EQ(found.kind, DriveKind::nvme);
    EXPECT_EQ(found.medium, Medium::flash);
    EXPECT_EQ(found.serial, "S64KNX0R");
    EXPECT_EQ(found.firmware, "GXA7401Q");
    EXPECT_EQ(found.wwn, "eui.002538b101");
    EXPECT_THAT(found.parts, SizeIs(2));
    EXPECT_THAT(guard_lines(found),
                ElementsAre("boot: the machine starts from it (/boot/efi) [umount /boot/efi]",
                            "mounted: /dev/nvme0n1p2 is mounted at /boot/efi [umount /boot/efi]"));
}

TEST_F(LinuxHostOnARecordedMachine, GuardsTheSystemAndTheBootAreaOfAVirtualDisk) {
    const auto drive = machine.add("pci0000:00/0000:00:02.0/virtio1", "vda", "254:0", 4000000,
                                   {{"device/vendor", "0x1af4\n"}, {"serial", "disk-0001"}});
    machine.set_bus(drive, "virtio");
    machine.add_partition(drive, "vda1", "254:1", 2048, 4096);
    machine.add_partition(drive, "vda2", "254:2", 8192, 4096);
    machine.set_mounts(mounted("254:2", "/") + mounted("254:1", "/boot"));
    const Drive found = machine.drive("/dev/vda", {"/var/lib/quietus", false});
    EXPECT_EQ(found.kind, DriveKind::virtio);
    EXPECT_EQ(found.medium, Medium::virtual_medium);
    EXPECT_EQ(found.model, "");
    EXPECT_EQ(found.serial, "disk-0001");
    EXPECT_EQ(found.native_size_bytes, found.size_bytes);
    EXPECT_THAT(guard_lines(found),
                ElementsAre("system: the running system stands on it",
                            "boot: the machine starts from it (/boot) [umount /boot]",
                            "state-on-drive: it holds the state directory /var/lib/quietus "
                            "[choose a state directory on another drive]",
                            "mounted: /dev/vda1 is mounted at /boot [umount /boot]",
                            "mounted: /dev/vda2 is mounted at /"));
}

TEST_F(LinuxHostOnARecordedMachine, FollowsLvmOnCryptOnMdDownToBothDrives) {
    const auto sda = machine.add_sata("sda", "8:0");
    const auto sdb = machine.add_sata("sdb", "8:16");
    const auto sda1 = machine.add_partition(sda, "sda1", "8:1", 2048, 4096);
    const auto md = machine.add("virtual", "md0", "9:0", 4000, {{"md/level", "raid1\n"}});
    const auto crypt = machine.add("virtual", "dm-0", "253:0", 4000,
                                   {{"dm/name", "vault\n"}, {"dm/uuid", "CRYPT-LUKS2-00\n"}});
    const auto root = machine.add("virtual", "dm-1", "253:1", 4000,
                                  {{"dm/name", "vg-root\n"}, {"dm/uuid", "LVM-abc\n"}});
    machine.stack(md, sda1);
    machine.stack(md, sdb);
    machine.stack(crypt, md);
    machine.stack(root, crypt);
    machine.set_mounts(mounted("253:1", "/", "ext4", "/dev/mapper/vg-root"));
    for (const char* node : {"/dev/sda", "/dev/sdb"})
        EXPECT_THAT(guard_lines(machine.drive(node)),
                    ElementsAre("system: the running system stands on it",
                                "mounted: /dev/mapper/vg-root is mounted at /",
                                "holder: /dev/mapper/vg-root (lvm) stands on it "
                                "[lvchange --activate n vg/root]",
                                "holder: /dev/mapper/vault (crypt) stands on it "
                                "[cryptsetup close vault]",
                                "holder: /dev/md0 (md) stands on it [mdadm --stop /dev/md0]"));
    EXPECT_THAT(machine.detect(), SizeIs(2)) << "mapped devices are not drives";
}

TEST_F(LinuxHostOnARecordedMachine, RefusesForAHolderThatIsNotShown) {
    const auto sda = machine.add_sata("sda", "8:0");
    machine.link(sda + "/holders/dm-7", "x");
    EXPECT_THAT(guard_lines(machine.drive("/dev/sda")),
                ElementsAre("unknown-holder: /dev/sda is held by dm-7, which the kernel does not "
                            "show"));
}

TEST_F(LinuxHostOnARecordedMachine, GuardsSwapPartitionsAndSwapFiles) {
    const auto sda = machine.add_sata("sda", "8:0");
    const auto sdb = machine.add_sata("sdb", "8:16");
    machine.add_partition(sda, "sda1", "8:1", 2048, 4096);
    machine.set_mounts(mounted("8:16", "/srv"));
    machine.write("proc/swaps", "Filename\tType\tSize\tUsed\tPriority\n"
                                "/dev/sda1   partition\t4092\t0\t-2\n"
                                "/srv/swap\\040file   file\t4092\t0\t-3\n");
    EXPECT_THAT(guard_lines(machine.drive("/dev/sda")),
                ElementsAre("swap: /dev/sda1 is swapped on [swapoff /dev/sda1]"));
    EXPECT_THAT(guard_lines(machine.drive("/dev/sdb")),
                ElementsAre("mounted: /dev/sdb is mounted at /srv [umount /srv]",
                            "swap: /srv/swap file is swapped on [swapoff '/srv/swap file']"));
}

TEST_F(LinuxHostOnARecordedMachine, ListsLoopDevicesThatHaveAFileOnly) {
    machine.add_sata("sdb", "8:16");
    machine.add("virtual", "loop0", "7:0", 0);
    machine.add("virtual", "loop1", "7:1", 2048, {{"loop/backing_file", "/srv/disk.img\n"}});
    machine.set_mounts(mounted("8:16", "/srv", "ext4", "/dev/sdb"));
    EXPECT_THAT(machine.detect(), SizeIs(2));
    const Drive loop = machine.drive("/dev/loop1");
    EXPECT_EQ(loop.kind, DriveKind::loop);
    EXPECT_EQ(loop.native_size_bytes, 1048576u);
    EXPECT_THAT(guard_lines(loop), IsEmpty());
    EXPECT_THAT(guard_lines(machine.drive("/dev/sdb")),
                Contains("open-elsewhere: /srv/disk.img is attached as /dev/loop1 "
                         "[losetup --detach /dev/loop1]"));
}

TEST_F(LinuxHostOnARecordedMachine, GuardsTheDriveBeneathAMountedLoopDeviceOfADeletedFile) {
    machine.add_sata("sdb", "8:16");
    machine.add("virtual", "loop1", "7:1", 2048,
                {{"loop/backing_file", "/srv/disk.img (deleted)\n"}});
    machine.set_mounts(mounted("8:16", "/srv") + mounted("7:1", "/", "squashfs", "/dev/loop1"));
    EXPECT_THAT(guard_lines(machine.drive("/dev/sdb")),
                Contains("system: the running system stands on it"));
}

TEST_F(LinuxHostOnARecordedMachine, GuardsALoopDeviceByTheDriveThatItLeadsTo) {
    const auto sda = machine.add_sata("sda", "8:0");
    machine.add_partition(sda, "sda1", "8:1", 2048, 4096);
    machine.add("virtual", "loop0", "7:0", 2000, {{"loop/backing_file", "/dev/sda\n"}});
    machine.set_mounts(mounted("8:1", "/", "ext4", "/dev/sda1"));
    EXPECT_THAT(guard_lines(machine.drive("/dev/loop0")),
                ElementsAre("system: the running system stands on it",
                            "mounted: /dev/sda1 is mounted at /"));
    EXPECT_THAT(guard_lines(machine.drive("/dev/sda")),
                Contains("holder: /dev/loop0 (loop) stands on it [losetup --detach /dev/loop0]"));
}

TEST_F(LinuxHostOnARecordedMachine, DoesNotTrustWhatAUsbBridgeSays) {
    const std::string usb = "pci0000:00/0000:00:14.0/usb2/2-1";
    const auto stick = machine.add(usb + "/2-1:1.0/host6/target6:0:0/6:0:0:0", "sdc", "8:32", 60000,
                                   {{"device/vendor", "SanDisk \n"},
                                    {"device/model", "Ultra           \n"},
                                    {"device/type", "0\n"},
                                    {"queue/rotational", "1\n"},
                                    {"removable", "1\n"}});
    machine.set_bus(stick, "scsi");
    machine.write("sys/devices/" + usb + "/bDeviceClass", "00\n");
    machine.write("sys/devices/" + usb + "/serial", "4C530001230917116451000000000000\n");
    const Drive found = machine.drive("/dev/sdc");
    EXPECT_EQ(found.kind, DriveKind::usb);
    EXPECT_EQ(found.medium, Medium::unknown);
    EXPECT_EQ(found.model, "SanDisk Ultra");
    EXPECT_EQ(found.serial, "4C530001230917116451000000000000");
    EXPECT_EQ(found.identity_source, IdentitySource::bridge);
    EXPECT_TRUE(found.removable);
    EXPECT_THAT(guard_lines(found),
                ElementsAre("weak-identity: its serial number is that of a bridge",
                            "hidden-area-unchecked: its bridge does not let it be asked whether it "
                            "has more blocks than it shows"));
}

TEST_F(LinuxHostOnARecordedMachine, ListsACardReaderWithoutACardAndGuardsIt) {
    const auto reader =
        machine.add("pci0000:00/usb1/1-2/1-2:1.0/host3/target3:0:0/3:0:0:0", "sdd", "8:48", 0);
    machine.set_bus(reader, "scsi");
    EXPECT_THAT(
        guard_lines(machine.drive("/dev/sdd")),
        ElementsAre("unknown-holder: /dev/sdd has no medium in it, or a size of 0", no_serial));
}

TEST_F(LinuxHostOnARecordedMachine, TakesTheBootAreaOfAnEmmcAsAPartOfIt) {
    const auto card = machine.add("platform/mmc0/mmc0:0001", "mmcblk0", "179:0", 30000,
                                  {{"device/name", "DG4016\n"}, {"device/serial", "0x1a2b3c4d\n"}});
    machine.set_bus(card, "mmc");
    machine.add_partition(card, "mmcblk0p1", "179:1", 2048, 4096);
    machine.write(card + "/mmcblk0boot0/dev", "179:32\n");
    machine.write(card + "/mmcblk0boot0/size", "8192\n");
    machine.write("dev/mmcblk0boot0", "");
    machine.link("sys/block/mmcblk0boot0",
                 "../devices/platform/mmc0/mmc0:0001/block/mmcblk0/mmcblk0boot0");
    EXPECT_THAT(machine.detect(), SizeIs(1));
    const Drive found = machine.drive("/dev/mmcblk0");
    EXPECT_EQ(found.kind, DriveKind::mmc);
    EXPECT_EQ(found.model, "DG4016");
    EXPECT_THAT(found.parts, SizeIs(2));
    const auto name = resolve_node(machine.paths.dev + "/mmcblk0boot0", machine.paths);
    ASSERT_TRUE(name);
    EXPECT_EQ(name->node, "/dev/mmcblk0");
    EXPECT_FALSE(name->partition);
}

TEST_F(LinuxHostOnARecordedMachine, KeepsHostileSerialsWholeAndAsTheyWere) {
    const auto drive = machine.add("pci0000:00/virtio2", "vdb", "254:16", 2000);
    machine.set_bus(drive, "virtio");
    machine.write(drive + "/serial", std::string("  \x1b[2J\xff\0x;$(rm)  ", 17));
    const Drive found = machine.drive("/dev/vdb");
    EXPECT_EQ(found.serial, "\\x1b[2J\\xff\\x00x;$(rm)");
    EXPECT_EQ(found.serial_raw_hex, "20201b5b324aff00783b2428726d292020");
}

TEST_F(LinuxHostOnARecordedMachine, RefusesWhenAnAttributeCannotBeRead) {
    const auto sda = machine.add_sata("sda", "8:0");
    machine.remove(sda + "/ro");
    EXPECT_THAT(guard_lines(machine.drive("/dev/sda")),
                ElementsAre("unknown-holder: sysfs does not tell \"ro\" of /dev/sda"));
    const auto part = machine.add_partition(sda, "sda1", "8:1", 2048, 4096);
    machine.write(sda + "/ro", "1\n");
    machine.write(part + "/start", "-1\n");
    EXPECT_THAT(guard_lines(machine.drive("/dev/sda")),
                ElementsAre("unknown-holder: sysfs does not tell \"start\" of /dev/sda1",
                            "read-only: /dev/sda is read-only [blockdev --setrw /dev/sda]"));
}

TEST_F(LinuxHostOnARecordedMachine, ListsADriveThatDoesNotAnswerAndRefusesIt) {
    machine.add_sata("sda", "8:0");
    machine.answers.silent = {"/dev/sda"};
    const Drive drive = machine.drive("/dev/sda");
    EXPECT_EQ(drive.probe, ProbeOutcome::not_answering);
    EXPECT_THAT(guard_lines(drive), ElementsAre("unknown-holder: it does not answer"));
}

TEST_F(LinuxHostOnARecordedMachine, NamesAnExclusiveClaimThatNothingElseExplains) {
    machine.add_sata("sda", "8:0");
    machine.answers.claimed = {"/dev/sda"};
    EXPECT_THAT(guard_lines(machine.drive("/dev/sda")),
                ElementsAre("open-elsewhere: somebody holds /dev/sda exclusively: no process seen "
                            "from here has it open, so it may be the kernel itself (a pool, a "
                            "target or a driver) [fuser -v /dev/sda]"));
}

TEST_F(LinuxHostOnARecordedMachine, NamesWhoeverMayHaveMadeAnExclusiveClaim) {
    const auto sda = machine.add_sata("sda", "8:0");
    machine.add_partition(sda, "sda1", "8:1", 2048, 4096);
    machine.answers.claimed = {"/dev/sda"};
    machine.write("proc/812/comm", "cry\x1bpt\n");
    machine.link("proc/812/fd/3", "/dev/sda1");
    machine.write("proc/812/fdinfo/3", "pos:\t0\nflags:\t0100000\n"); // read-only
    machine.write("proc/812/mountinfo", "");
    machine.write("proc/812/maps", "");
    EXPECT_THAT(guard_lines(machine.drive("/dev/sda")),
                ElementsAre("open-elsewhere: somebody holds /dev/sda exclusively: process 812 "
                            "(cry\\u{001b}pt) has it open [fuser -v /dev/sda]"));
    machine.answers.claimed.clear();
    EXPECT_THAT(guard_lines(machine.drive("/dev/sda")), IsEmpty()) << "reading does no harm";
}

TEST_F(LinuxHostOnARecordedMachine, WaitsForADriveThatHangsOnce) {
    machine.add_sata("sda", "8:0");
    machine.add_sata("sdb", "8:16");
    machine.answers.silent = {"/dev/sda"};
    auto probe = std::make_unique<RecordedProbe>(machine.answers, machine.paths.dev);
    const std::size_t& asked = probe->asked;
    const auto host = make_linux_host(machine.paths, std::move(probe));
    const auto looks = [&](const DetectRequest& request) {
        const auto before = asked;
        const auto drives = host->detect(request);
        EXPECT_EQ(drives->front().probe, ProbeOutcome::not_answering);
        EXPECT_THAT(guard_lines(drives->front()),
                    ElementsAre("unknown-holder: it does not answer"));
        return asked - before;
    };
    EXPECT_EQ(looks({}), 2u);
    EXPECT_EQ(looks({}), 1u) << "sdb alone";
    EXPECT_EQ(looks({.only = "/dev/sda"}), 1u) << "it is named";
    machine.answers.silent.clear();
    machine.write("sys/block/sda/diskseq", "6\n");
    EXPECT_EQ(host->detect({})->front().probe, ProbeOutcome::answered) << "attached anew";
}

TEST_F(LinuxHostOnARecordedMachine, NamesTheProcessThatMayWriteToAPartition) {
    const auto sda = machine.add_sata("sda", "8:0");
    machine.add_partition(sda, "sda1", "8:1", 2048, 4096);
    machine.write("proc/812/comm", "qe\x1bmu\n");
    machine.link("proc/812/fd/5", "/dev/sda1");
    machine.write("proc/812/fdinfo/5", "pos:\t0\nflags:\t0100002\n");
    machine.link("proc/812/fd/6", "/dev/sda");
    machine.write("proc/812/fdinfo/6", "pos:\t0\nflags:\t0100000\n");
    EXPECT_THAT(guard_lines(machine.drive("/dev/sda")),
                ElementsAre("open-elsewhere: /dev/sda1 is open for writing in process 812 "
                            "(qe\\u{001b}mu) [kill 812]"));
}

// Each for itself: who may have one drive open has no business with another.
TEST_F(LinuxHostOnARecordedMachine, LeavesOutOfEachHeldDriveItsOwnHolderAlone) {
    for (const auto& [name, number, pid] :
         {std::tuple{"sda", "8:0", "811"}, std::tuple{"sdb", "8:16", "812"}}) {
        machine.add_sata(name, number);
        const std::string process = std::string("proc/") + pid;
        machine.write(process + "/comm", "quietus\n");
        machine.link(process + "/fd/5", std::string("/dev/") + name);
        machine.write(process + "/fdinfo/5", "pos:\t0\nflags:\t0100002\n");
    }
    machine.write("proc/locks", "1: FLOCK  ADVISORY  WRITE 812 00:05:300 0 EOF\n");
    const auto look = [&](std::vector<HeldDrive> held) {
        const auto host = make_linux_host(
            machine.paths, std::make_unique<RecordedProbe>(machine.answers, machine.paths.dev));
        return host->detect_held(held, {}).value();
    };
    const auto own = look({{"/dev/sda", 811}, {"/dev/sdb", 812}});
    ASSERT_EQ(own.size(), 2u);
    for (const Drive& drive : own) {
        EXPECT_THAT(guard_lines(drive), IsEmpty());
        EXPECT_TRUE(drive.in_use.empty());
    }
    const auto crossed = look({{"/dev/sda", 812}, {"/dev/sdb", 811}});
    ASSERT_EQ(crossed.size(), 2u);
    EXPECT_THAT(guard_lines(crossed[0]),
                ElementsAre("open-elsewhere: /dev/sda is open for writing in process 811 "
                            "(quietus) [kill 811]"));
    EXPECT_THAT(guard_lines(crossed[1]),
                ElementsAre("open-elsewhere: /dev/sdb is open for writing in process 812 "
                            "(quietus) [kill 812]"));
}

TEST_F(LinuxHostOnARecordedMachine, SeesMountsOfOtherNamespaces) {
    machine.add_sata("sda", "8:0");
    machine.link("proc/self/ns/mnt", "mnt:[1]");
    machine.link("proc/77/ns/mnt", "mnt:[2]");
    machine.write("proc/77/mountinfo", mounted("8:0", "/data", "xfs", "/dev/sda"));
    EXPECT_THAT(guard_lines(machine.drive("/dev/sda")),
                ElementsAre("mounted: /dev/sda is mounted at /data "
                            "[nsenter --mount --target 77 umount /data]"));
}

// unshare(CLONE_NEWNS) is the affair of one thread.
TEST_F(LinuxHostOnARecordedMachine, SeesMountsThatOnlyOneThreadSees) {
    machine.add_sata("sda", "8:0");
    machine.link("proc/self/ns/mnt", "mnt:[1]");
    machine.link("proc/77/task/77/ns/mnt", "mnt:[1]");
    machine.link("proc/77/task/79/ns/mnt", "mnt:[2]");
    machine.write("proc/77/task/79/mountinfo", mounted("8:0", "/data", "xfs", "/dev/sda"));
    EXPECT_THAT(guard_lines(machine.drive("/dev/sda")),
                ElementsAre("mounted: /dev/sda is mounted at /data "
                            "[nsenter --mount --target 79 umount /data]"));
}

TEST_F(LinuxHostOnARecordedMachine, GuardsEveryMemberOfABtrfs) {
    machine.add_sata("sda", "8:0");
    machine.add_sata("sdb", "8:16");
    machine.add_sata("sdc", "8:32");
    machine.link("sys/fs/btrfs/6f2c/devices/sda", "x");
    machine.link("sys/fs/btrfs/6f2c/devices/sdb", "x");
    machine.set_mounts(mounted("0:42", "/srv", "btrfs", "/dev/sda"));
    EXPECT_THAT(guard_lines(machine.drive("/dev/sda")), SizeIs(1));
    EXPECT_THAT(guard_lines(machine.drive("/dev/sdb")),
                ElementsAre("mounted: /dev/sda is mounted at /srv [umount /srv]"));
    EXPECT_THAT(guard_lines(machine.drive("/dev/sdc")), IsEmpty());
}

TEST_F(LinuxHostOnARecordedMachine, FollowsTheLayersOfALiveSystemDownToItsStick) {
    machine.add_sata("sdb", "8:16");
    machine.add_sata("sdc", "8:32");
    machine.add("virtual", "loop0", "7:0", 2048,
                {{"loop/backing_file", "/run/live/medium/live/filesystem.squashfs\n"}});
    machine.set_mounts(mounted("0:30", "/", "overlay", "overlay",
                               "rw,lowerdir=/run/live/rootfs,upperdir=/run/live/overlay/rw") +
                       mounted("8:16", "/run/live/medium", "iso9660", "/dev/sdb") +
                       mounted("7:0", "/run/live/rootfs", "squashfs", "/dev/loop0") +
                       mounted("0:31", "/run/live/overlay", "tmpfs", "tmpfs"));
    EXPECT_THAT(guard_lines(machine.drive("/dev/sdb")),
                Contains("system: the running system stands on it"));
    EXPECT_THAT(guard_lines(machine.drive("/dev/sdc")), IsEmpty());
}

TEST_F(LinuxHostOnARecordedMachine, RefusesEveryDriveWhenATableIsNotUnderstood) {
    machine.add_sata("sda", "8:0");
    machine.set_mounts("what is this\n");
    EXPECT_THAT(guard_lines(machine.drive("/dev/sda")),
                Contains("unknown-holder: " + machine.paths.proc +
                         "/self/mountinfo: line 1 not understood"));
}

TEST_F(LinuxHostOnARecordedMachine, ListsMemoryAndOpticalDrivesOnlyWhenAsked) {
    machine.add("virtual", "ram0", "1:0", 2000);
    machine.add("virtual", "zram0", "252:0", 2000, {{"comp_algorithm", "lzo [zstd]\n"}});
    machine.add("pci0000:00/ata2/host1/target1:0:0/1:0:0:0", "sr0", "11:0", 2000);
    EXPECT_THAT(machine.detect(), IsEmpty());
    std::vector<DriveKind> kinds;
    for (const Drive& drive : machine.detect({"", true}))
        kinds.push_back(drive.kind);
    EXPECT_THAT(kinds, ElementsAre(DriveKind::ram, DriveKind::rom, DriveKind::zram));
}

TEST_F(LinuxHostOnARecordedMachine, ListsInTheOrderOfNumbersInNames) {
    for (const int number : {10, 2, 1})
        machine.add("virtual", "loop" + std::to_string(number), "7:" + std::to_string(number), 8);
    std::vector<std::string> nodes;
    for (const Drive& drive : machine.detect())
        nodes.push_back(drive.node);
    EXPECT_THAT(nodes, ElementsAre("/dev/loop1", "/dev/loop2", "/dev/loop10"));
}

TEST_F(LinuxHostOnARecordedMachine, GivesContentsTheNodeThatBeginsThere) {
    const auto sda = machine.add_sata("sda", "8:0");
    machine.add_partition(sda, "sda1", "8:1", 2048, 4096);
    Contents contents;
    contents.found.resize(3);
    contents.found[1].offset_bytes = 1048576;
    contents.found[2].offset_bytes = 9437184;
    contents.partitions = {{1048576, 2097152}, {9437184, 4096}};
    machine.answers.contents["/dev/sda"] = contents;
    const Drive found = machine.drive("/dev/sda");
    ASSERT_THAT(found.contents, SizeIs(3));
    EXPECT_EQ(found.contents[0].node, "/dev/sda");
    EXPECT_EQ(found.contents[1].node, "/dev/sda1");
    EXPECT_EQ(found.contents[2].node, "/dev/sda");
    ASSERT_THAT(found.parts, SizeIs(2)) << "one of the kernel's, one that only the table shows";
    EXPECT_EQ(found.parts[1].node, "");
    EXPECT_EQ(found.parts[1].size_bytes, 4096u);
}

TEST_F(LinuxHostOnARecordedMachine, ResolvesLinksAndPartitionsToTheWholeDrive) {
    const auto sda = machine.add_sata("sda", "8:0");
    machine.add_partition(sda, "sda1", "8:1", 2048, 4096);
    machine.link("dev/disk/by-id/ata-old-part1", "../../sda1");
    const auto name = resolve_node(machine.paths.dev + "/disk/by-id/ata-old-part1", machine.paths);
    ASSERT_TRUE(name) << name.error().message;
    EXPECT_EQ(name->node, "/dev/sda1");
    EXPECT_EQ(name->whole, "/dev/sda");
    EXPECT_TRUE(name->partition);
    EXPECT_FALSE(resolve_node(machine.paths.dev + "/sda", machine.paths)->partition);
}

TEST_F(LinuxHostOnARecordedMachine, RefusesNamesThatAreNoBlockDevice) {
    EXPECT_EQ(resolve_node(machine.paths.dev + "/none", machine.paths).error().fault, Fault::usage);
    EXPECT_EQ(resolve_node("/dev/null", machine.paths).error().fault, Fault::usage);
    machine.write("disk.img", "x");
    const auto file = resolve_node(machine.paths.dev + "/../disk.img", machine.paths);
    ASSERT_FALSE(file);
    EXPECT_THAT(file.error().hint, StartsWith("a disk image is named image:/"));
}

TEST_F(LinuxHostOnARecordedMachine, FailsWhenThereIsNoSysfs) {
    const auto host = make_linux_host({"/nonexistent", "/dev", "/proc"});
    EXPECT_EQ(host->detect({}).error().fault, Fault::io);
}

} // namespace
} // namespace quietus
