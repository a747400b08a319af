// Drives that somebody uses at one remove or more: other names, other namespaces, other drives on
// top. As in interlock_test.cpp.
#include "interlock_fixture.hpp"

namespace quietus::rig {
namespace {

using testing::AllOf;
using testing::Not;

class InterlockStacks : public Interlocks {
  protected:
    // Without a journal and without anything that is finished later in the background.
    void make_file_system() const { shall({"mkfs.ext2", "-q", loop->node()}); }
};

TEST_F(InterlockStacks, ABindMountOfADirectoryOnIt) {
    make_file_system();
    take_code();
    const std::string point = mount_drive(loop->node());
    const std::string other = scratch.path("other");
    std::filesystem::create_directory(other);
    shall({"mount", "--bind", point + "/lost+found", other});
    EXPECT_THAT(refusal_of(loop->node()),
                AllOf(HasSubstr(loop->node() + " is mounted at " + point),
                      HasSubstr(loop->node() + " is mounted at " + other)));
    shall({"umount", point});
    expect_refused("mounted: " + loop->node() + " is mounted at " + other, "umount " + other);
    shall({"umount", other});
}

TEST_F(InterlockStacks, AMountThatOnlyAnotherNamespaceSees) {
    if (is_in_chroot()) GTEST_SKIP() << "in a chroot mounts have two names";
    make_file_system();
    take_code();
    const std::string point = scratch.path("elsewhere");
    std::filesystem::create_directory(point);
    Program holder(
        {"unshare", "--mount", "--propagation", "private", "sh", "-c",
         "mount -o ro " + loop->node() + " " + point + " && echo mounted && exec sleep 300"});
    ASSERT_TRUE(holder.prints("mounted")) << holder.errors();
    expect_refused("mounted: " + loop->node() + " is mounted at " + point,
                   "nsenter --mount --target ");
}

TEST_F(InterlockStacks, AMountThatNoNamespaceSeesAnyMore) {
    make_file_system();
    take_code();
    const std::string point = mount_drive(loop->node());
    const int inside = ::open(point.c_str(), O_RDONLY | O_CLOEXEC);
    ASSERT_GE(inside, 0);
    shall({"umount", "--lazy", point});
    expect_refused("open-elsewhere: somebody holds " + loop->node() + " exclusively",
                   "fuser -v " + loop->node());
    ::close(inside);
}

TEST_F(InterlockStacks, LayersOfAnOverlay) {
    if (is_in_chroot()) GTEST_SKIP() << "in a chroot mounts have two names";
    make_file_system();
    const std::string point = mount_drive(loop->node());
    for (const char* name : {"upper", "work", "merged"})
        std::filesystem::create_directory(scratch.path(name));
    const ProgramRun stacked = run({"mount", "-t", "overlay", "overlay", "-o",
                                    "lowerdir=" + point + ",upperdir=" + scratch.path("upper") +
                                        ",workdir=" + scratch.path("work"),
                                    scratch.path("merged")});
    ASSERT_EQ(stacked.exit_status, 0) << stacked.output;
    const std::string said = refusal_of(loop->node());
    EXPECT_THAT(said, HasSubstr("overlay is mounted at " + scratch.path("merged")));
    EXPECT_THAT(said, HasSubstr("hint: umount " + scratch.path("merged") + "; umount " + point));
    shall({"umount", scratch.path("merged")});
    shall({"umount", point});
}

TEST_F(InterlockStacks, ASwapFileOnItIsTurnedOffBeforeItIsUnmounted) {
    if (is_in_chroot()) GTEST_SKIP() << "in a chroot mounts have two names";
    make_file_system();
    const std::string point = mount_drive(loop->node(), "mounted", "rw");
    const std::string file = point + "/swap";
    shall({"dd", "if=/dev/zero", "of=" + file, "bs=1M", "count=4", "status=none"});
    shall({"chmod", "600", file});
    shall({"mkswap", "-q", file});
    const ProgramRun on = run({"swapon", file});
    if (on.exit_status != 0) {
        shall({"umount", point});
        GTEST_SKIP() << "no loop devices here that hold swap: " << on.output;
    }
    const std::string said = refusal_of(loop->node());
    EXPECT_THAT(said, HasSubstr("swap: " + file + " is swapped on"));
    EXPECT_THAT(said, HasSubstr("hint: swapoff " + file + "; umount " + point + "\n"));
    shall({"swapoff", file});
    shall({"umount", point});
}

TEST_F(InterlockStacks, ALoopDriveOnAFileOnItIsReleasedFromTheTop) {
    if (is_in_chroot()) GTEST_SKIP() << "in a chroot mounts have two names";
    make_file_system();
    const std::string point = mount_drive(loop->node(), "mounted", "rw");
    shall({"dd", "if=/dev/zero", "of=" + point + "/inner", "bs=1M", "count=4", "status=none"});
    shall({"mkfs.ext2", "-q", "-F", point + "/inner"});
    LoopDrive inner(point + "/inner");
    const std::string above = mount_drive(inner.node(), "above");
    const std::string said = refusal_of(loop->node());
    EXPECT_THAT(said, AllOf(HasSubstr("mounted: " + inner.node() + " is mounted at " + above),
                            HasSubstr("open-elsewhere: " + point + "/inner is attached as ")));
    EXPECT_THAT(said, HasSubstr("hint: umount " + above + "; losetup --detach " + inner.node() +
                                "; umount " + point + "\n"));
    shall({"umount", above});
    inner.detach();
    shall({"umount", point});
}

TEST_F(InterlockStacks, AMountInsideItsMountIsUnmountedFirst) {
    if (is_in_chroot()) GTEST_SKIP() << "in a chroot mounts have two names";
    make_file_system();
    const std::string point = mount_drive(loop->node());
    shall({"mount", "-t", "tmpfs", "tmpfs", point + "/lost+found"});
    EXPECT_THAT(refusal_of(loop->node()), HasSubstr("hint: umount --recursive " + point + "\n"));
    shall({"umount", "--recursive", point});
}

TEST_F(InterlockStacks, APartitionThatIsMounted) {
    shall({"sh", "-c", "printf 'label: gpt\\nstart=2048\\n' | sfdisk -q " + loop->node()});
    shall({"partx", "-a", loop->node()});
    const std::string partition = loop->node() + "p1";
    shall({"mkfs.ext2", "-q", partition});
    take_code();
    EXPECT_FALSE(is_claimed(loop->node()));
    const std::string point = mount_drive(partition);
    EXPECT_TRUE(is_claimed(loop->node()))
        << "a claim on a partition refuses the whole: what Ground::claiming relies upon";
    expect_refused("mounted: " + partition + " is mounted at " + point, "umount " + point);
    shall({"umount", point});
    shall({"partx", "-d", loop->node()});
}

TEST_F(InterlockStacks, BothDrivesOfABtrfs) {
    constexpr std::uint64_t member_bytes = 128U << 20U;
    const LoopDrive first(scratch.make_file("first", member_bytes));
    const LoopDrive second(scratch.make_file("second", member_bytes));
    const LoopDrive stranger(scratch.make_file("stranger", member_bytes));
    shall({"mkfs.btrfs", "-q", "-d", "raid1", "-m", "raid1", first.node(), second.node()});
    EXPECT_FALSE(is_claimed(second.node())) << "made, not mounted";
    const std::string point = mount_drive(first.node());
    EXPECT_TRUE(is_claimed(first.node()));
    EXPECT_TRUE(is_claimed(second.node()));
    for (const LoopDrive* member : {&first, &second})
        EXPECT_THAT(refusal_of(member->node()),
                    AllOf(HasSubstr("is mounted at " + point), HasSubstr("hint: umount " + point)));
    EXPECT_EQ(bench.quietus({"plan", stranger.node(), "--technique", "overwrite"}).exit_status, 0);
    shall({"umount", point});
    EXPECT_EQ(bench.quietus({"plan", second.node(), "--technique", "overwrite"}).exit_status, 0);
}

TEST_F(InterlockStacks, ASwapFileOnABtrfs) {
    if (is_in_chroot()) GTEST_SKIP() << "in a chroot mounts have two names";
    const LoopDrive drive(scratch.make_file("pool", 128U << 20U));
    shall({"mkfs.btrfs", "-q", drive.node()});
    const std::string point = mount_drive(drive.node(), "mounted", "rw");
    const std::string file = point + "/swap";
    shall({"btrfs", "subvolume", "create", point + "/volume"});
    shall({"btrfs", "filesystem", "mkswapfile", "--size", "8m", file});
    const ProgramRun on = run({"swapon", file});
    if (on.exit_status != 0) {
        shall({"umount", point});
        GTEST_SKIP() << "no loop devices here that hold swap: " << on.output;
    }
    EXPECT_THAT(refusal_of(drive.node()), HasSubstr("hint: swapoff " + file + "; umount " + point));
    shall({"swapoff", file});
    // A subvolume has a device number of its own, which no table knows.
    const ProgramRun planned = run({QUIETUS_PROGRAM, "--state", point + "/volume/state", "plan",
                                    drive.node(), "--technique", "overwrite"});
    EXPECT_THAT(planned.output, HasSubstr("state-on-drive"));
    shall({"umount", point});
}

TEST_F(InterlockStacks, AnotherDriveIsNotRefusedForThis) {
    make_file_system();
    take_code();
    const LoopDrive other(scratch.make_file("other", drive_bytes));
    const std::string point = mount_drive(loop->node());
    EXPECT_EQ(bench.quietus({"plan", other.node(), "--technique", "overwrite"}).exit_status, 0);
    EXPECT_THAT(refusal_of(loop->node()), Not(HasSubstr(other.node())));
    shall({"umount", point});
}

} // namespace
} // namespace quietus::rig
