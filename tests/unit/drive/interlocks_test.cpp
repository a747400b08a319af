// Users of drives that the kernel shows in ways of their own, and the order in which they are
// ended.
#include "guards.hpp"
#include "recorded_machine.hpp"

#include <gmock/gmock.h>

#include <sys/sysmacros.h>

#include <array>

namespace quietus {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

class Interlocks : public testing::Test {
  protected:
    RecordedMachine machine;
    std::string sda = machine.add_sata("sda", "8:0");
    std::string sdb = machine.add_sata("sdb", "8:16");
    std::string sda1 = machine.add_partition(sda, "sda1", "8:1", 2048, 4096);

    [[nodiscard]] std::vector<std::string> guards(const std::string& node) const {
        return guard_lines(machine.drive(node));
    }
    std::string add_mapper(const std::string& number, const std::string& name,
                           const std::string& uuid) const {
        return machine.add("virtual", "dm-" + number, "253:" + number, 4000,
                           {{"dm/name", name + "\n"}, {"dm/uuid", uuid + "\n"}});
    }
    // "umount /x" and so on, in the order of their steps.
    [[nodiscard]] std::vector<std::string> commands(const std::string& node) const {
        std::map<unsigned, std::string> steps;
        for (const Guard& guard : machine.drive(node).guards)
            steps[guard.step] = guard.release;
        std::vector<std::string> ordered;
        for (const auto& [step, command] : steps)
            ordered.push_back(command);
        return ordered;
    }
    static std::string mount(const std::string& ids, const std::string& number,
                             const std::string& point, const std::string& type,
                             const std::string& source) {
        return ids + " " + number + " / " + point + " rw - " + type + " " + source + " rw\n";
    }
};

class MappedDevices : public Interlocks,
                      public testing::WithParamInterface<std::array<const char*, 3>> {};

// The prefixes of uuids that cryptsetup, LVM, multipath-tools, kpartx and dmraid set.
TEST_P(MappedDevices, AreNamedWithWhatRemovesThem) {
    const auto& [uuid, kind, release] = GetParam();
    machine.stack(add_mapper("0", "a-b", uuid), sda1);
    EXPECT_THAT(guards("/dev/sda"), ElementsAre("holder: /dev/mapper/a-b (" + std::string(kind) +
                                                ") stands on it [" + release + "]"));
    EXPECT_THAT(guards("/dev/sdb"), IsEmpty());
}

constexpr const char* volume =
    "LVM-0123456789abcdefghijklmnopqrstuv0123456789abcdefghijklmnopqrstuv";
INSTANTIATE_TEST_SUITE_P(
    Interlocks, MappedDevices,
    testing::Values(
        std::array{"CRYPT-LUKS2-1f-a-b", "crypt", "cryptsetup close a-b"},
        std::array{volume, "lvm", "lvchange --activate n a/b"},
        std::array{"LVM-0123456789abcdefghijklmnopqrstuv0123456789abcdefghijklmnopqrstuv-tdata",
                   "lvm", "vgchange --activate n a"},
        std::array{"mpath-3600508b400105e210000900000490000", "multipath", "multipath -f a-b"},
        std::array{"part1-mpath-3600508b4001", "partition", "dmsetup remove a-b"},
        std::array{"DMRAID-isw_bdefa", "dmraid", "dmraid --activate n a-b"},
        std::array{"partial", "dm", "dmsetup remove a-b"},
        std::array{"", "dm", "dmsetup remove a-b"}));

TEST_F(Interlocks, ALogicalVolumeIsNamedAsLvmDoes) {
    machine.stack(add_mapper("0", "my--vg-my--lv", volume), sda1);
    EXPECT_THAT(guards("/dev/sda"),
                ElementsAre("holder: /dev/mapper/my--vg-my--lv (lvm) stands on it "
                            "[lvchange --activate n my-vg/my-lv]"));
}

TEST_F(Interlocks, StacksAreReleasedFromTheTop) {
    const auto md = machine.add("virtual", "md0", "9:0", 4000, {{"md/level", "raid1\n"}});
    const auto crypt = add_mapper("9", "vault", "CRYPT-LUKS2-00");
    machine.stack(md, sda1);
    machine.stack(crypt, md);
    machine.add("virtual", "loop0", "7:0", 2000, {{"loop/backing_file", "/srv/inner.img\n"}});
    machine.set_mounts(mount("30 1", "253:9", "/srv", "ext4", "/dev/mapper/vault") +
                       mount("31 30", "7:0", "/srv/inner", "xfs", "/dev/loop0") +
                       mount("32 31", "0:77", "/srv/inner/tmp", "tmpfs", "tmpfs"));
    machine.write("proc/swaps", "Filename Type Size Used Priority\n/srv/swap file 4092 0 -3\n");
    EXPECT_THAT(commands("/dev/sda"),
                ElementsAre("umount --recursive /srv/inner", "swapoff /srv/swap",
                            "losetup --detach /dev/loop0", "umount --recursive /srv",
                            "cryptsetup close vault", "mdadm --stop /dev/md0"));
}

TEST_F(Interlocks, AVolumeOfFirmwareRaidIsStoppedBeforeItsContainer) {
    const auto container =
        machine.add("virtual", "md127", "9:127", 0, {{"md/metadata_version", "external:imsm\n"}});
    const auto data = machine.add("virtual", "md126", "9:126", 4000,
                                  {{"md/metadata_version", "external:/md127/0\n"}});
    for (const auto& array : {container, data}) {
        machine.stack(array, sda);
        machine.stack(array, sdb);
    }
    EXPECT_THAT(commands("/dev/sdb"),
                ElementsAre("mdadm --stop /dev/md126", "mdadm --stop /dev/md127"));
}

TEST_F(Interlocks, SwapInMemoryGuardsTheDriveThatItIsWrittenBackTo) {
    machine.add("virtual", "zram0", "252:0", 2000,
                {{"comp_algorithm", "lzo [zstd]\n"}, {"backing_dev", "/dev/sda1\n"}});
    machine.add("virtual", "zram1", "252:1", 2000,
                {{"comp_algorithm", "lzo [zstd]\n"}, {"backing_dev", "none\n"}});
    machine.write("proc/swaps", "Filename Type Size Used Priority\n"
                                "/dev/zram0 partition 4092 0 100\n"
                                "/dev/zram1 partition 4092 0 100\n");
    EXPECT_THAT(guards("/dev/sda"),
                ElementsAre("swap: /dev/zram0 is swapped on [swapoff /dev/zram0]",
                            "holder: /dev/zram0 (zram) stands on it "
                            "[echo 1 > /sys/block/zram0/reset]"));
    EXPECT_THAT(guards("/dev/sdb"), IsEmpty());
}

TEST_F(Interlocks, ZramWrittenBackToADriveOutOfSightMayUseAny) {
    machine.add("virtual", "zram0", "252:0", 2000,
                {{"comp_algorithm", "lzo [zstd]\n"}, {"backing_dev", "/dev/sdz1\n"}});
    EXPECT_THAT(guards("/dev/sdb"), ElementsAre("unknown-holder: the kernel names /dev/sdz1 but "
                                                "does not show it [echo 1 > "
                                                "/sys/block/zram0/reset]"));
}

TEST_F(Interlocks, BothSidesOfABcacheAreHeld) {
    machine.write(sda1 + "/bcache/dirty_data", "0\n");
    machine.link(sda1 + "/bcache/cache", "../../../fs/bcache/77-aa");
    machine.link(sdb + "/bcache/set", "../../../fs/bcache/77-aa");
    const auto top = machine.add("virtual", "bcache0", "250:0", 4000);
    machine.link(top + "/bcache", "../../../" + sda1.substr(sda1.find("devices/") + 8) + "/bcache");
    machine.set_mounts(mount("30 1", "250:0", "/srv", "ext4", "/dev/bcache0"));
    EXPECT_THAT(guards("/dev/sda"),
                ElementsAre("mounted: /dev/bcache0 is mounted at /srv [umount /srv]",
                            "holder: /dev/bcache0 (bcache) stands on it "
                            "[echo 1 > /sys/block/bcache0/bcache/stop]",
                            "holder: a cached device (bcache) stands on it "
                            "[echo 1 > /sys/class/block/sda1/bcache/stop]"));
    EXPECT_THAT(guards("/dev/sdb"), ElementsAre("holder: the cache set 77-aa (bcache) stands on it "
                                                "[echo 1 > /sys/fs/bcache/77-aa/stop]"));
    EXPECT_THAT(machine.detect(), SizeIs(2)) << "bcache0 is no drive";
}

TEST_F(Interlocks, TheDeviceThatTheMachineHibernatesTo) {
    machine.write("sys/power/resume", "8:1\n");
    EXPECT_THAT(guards("/dev/sda"), ElementsAre("swap: the machine hibernates to /dev/sda1 "
                                                "[echo 0:0 > /sys/power/resume]"));
    machine.write("sys/power/resume_offset", "34816\n");
    EXPECT_THAT(guards("/dev/sda"), ElementsAre("swap: the machine hibernates to a file on "
                                                "/dev/sda1 [echo 0:0 > /sys/power/resume]"));
    machine.write("sys/power/resume", "0:0\n");
    EXPECT_THAT(guards("/dev/sda"), IsEmpty());
    machine.write("proc/cmdline", "resume=/dev/sda1\n");
    EXPECT_THAT(guards("/dev/sda"),
                ElementsAre("swap: the machine hibernates to it: resume=/dev/sda1 on the kernel's "
                            "command line [restart the machine with noresume on the kernel's "
                            "command line]"));
    machine.write("proc/cmdline", "resume=/dev/sda1 noresume\n");
    EXPECT_THAT(guards("/dev/sda"), IsEmpty());
}

TEST_F(Interlocks, SwapSpaceThatIsNotShownMayBeOnAnyClaimedDrive) {
    machine.write("proc/swaps", "Filename Type Size Used Priority\n/dev/sdz2 partition 1 0 -2\n");
    EXPECT_THAT(guards("/dev/sda"), IsEmpty());
    machine.answers.claimed = {"/dev/sda"};
    EXPECT_THAT(guards("/dev/sda"), Contains("unknown-holder: the drive of the swap space "
                                             "/dev/sdz2 is not shown [swapoff /dev/sdz2]"));
}

TEST_F(Interlocks, AProcessThatMayCommandTheDrivePastItsNode) {
    machine.write(sda + "/device/scsi_generic/sg2/dev", "21:2\n");
    machine.write(sda + "/device/bsg/0:0:0:0/dev", "248:0\n");
    machine.write("proc/812/comm", "sg_dd\n");
    machine.link("proc/812/fd/5", "/dev/sg2");
    machine.write("proc/812/fdinfo/5", "flags:\t0100002\n");
    machine.link("proc/813/fd/5", "/dev/sg21");
    machine.write("proc/813/fdinfo/5", "flags:\t0100002\n");
    machine.write("proc/814/comm", "tool\n");
    machine.link("proc/814/fd/5", "/dev/bsg/0:0:0:0");
    machine.write("proc/814/fdinfo/5", "flags:\t0100001\n");
    EXPECT_THAT(
        guards("/dev/sda"),
        ElementsAre(
            "open-elsewhere: /dev/sg2 is open for writing in process 812 (sg_dd) [kill 812]",
            "open-elsewhere: /dev/bsg/0:0:0:0 is open for writing in process 814 (tool) "
            "[kill 814]"));
    EXPECT_THAT(guards("/dev/sdb"), IsEmpty());
}

// clone(2) without CLONE_FILES, unshare(CLONE_FILES): the descriptors of a thread may be its own,
// and the first thread may end before it, which leaves the process none to show.
TEST_F(Interlocks, AThreadWithDescriptorsOfItsOwn) {
    machine.write("proc/812/comm", "pool\n");
    machine.link("proc/812/task/812/fd/3", "/dev/null");
    machine.write("proc/812/task/812/fdinfo/3", "flags:\t02\n");
    machine.link("proc/812/task/814/fd/3", "/dev/sda");
    machine.write("proc/812/task/814/fdinfo/3", "flags:\t02\n");
    machine.link("proc/812/task/815/fd/3", "/dev/sda");
    machine.write("proc/812/task/815/fdinfo/3", "flags:\t02\n");
    EXPECT_THAT(guards("/dev/sda"),
                ElementsAre("open-elsewhere: /dev/sda is open for writing in process 812 (pool) "
                            "[kill 812]"));
    EXPECT_THAT(guards("/dev/sdb"), IsEmpty());
}

TEST_F(Interlocks, ADescriptorThatOnlyOneThreadHasForWriting) {
    machine.write("proc/812/comm", "pool\n");
    machine.link("proc/812/task/812/fd/3", "/dev/sda");
    machine.write("proc/812/task/812/fdinfo/3", "flags:\t00\n");
    EXPECT_THAT(guards("/dev/sda"), IsEmpty());
    machine.link("proc/812/task/813/fd/3", "/dev/sda");
    machine.write("proc/812/task/813/fdinfo/3", "flags:\t02\n");
    EXPECT_THAT(guards("/dev/sda"), Contains(StartsWith("open-elsewhere: /dev/sda is open for")));
}

TEST_F(Interlocks, AMappingOfAProcessWhoseFirstThreadHasEnded) {
    machine.answers.places["/dev/sda1"] = {.device = makedev(0, 6), .inode = 123};
    machine.write("proc/900/comm", "mapper\n");
    machine.write("proc/900/maps", "");
    machine.write("proc/900/task/900/maps", "");
    machine.write("proc/900/task/901/maps", "7f1-7f2 rw-s 00000000 00:06 123      /dev/sda1\n");
    EXPECT_THAT(guards("/dev/sda"),
                ElementsAre("open-elsewhere: /dev/sda1 is mapped for writing in "
                            "process 900 (mapper) [kill 900]"));
}

TEST_F(Interlocks, AProcessWithAnNvmeControllerOpenMayWriteToEveryNamespace) {
    const std::string bus = "pci0000:00/0000:01:00.0/nvme/nvme0";
    const std::string names[] = {"nvme0n1", "nvme0n2"};
    for (const std::string& name : names) {
        const auto drive = machine.add(bus, name, name == "nvme0n1" ? "259:0" : "259:1", 8000);
        machine.link(drive + "/device", "../..");
    }
    machine.write("sys/devices/" + bus + "/dev", "240:0\n");
    machine.write("sys/devices/" + bus + "/ng0n2/dev", "241:1\n");
    machine.write("proc/812/comm", "nvme\n");
    machine.link("proc/812/fd/3", "/dev/nvme0");
    machine.write("proc/812/fdinfo/3", "flags:\t0100002\n");
    machine.link("proc/812/fd/4", "/dev/ng0n2");
    machine.write("proc/812/fdinfo/4", "flags:\t0100002\n");
    EXPECT_THAT(guards("/dev/nvme0n1"),
                AllOf(Contains(StartsWith("open-elsewhere: /dev/nvme0 is open for writing")),
                      Not(Contains(StartsWith("open-elsewhere: /dev/ng0n2")))));
    EXPECT_THAT(guards("/dev/nvme0n2"),
                AllOf(Contains(StartsWith("open-elsewhere: /dev/nvme0 is open for writing")),
                      Contains(StartsWith("open-elsewhere: /dev/ng0n2 is open for writing"))));
}

TEST_F(Interlocks, AProcessThatHasTheNodeMappedWithoutADescriptor) {
    machine.answers.places["/dev/sda1"] = {.device = makedev(0, 6), .inode = 123};
    machine.write("proc/900/comm", "mapper\n");
    machine.write("proc/900/maps", "7f1-7f2 rw-s 00000000 00:06 123      /dev/sda1\n");
    EXPECT_THAT(guards("/dev/sda"),
                ElementsAre("open-elsewhere: /dev/sda1 is mapped for writing in "
                            "process 900 (mapper) [kill 900]"));
    machine.write("proc/900/maps", "7f1-7f2 r--s 00000000 00:06 123      /dev/sda1\n");
    EXPECT_THAT(guards("/dev/sda"), IsEmpty());
    machine.write("proc/900/maps", "7f1-7f2 rw-s\n");
    EXPECT_THAT(guards("/dev/sda"), ElementsAre("unknown-holder: the open files of process 900 "
                                                "(mapper) cannot be seen"));
}

TEST_F(Interlocks, ALockOnTheNodeOfAPartition) {
    machine.answers.places["/dev/sda1"] = {.device = makedev(0, 6), .inode = 321};
    machine.write("proc/locks", "1: FLOCK  ADVISORY  WRITE 77 00:06:321 0 EOF\n"
                                "2: OFDLCK ADVISORY  WRITE -1 00:06:321 0 EOF\n"
                                "3: POSIX  ADVISORY  WRITE 78 00:06:322 0 EOF\n");
    machine.write("proc/77/comm", "parted\n");
    EXPECT_THAT(guards("/dev/sda"),
                ElementsAre("open-elsewhere: it is locked by process 77 (parted) [kill 77]",
                            "open-elsewhere: it is locked by a process [fuser -v /dev/sda]"));
}

TEST_F(Interlocks, WhatTheKernelHandsOnToOtherMachines) {
    const std::string config = "sys/kernel/config/";
    const std::string space = config + "nvmet/subsystems/one/namespaces/";
    machine.write(space + "1/device_path", "/dev/sda1\n");
    machine.write(space + "1/enable", "1\n");
    machine.write(space + "2/device_path", "/dev/sdb\n");
    machine.write(space + "2/enable", "0\n");
    machine.write(config + "target/core/fileio_0/hba_info", "x\n");
    machine.write(config + "target/core/fileio_0/disk/udev_path", "/dev/sda\n");
    machine.write(config + "target/core/fileio_0/disk/enable", "1\n");
    machine.write(config + "usb_gadget/g1/functions/mass_storage.usb0/lun.0/file", "/dev/sda\n");
    machine.write(config + "usb_gadget/g1/functions/mass_storage.usb0/lun.1/file", "\n");
    EXPECT_THAT(
        guards("/dev/sda"),
        ElementsAre("holder: the export one namespace 1 (nvmet) stands on it [echo 0 > "
                    "/sys/kernel/config/nvmet/subsystems/one/namespaces/1/enable]",
                    "holder: the export disk (target) stands on it "
                    "[targetcli /backstores/fileio delete disk]",
                    "holder: the export g1 lun.0 (usb-gadget) stands on it [echo '' > "
                    "/sys/kernel/config/usb_gadget/g1/functions/mass_storage.usb0/lun.0/file]"));
    EXPECT_THAT(guards("/dev/sdb"), IsEmpty());
}

TEST_F(Interlocks, AReadOnlyLoopDeviceIsAttachedAgain) {
    const auto loop =
        machine.add("virtual", "loop1", "7:1", 2048, {{"loop/backing_file", "/srv/a b.img\n"}});
    machine.write(loop + "/ro", "1\n");
    machine.set_mounts(mount("30 1", "0:30", "/", "tmpfs", "tmpfs"));
    EXPECT_THAT(guards("/dev/loop1"),
                ElementsAre("read-only: /dev/loop1 is read-only [losetup --detach /dev/loop1; "
                            "losetup /dev/loop1 '/srv/a b.img']"));
}

TEST_F(Interlocks, EveryPlaceOfEvidence) {
    machine.set_mounts(mount("30 1", "8:1", "/evidence", "ext4", "/dev/sda1") +
                       mount("31 1", "8:16", "/log", "ext4", "/dev/sdb"));
    const DetectRequest request{"/evidence/state", false, {"/log/quietus.log"}};
    EXPECT_THAT(guard_lines(machine.drive("/dev/sda", request)),
                Contains("state-on-drive: it holds the state directory /evidence/state [choose a "
                         "state directory on another drive]"));
    EXPECT_THAT(guard_lines(machine.drive("/dev/sdb", request)),
                Contains("state-on-drive: it holds documents or the log in /log/quietus.log "
                         "[choose a place on another drive]"));
}

TEST_F(Interlocks, TheStateDirectoryIsFollowedByTheKernelsWordForItsMount) {
    machine.set_mounts(mount("30 1", "8:16", "/", "ext4", "/dev/sdb") +
                       mount("31 30", "0:42", "/pool", "btrfs", "/dev/sda1"));
    // A link into a subvolume: st_dev is in no table, the path leads elsewhere.
    machine.answers.places["/var/lib/quietus"] = {
        .device = makedev(0, 99), .inode = 7, .mount = 31};
    EXPECT_THAT(guard_lines(machine.drive("/dev/sda", {"/var/lib/quietus", false})),
                Contains(StartsWith("state-on-drive: ")));
    EXPECT_THAT(guard_lines(machine.drive("/dev/sdb", {"/var/lib/quietus", false})),
                Not(Contains(StartsWith("state-on-drive: "))));
}

TEST_F(Interlocks, RootOfAContainerIsNotTheSystem) {
    machine.link("proc/self/ns/mnt", "mnt:[1]");
    machine.link("proc/77/ns/mnt", "mnt:[2]");
    machine.write("proc/77/mountinfo", mount("90 1", "8:1", "/", "ext4", "/dev/sda1"));
    EXPECT_THAT(guards("/dev/sda"), ElementsAre("mounted: /dev/sda1 is mounted at /"));
}

TEST_F(Interlocks, TheLogOfAFileSystemOnAnotherDrive) {
    machine.set_mounts("30 1 8:1 / /srv rw - xfs /dev/sda1 rw,logdev=/dev/sdb,noquota\n");
    EXPECT_THAT(guards("/dev/sdb"),
                ElementsAre("mounted: /dev/sda1 is mounted at /srv [umount /srv]"));
}

TEST_F(Interlocks, TwoDrivesWithOneSerialNumber) {
    const auto other = machine.add_sata("sdc", "8:32");
    machine.write(other + "/device/vpd_pg80",
                  std::string("\0\x80\0\x14", 4) + "     WD-WCC7K0123456");
    EXPECT_THAT(guards("/dev/sda"), ElementsAre("weak-identity: its serial number is that of "
                                                "/dev/sdc too"));
    EXPECT_THAT(guards("/dev/sdc"), ElementsAre("weak-identity: its serial number is that of "
                                                "/dev/sda too"));
    EXPECT_THAT(guards("/dev/sdb"), IsEmpty());
}

TEST(Guards, OfADriveBehindANetwork) {
    Drive drive;
    drive.kind = DriveKind::nvme;
    drive.identity_source = IdentitySource::drive;
    drive.serial = "1";
    drive.size_bytes = 512;
    drive.fabric = "tcp";
    DriveFacts facts;
    facts.claimed = false;
    drive.guards = guards_of(drive, facts, {});
    EXPECT_THAT(guard_lines(drive), ElementsAre("fabrics: it is reached over a network (tcp)"));
}

} // namespace
} // namespace quietus
