// The system, its boot files and the live medium, found by what names them, mounted or not.
#include "recorded_machine.hpp"

#include "quietus/core/bytes.hpp"

#include <gmock/gmock.h>

#include <sys/sysmacros.h>

namespace quietus {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

class OwnDrives : public testing::Test {
  protected:
    RecordedMachine machine;
    std::string sda = machine.add_sata("sda", "8:0");
    std::string sdb = machine.add_sata("sdb", "8:16");
    std::string sda1 = machine.add_partition(sda, "sda1", "8:1", 2048, 4096);
    std::string sdb1 = machine.add_partition(sdb, "sdb1", "8:17", 2048, 4096);

    // What libblkid would find in the first partition of the drive.
    void holds(const std::string& node, const std::string& type, const std::string& label,
               const std::string& uuid, const std::string& part_uuid = "") {
        Contents contents;
        Content content;
        content.type = type;
        content.label = label;
        content.uuid = uuid;
        content.offset_bytes = 2048 * 512;
        contents.found = {content};
        contents.partitions = {{2048 * 512, 4096 * 512, part_uuid, ""}};
        machine.answers.contents[node] = contents;
    }
    [[nodiscard]] std::vector<std::string> guards(const std::string& node) const {
        return guard_lines(machine.drive(node));
    }
    static std::string mounted(const std::string& number, const std::string& point,
                               const std::string& type, const std::string& source,
                               const std::string& options = "ro") {
        return RecordedMachine::mount_line(number, point, type, source, options);
    }
};

TEST_F(OwnDrives, TheMediumOfALiveSystemThatWasCopiedToMemory) {
    holds("/dev/sdb", "iso9660", "LIVE_41", "2026-11-01-10-30-00-00");
    machine.set_mounts(mounted("0:30", "/", "tmpfs", "tmpfs"));
    for (const char* line :
         {"root=live:CDLABEL=LIVE_41 rd.live.ram=1", "boot=live live-media=/dev/sdb1 toram",
          "archisolabel=LIVE_41 copytoram", "quietus.bootuuid=2026-11-01-10-30-00-00"}) {
        machine.write("proc/cmdline", std::string(line) + "\n");
        EXPECT_THAT(guards("/dev/sdb"),
                    ElementsAre(AllOf(StartsWith("live: the running system names it: "),
                                      testing::EndsWith("[start the machine from another drive]"))))
            << line;
        EXPECT_THAT(guards("/dev/sda"), IsEmpty()) << line;
    }
}

TEST_F(OwnDrives, AStrangerWithTheLabelOfTheMediumRefusesItselfAndReleasesNothing) {
    machine.write("proc/cmdline", "root=live:CDLABEL=LIVE_41\n");
    holds("/dev/sda", "ext4", "LIVE_41", "");
    holds("/dev/sdb", "iso9660", "LIVE_41", "");
    EXPECT_THAT(guards("/dev/sda"), ElementsAre(StartsWith("live: ")));
    EXPECT_THAT(guards("/dev/sdb"), ElementsAre(StartsWith("live: ")));
    // Where the medium is mounted, that settles which of them is meant.
    machine.set_mounts(mounted("8:17", "/run/initramfs/live", "iso9660", "/dev/sdb1"));
    EXPECT_THAT(guards("/dev/sda"), IsEmpty());
    EXPECT_THAT(guards("/dev/sdb"),
                ElementsAre("live: the running system was started from it (/run/initramfs/live) "
                            "[umount /run/initramfs/live]",
                            "mounted: /dev/sdb1 is mounted at /run/initramfs/live "
                            "[umount /run/initramfs/live]"));
}

TEST_F(OwnDrives, TheMediumAtEveryPointWhereLiveSystemsMountIt) {
    for (const char* point :
         {"/run/live/medium", "/lib/live/mount/medium", "/run/initramfs/live",
          "/run/archiso/bootmnt", "/cdrom", "/isodevice", "/run/live/findiso",
          "/run/live/persistence/sdb1", "/run/miso/bootmnt", "/run/install/repo"}) {
        machine.set_mounts(mounted("8:17", point, "iso9660", "/dev/sdb1"));
        EXPECT_THAT(guards("/dev/sdb"), Contains(StartsWith("live: "))) << point;
    }
    for (const char* point : {"/cdrom2", "/media/cdrom", "/run/live", "/run/live/mediums",
                              "/run/live/persistence/", "/srv/run/live/medium"}) {
        machine.set_mounts(mounted("8:17", point, "iso9660", "/dev/sdb1"));
        EXPECT_THAT(guards("/dev/sdb"), Not(Contains(StartsWith("live: ")))) << point;
    }
}

TEST_F(OwnDrives, TheStackOfALiveSystemDownToTheIsoFileOnItsStick) {
    machine.add("virtual", "loop0", "7:0", 2048, {{"loop/backing_file", "/isodevice/live.iso\n"}});
    machine.add("virtual", "loop1", "7:1", 2048,
                {{"loop/backing_file", "/cdrom/casper/filesystem.squashfs\n"}});
    machine.write("proc/cmdline", "boot=casper iso-scan/filename=/live.iso\n");
    machine.answers.places["/isodevice/live.iso"] = {.device = makedev(8, 17), .inode = 12};
    machine.set_mounts(mounted("8:17", "/isodevice", "vfat", "/dev/sdb1") +
                       mounted("7:0", "/cdrom", "iso9660", "/dev/loop0") +
                       mounted("7:1", "/rofs", "squashfs", "/dev/loop1") +
                       mounted("0:31", "/", "overlay", "overlay",
                               "rw,lowerdir=/rofs,upperdir=/cow/up,workdir=/cow/work") +
                       mounted("0:30", "/cow", "tmpfs", "tmpfs"));
    EXPECT_THAT(guards("/dev/sdb"),
                AllOf(Contains("system: the running system stands on it"),
                      Contains(StartsWith("live: the running system was started from it (/cdrom)")),
                      Contains(StartsWith("live: the running system was started from it "
                                          "(/isodevice)")),
                      Contains(StartsWith("live: the running system names it: it runs from "
                                          "/live.iso"))));
    EXPECT_THAT(guards("/dev/sda"), IsEmpty());
}

TEST_F(OwnDrives, TheSystemThatTheCommandLineNamesAndNoMountShows) {
    machine.write("proc/cmdline", "root=UUID=AB-12 ro\n");
    holds("/dev/sda", "ext4", "", "ab-12");
    EXPECT_THAT(guards("/dev/sda"), ElementsAre("system: the running system names it: root=UUID="
                                                "AB-12 on the kernel's command line"));
    EXPECT_THAT(guards("/dev/sdb"), IsEmpty());
}

TEST_F(OwnDrives, ACopyOfTheMountedSystemIsNotTheSystem) {
    machine.write("proc/cmdline", "root=UUID=ab-12 ro\n");
    machine.write("proc/self/root/etc/fstab", "UUID=ab-12 / ext4 defaults 0 1\n");
    holds("/dev/sda", "ext4", "", "ab-12");
    holds("/dev/sdb", "ext4", "", "ab-12");
    machine.set_mounts(mounted("8:1", "/", "ext4", "/dev/sda1"));
    EXPECT_THAT(guards("/dev/sda"), Contains("system: the running system stands on it"));
    EXPECT_THAT(guards("/dev/sdb"), IsEmpty());
}

TEST_F(OwnDrives, TheBootFilesThatTheTableOfFileSystemsNamesAndNoMountShows) {
    machine.write("proc/1/root/etc/fstab", "PARTUUID=1a2b3c4d-01 /boot/efi vfat noauto 0 2\n");
    holds("/dev/sdb", "vfat", "ESP", "77-AA", "1a2b3c4d-01");
    EXPECT_THAT(guards("/dev/sdb"),
                ElementsAre("boot: the running system names it: PARTUUID=1a2b3c4d-01 for /boot/efi "
                            "in /etc/fstab [start the machine from another drive]"));
    EXPECT_THAT(guards("/dev/sda"), IsEmpty());
    machine.set_mounts(mounted("8:17", "/boot/efi", "vfat", "/dev/sdb1"));
    EXPECT_THAT(guards("/dev/sdb"),
                Contains("boot: the machine starts from it (/boot/efi) [umount /boot/efi]"));
}

TEST_F(OwnDrives, ThePartitionThatTheBootLoaderWasStartedFrom) {
    const std::string uuid = "c12a7328-f81f-11d2-ba4b-00a0c93ec93b";
    std::string wide("\6\0\0\0", 4);
    for (const char each : uuid)
        wide += {each, '\0'};
    machine.write("sys/firmware/efi/efivars/LoaderDevicePartUUID-4a67b082-0a4c-41cf-b6c7-"
                  "440b29bb8c4f",
                  wide + std::string(2, '\0'));
    holds("/dev/sda", "vfat", "", "", uuid);
    EXPECT_THAT(guards("/dev/sda"),
                ElementsAre("boot: the running system names it: the boot loader was started from "
                            "its partition " +
                            uuid + " [start the machine from another drive]"));
    EXPECT_THAT(guards("/dev/sdb"), IsEmpty());
}

TEST_F(OwnDrives, ThePartitionThatTheFirmwareChose) {
    const std::string vendor = "-8be4df61-93ca-11d2-aa0d-00e098032b8c";
    const auto write = [&](const std::string& name, const std::string& digits) {
        const auto bytes = from_hex(digits);
        ASSERT_TRUE(bytes);
        machine.write("sys/firmware/efi/efivars/" + name + vendor, std::string(as_text(*bytes)));
    };
    write("BootCurrent", "060000001a00");
    // No description; HD(1,MBR,0x1a2b3c4d,...), end.
    write("Boot001A", "07000000"
                      "01000000"
                      "2e00"
                      "0000"
                      "04012a00"
                      "01000000"
                      "0008000000000000"
                      "0000100000000000"
                      "4d3c2b1a000000000000000000000000"
                      "0101"
                      "7fff0400");
    holds("/dev/sdb", "vfat", "", "", "1a2b3c4d-01");
    EXPECT_THAT(guards("/dev/sdb"), ElementsAre(StartsWith("boot: the running system names it: the "
                                                           "firmware was started from")));
    EXPECT_THAT(guards("/dev/sda"), IsEmpty());
}

TEST_F(OwnDrives, AreFoundThroughTheLinksOfUdevWhenTheDriveIsMapped) {
    const auto crypt = machine.add("virtual", "dm-0", "253:0", 4000,
                                   {{"dm/name", "vault\n"}, {"dm/uuid", "CRYPT-LUKS2-00\n"}});
    machine.stack(crypt, sda1);
    machine.link("dev/disk/by-label/my\\x20system", "../../dm-0");
    machine.write("proc/cmdline", "root=\"LABEL=my system\"\n");
    EXPECT_THAT(guards("/dev/sda"), Contains(StartsWith("system: ")));
    EXPECT_THAT(guards("/dev/sdb"), IsEmpty());
}

TEST_F(OwnDrives, AnEmptyNameIsNobodys) {
    machine.write("proc/cmdline", "root=LABEL= archisolabel= resume=UUID=\n");
    holds("/dev/sda", "ext4", "", "");
    EXPECT_THAT(guards("/dev/sda"), IsEmpty());
}

} // namespace
} // namespace quietus
