#include "named_devices.hpp"

#include <gmock/gmock.h>

#include <map>

namespace quietus {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// "live label FEDORA_LIVE", one a device that the line names.
std::vector<std::string> named_by(const std::string& line) {
    const std::map<NameTag, std::string> tags{{NameTag::node, "node"},
                                              {NameTag::number, "number"},
                                              {NameTag::uuid, "uuid"},
                                              {NameTag::label, "label"},
                                              {NameTag::part_uuid, "part_uuid"},
                                              {NameTag::part_label, "part_label"},
                                              {NameTag::pool, "pool"}};
    std::vector<std::string> names;
    for (const NamedDevice& named : parse_command_line(line).devices)
        names.push_back(std::string(to_text(named.interlock)) + " " + tags.at(named.name.tag) +
                        " " + named.name.value);
    return names;
}

// Each as its own documentation gives it.
TEST(CommandLine, NamesTheRootOfAnInstalledSystem) {
    EXPECT_THAT(named_by("BOOT_IMAGE=(hd0,gpt2)/vmlinuz-6.6 root=UUID=3f-aa ro quiet"),
                ElementsAre("system uuid 3f-aa"));
    EXPECT_THAT(named_by("root=/dev/sda2 rw"), ElementsAre("system node /dev/sda2"));
    EXPECT_THAT(named_by("root=/dev/mapper/vg-root"),
                ElementsAre("system node /dev/mapper/vg-root"));
    EXPECT_THAT(named_by("root=PARTUUID=1a2b3c4d-02/PARTNROFF=1"),
                ElementsAre("system part_uuid 1a2b3c4d-02"));
    EXPECT_THAT(named_by("root=PARTLABEL=root"), ElementsAre("system part_label root"));
    EXPECT_THAT(named_by("root=8:2"), ElementsAre("system number 8:2"));
    EXPECT_THAT(named_by("root=ZFS=rpool/ROOT/debian"), ElementsAre("system pool rpool"));
    EXPECT_THAT(named_by("root=zfs:rpool/ROOT"), ElementsAre("system pool rpool"));
    EXPECT_THAT(named_by("root=/dev/disk/by-label/my\\x20root"),
                ElementsAre("system label my root"));
    EXPECT_THAT(named_by("mount.usr=LABEL=usr boot=UUID=77-AB"),
                ElementsAre("system label usr", "boot uuid 77-AB"));
}

TEST(CommandLine, NamesTheMediumOfALiveSystem) {
    EXPECT_THAT(named_by("root=live:CDLABEL=Fedora-WS-Live-41 rd.live.image"),
                ElementsAre("live label Fedora-WS-Live-41"));
    EXPECT_THAT(named_by("root=live:/dev/disk/by-label/LIVE"), ElementsAre("live label LIVE"));
    EXPECT_THAT(named_by("boot=live live-media=/dev/sdb1"), ElementsAre("live node /dev/sdb1"));
    EXPECT_THAT(named_by("fromiso=/dev/sda1/images/live.iso"), ElementsAre("live node /dev/sda1"));
    EXPECT_THAT(named_by("fromiso=/dev/disk/by-uuid/9A-BC/live.iso"),
                ElementsAre("live uuid 9A-BC"));
    EXPECT_THAT(named_by("archisobasedir=arch archisolabel=ARCH_202611"),
                ElementsAre("live label ARCH_202611"));
    EXPECT_THAT(named_by("archisosearchuuid=2026-11-01-10-30-00-00"),
                ElementsAre("live uuid 2026-11-01-10-30-00-00"));
    EXPECT_THAT(named_by("img_dev=/dev/disk/by-partuuid/aa-01 img_loop=/arch.iso"),
                ElementsAre("live part_uuid aa-01"));
    EXPECT_THAT(named_by("inst.stage2=hd:LABEL=Rocky-9-4-x86_64-dvd:/images"),
                ElementsAre("live label Rocky-9-4-x86_64-dvd"));
    EXPECT_THAT(named_by("quietus.bootuuid=2025-10-09-08-53-20-00"),
                ElementsAre("live uuid 2025-10-09-08-53-20-00"));
}

TEST(CommandLine, NamesTheIsoFileOfALiveSystem) {
    EXPECT_THAT(parse_command_line("boot=live findiso=/iso/debian.iso").iso_files,
                ElementsAre("/iso/debian.iso"));
    EXPECT_THAT(parse_command_line("iso-scan/filename=/ubuntu.iso").iso_files,
                ElementsAre("/ubuntu.iso"));
    EXPECT_THAT(parse_command_line("fromiso=/dev/sda1/live.iso findiso=").iso_files, IsEmpty());
}

TEST(CommandLine, NamesNothingByWordsThatAreNoDevices) {
    for (const char* line :
         {"", "root=", "root=UUID=", "root=/dev/", "root=/dev//x", "root=nfs:192.0.2.1:/root",
          "root=live:http://192.0.2.1/squash.img", "root=dhcp", "boot=live", "boot=casper",
          "live-media=removable", "BOOT_IMAGE=/live/vmlinuz", "rooted=/dev/sda", "xroot=/dev/sda",
          "noroot root", "quiet -- root=/dev/sda1", "label=/dev/sda"})
        EXPECT_THAT(named_by(line), IsEmpty()) << line;
}

TEST(CommandLine, KeepsBlanksInQuotes) {
    EXPECT_THAT(named_by("root=\"LABEL=my root\" \"resume=LABEL=my swap\""),
                ElementsAre("system label my root", "swap label my swap"));
}

TEST(CommandLine, TellsWhetherAndWhereTheMachineResumes) {
    const CommandLine line = parse_command_line("resume=UUID=5e-0f resume_offset=34816");
    EXPECT_TRUE(line.may_resume);
    EXPECT_TRUE(line.resumes_from_file);
    ASSERT_EQ(line.devices.size(), 1u);
    EXPECT_EQ(line.devices[0].interlock, Interlock::swap);
    EXPECT_EQ(line.devices[0].said, "resume=UUID=5e-0f on the kernel's command line");
    for (const char* word : {"noresume", "nohibernate", "hibernate=no"})
        EXPECT_FALSE(parse_command_line("resume=/dev/sda2 " + std::string(word)).may_resume);
    EXPECT_TRUE(parse_command_line("hibernate=nocompress").may_resume);
}

TEST(Fstab, NamesTheRootAndTheBootFilesAlone) {
    const auto named = parse_fstab("# /etc/fstab\n"
                                   "UUID=aa-1  /            ext4 defaults 0 1\n"
                                   "\tLABEL=ESP /boot/efi   vfat noauto 0 2\n"
                                   "PARTUUID=\"bb-01\" /efi  vfat noauto\n"
                                   "/dev/sdb1  /srv/backup  ext4 noauto 0 0\n"
                                   "/dev/sdb2  none         swap sw 0 0\n"
                                   "tmpfs      /boot        tmpfs\n"
                                   "UUID=cc-1\n"
                                   "#UUID=dd-1 /boot ext4 defaults 0 0\n");
    ASSERT_EQ(named.size(), 3u);
    EXPECT_EQ(named[0].interlock, Interlock::system);
    EXPECT_EQ(named[0].name, (DeviceName{NameTag::uuid, "aa-1"}));
    EXPECT_EQ(named[1].interlock, Interlock::boot);
    EXPECT_EQ(named[1].name, (DeviceName{NameTag::label, "ESP"}));
    EXPECT_EQ(named[1].said, "LABEL=ESP for /boot/efi in /etc/fstab");
    EXPECT_EQ(named[2].name, (DeviceName{NameTag::part_uuid, "bb-01"}));
}

} // namespace
} // namespace quietus
