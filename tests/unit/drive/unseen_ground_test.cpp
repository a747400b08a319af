// Mounts whose drives cannot be established: what refuses which drives, and what proves that it
// need not. ZFS above all.
#include "recorded_machine.hpp"

#include <gmock/gmock.h>

namespace quietus {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

class UnseenGround : public testing::Test {
  protected:
    RecordedMachine machine;
    std::string sda = machine.add_sata("sda", "8:0");
    std::string sdb = machine.add_sata("sdb", "8:16");
    std::string sda1 = machine.add_partition(sda, "sda1", "8:1", 2048, 4096);

    void holds_pool(const std::string& node, const std::string& pool, const std::string& guid) {
        Content content;
        content.type = "zfs_member";
        content.label = pool;
        content.uuid = guid;
        Contents contents;
        contents.found = {content};
        machine.answers.contents[node] = contents;
    }
    void mounts(const std::string& number, const std::string& type, const std::string& source,
                const std::string& options = "rw") {
        machine.set_mounts(RecordedMachine::mount_line(number, "/data", type, source, options));
    }
    [[nodiscard]] std::vector<std::string> guards(const std::string& node) const {
        return guard_lines(machine.drive(node));
    }
};

TEST_F(UnseenGround, MembersOfAnImportedPoolAreHeldByIt) {
    machine.write("proc/spl/kstat/zfs/arcstats", "x\n");
    machine.write("proc/spl/kstat/zfs/tank/state", "ONLINE\n");
    holds_pool("/dev/sda", "tank", "7340032");
    holds_pool("/dev/sdb", "tank2", "7340033");
    EXPECT_THAT(guards("/dev/sda"),
                ElementsAre("holder: the pool tank (zfs) stands on it [zpool export tank]"));
    EXPECT_THAT(guards("/dev/sdb"), IsEmpty()) << "another pool, not imported";
    mounts("0:55", "zfs", "tank/home");
    EXPECT_THAT(guards("/dev/sda"),
                ElementsAre("mounted: tank/home is mounted at /data [umount /data]",
                            "holder: the pool tank (zfs) stands on it [zpool export tank]"));
    EXPECT_THAT(guards("/dev/sdb"), IsEmpty());
}

TEST_F(UnseenGround, APoolWithoutKnownMembersRefusesEveryDriveThatIsClaimed) {
    mounts("0:55", "zfs", "tank");
    machine.answers.claimed = {"/dev/sda"};
    EXPECT_THAT(
        guards("/dev/sda"),
        ElementsAre("open-elsewhere: somebody holds /dev/sda exclusively: no process seen from "
                    "here has it open, so it may be the kernel itself (a pool, a target or "
                    "a driver) [fuser -v /dev/sda]",
                    "unknown-holder: the drives of the ZFS pool tank are not known "
                    "[umount /data]"));
    // The pool would hold it exclusively if it were on it, and the kernel grants it to us.
    EXPECT_THAT(guards("/dev/sdb"), IsEmpty());
}

TEST_F(UnseenGround, ADriveThatDoesNotTellWhetherItIsClaimedIsRefused) {
    mounts("0:55", "zfs", "tank");
    machine.answers.silent = {"/dev/sdb"};
    EXPECT_THAT(guards("/dev/sdb"),
                ElementsAre("unknown-holder: the drives of the ZFS pool tank are not known "
                            "[umount /data]",
                            "unknown-holder: it does not answer"));
}

TEST_F(UnseenGround, AClaimThatIsExplainedNeedsNoOtherExplanation) {
    machine.answers.claimed = {"/dev/sda"};
    machine.set_mounts(RecordedMachine::mount_line("0:55", "/data", "zfs", "tank") +
                       RecordedMachine::mount_line("8:1", "/srv", "ext4", "/dev/sda1"));
    EXPECT_THAT(guards("/dev/sda"),
                ElementsAre("mounted: /dev/sda1 is mounted at /srv [umount /srv]"));
}

TEST_F(UnseenGround, AVolumeOfAPoolIsNoDriveAndStandsOnThePool) {
    machine.write("proc/spl/kstat/zfs/tank/state", "ONLINE\n");
    holds_pool("/dev/sda", "tank", "7340032");
    machine.add("virtual", "zd0", "230:0", 4000);
    mounts("230:0", "ext4", "/dev/zd0");
    EXPECT_THAT(guards("/dev/sda"),
                Contains("mounted: /dev/zd0 is mounted at /data [umount /data]"));
    EXPECT_THAT(machine.detect(), testing::SizeIs(2));
}

TEST_F(UnseenGround, RootOnZfsIsTheSystem) {
    machine.write("proc/spl/kstat/zfs/rpool/state", "ONLINE\n");
    machine.write("proc/cmdline", "root=ZFS=rpool/ROOT/debian\n");
    machine.set_mounts(RecordedMachine::mount_line("0:25", "/", "zfs", "rpool/ROOT/debian"));
    holds_pool("/dev/sdb", "rpool", "1");
    EXPECT_THAT(guards("/dev/sdb"), Contains("system: the running system stands on it"));
    EXPECT_THAT(guards("/dev/sda"), IsEmpty());
}

TEST_F(UnseenGround, LayersThatLeadNowhereRefuseWhatIsClaimed) {
    machine.answers.claimed = {"/dev/sda"};
    for (const char* options : {"rw,lowerdir=/var/lib/layers/1", "rw,lowerdir=l/AB:l/CD"}) {
        machine.set_mounts(RecordedMachine::mount_line("0:30", "/", "overlay", "overlay", options));
        EXPECT_THAT(guards("/dev/sda"), Contains(StartsWith("unknown-holder: the layers of / ")));
        EXPECT_THAT(guards("/dev/sdb"), IsEmpty()) << options;
    }
}

TEST_F(UnseenGround, AFileSystemOfADriveThatWasPulledRefusesNoOther) {
    mounts("8:99", "ext4", "/dev/sdz");
    EXPECT_THAT(guards("/dev/sda"), IsEmpty());
    machine.answers.claimed = {"/dev/sda"};
    EXPECT_THAT(guards("/dev/sda"),
                Contains(StartsWith("unknown-holder: the device beneath /data ")));
}

TEST_F(UnseenGround, AKindOfFileSystemThatWeDoNotKnowMayBeOnAnyDrive) {
    mounts("0:77", "gpfs", "gpfs0");
    EXPECT_THAT(guards("/dev/sda"),
                ElementsAre("unknown-holder: the drives beneath /data (gpfs from gpfs0) are not "
                            "known [umount /data]"));
    mounts("0:77", "newfs", "/dev/sda1");
    EXPECT_THAT(guards("/dev/sda"), AllOf(Contains(StartsWith("mounted: /dev/sda1 is mounted")),
                                          Contains(StartsWith("unknown-holder: "))));
    EXPECT_THAT(guards("/dev/sdb"), Contains(StartsWith("unknown-holder: ")));
}

TEST_F(UnseenGround, FileSystemsInMemoryOnTheNetworkOrOfAnotherMachineRefuseNothing) {
    machine.answers.claimed = {};
    for (const char* type : {"tmpfs", "ramfs", "devtmpfs", "proc", "sysfs", "cgroup2", "nfs",
                             "nfs4", "cifs", "smb3", "ceph", "virtiofs", "9p", "fuse.sshfs", "fuse",
                             "autofs", "efivarfs", "nsfs", "overlay"}) {
        mounts("0:77", type, "something");
        EXPECT_THAT(guards("/dev/sda"), IsEmpty()) << type;
    }
}

TEST_F(UnseenGround, AFileSystemOfAProcessStandsOnTheNodeThatItNames) {
    mounts("0:77", "fuse.apfs", "/dev/sda1");
    EXPECT_THAT(guards("/dev/sda"),
                ElementsAre("mounted: /dev/sda1 is mounted at /data [umount /data]"));
    EXPECT_THAT(guards("/dev/sdb"), IsEmpty());
}

TEST_F(UnseenGround, AFileSystemInAFileOrADirectoryStandsWhereThatDoes) {
    for (const char* type : {"erofs", "ecryptfs"}) {
        machine.set_mounts(RecordedMachine::mount_line("8:16", "/srv", "ext4", "/dev/sdb") +
                           RecordedMachine::mount_line("0:77", "/data", type, "/srv/inner"));
        EXPECT_THAT(guards("/dev/sdb"),
                    Contains("mounted: /srv/inner is mounted at /data [umount /data]"))
            << type;
        EXPECT_THAT(guards("/dev/sda"), IsEmpty());
    }
}

TEST_F(UnseenGround, AFileSystemOnSeveralDrivesStandsOnAllOfThem) {
    machine.write("sys/fs/bcachefs/7f-aa/options/x", "1\n");
    machine.link("sys/fs/bcachefs/7f-aa/dev-0/block", "../../../../block/sda/sda1");
    machine.link("sys/fs/bcachefs/7f-aa/dev-1/block", "../../../../block/sdb");
    mounts("0:77", "bcachefs", "/dev/sda1");
    EXPECT_THAT(guards("/dev/sdb"), ElementsAre(StartsWith("mounted: ")));
    machine.remove("sys/fs/bcachefs/7f-aa/dev-0/block");
    machine.remove("sys/fs/bcachefs/7f-aa/dev-1/block");
    mounts("0:77", "bcachefs", "/dev/sda1:/dev/sdb");
    EXPECT_THAT(guards("/dev/sdb"), ElementsAre(StartsWith("mounted: ")));
    mounts("0:77", "btrfs", "/dev/root");
    EXPECT_THAT(guards("/dev/sdb"), IsEmpty());
    machine.answers.claimed = {"/dev/sdb"};
    EXPECT_THAT(guards("/dev/sdb"), Contains(StartsWith("unknown-holder: the drives beneath ")));
}

TEST_F(UnseenGround, AFileBehindAnotherProcessIsNeverLookedAt) {
    machine.add("virtual", "loop0", "7:0", 2000, {{"loop/backing_file", "/data/drive\n"}});
    machine.add("virtual", "loop1", "7:1", 2000, {{"loop/backing_file", "/data/drive\n"}});
    mounts("0:77", "fuse.lying_drive", "lying_drive");
    // A place that, were it asked for, would make it look like another file on sdb.
    machine.answers.places["/data/drive"] = {.device = 0x810, .inode = 3};
    EXPECT_THAT(guards("/dev/sdb"), IsEmpty());
    EXPECT_THAT(guards("/dev/loop0"), ElementsAre("open-elsewhere: /data/drive is attached as "
                                                  "/dev/loop1 [losetup --detach /dev/loop1]"));
}

TEST_F(UnseenGround, ALoopDeviceOverANodeThatIsGoneMayBeOverAnyDrive) {
    machine.add("virtual", "loop0", "7:0", 2000, {{"loop/backing_file", "/dev/sdz (deleted)\n"}});
    machine.set_mounts(RecordedMachine::mount_line("0:6", "/dev", "devtmpfs", "udev"));
    EXPECT_THAT(guards("/dev/sda"),
                ElementsAre("unknown-holder: the kernel names /dev/sdz (deleted) "
                            "but does not show it [losetup --detach /dev/loop0]"));
}

} // namespace
} // namespace quietus
