// The built program on drives that somebody uses: refused with the name of the interlock and the
// way to release it, even with a code, and not one byte of the medium changed.
#include "interlock_fixture.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <unistd.h>

#include <gmock/gmock.h>

#include <filesystem>
#include <future>
#include <thread>

namespace quietus::rig {
namespace {

using testing::HasSubstr;

TEST_F(Interlocks, AMountedDrive) {
    shall({"mkfs.ext4", "-q", loop->node()});
    take_code();
    const std::string mount_point = scratch.path("mounted");
    std::filesystem::create_directory(mount_point);
    shall({"mount", "-o", "ro", loop->node(), mount_point});
    expect_refused("mounted", "umount " + mount_point);
    shall({"umount", mount_point});
}

TEST_F(Interlocks, SwapSpace) {
    // The least that mkswap makes: a kernel short of memory writes there, and nowhere behind it.
    kernel_bytes = 10 * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    shall({"mkswap", loop->node(), std::to_string(kernel_bytes >> 10U)});
    take_code();
    const ProgramRun on = run({"swapon", loop->node()});
    if (on.exit_status != 0) GTEST_SKIP() << "no loop devices here that hold swap: " << on.output;
    expect_refused("swap", "swapoff " + loop->node());
    shall({"swapoff", loop->node()});
}

TEST_F(Interlocks, ADriveBeneathAnother) {
    take_code();
    const LoopDrive upper(loop->node());
    expect_refused("holder", "losetup --detach " + upper.node());
}

TEST_F(Interlocks, ADriveOpenForWritingElsewhere) {
    take_code();
    const int writer = ::open(loop->node().c_str(), O_RDWR | O_CLOEXEC);
    ASSERT_GE(writer, 0);
    expect_refused("open-elsewhere", "kill " + std::to_string(::getpid()));
    ::close(writer);
}

TEST_F(Interlocks, ADriveOpenForWritingInAThreadOfItsOwn) {
    take_code();
    std::promise<int> opened;
    std::promise<void> done;
    std::thread writer([&] {
        const bool alone = ::unshare(CLONE_FILES) == 0;
        const int file = alone ? ::open(loop->node().c_str(), O_RDWR | O_CLOEXEC) : -1;
        opened.set_value(file);
        done.get_future().wait();
        if (file >= 0) ::close(file);
    });
    EXPECT_GE(opened.get_future().get(), 0);
    expect_refused("open-elsewhere", "kill " + std::to_string(::getpid()));
    done.set_value();
    writer.join();
}

TEST_F(Interlocks, ADriveThatIsClaimedElsewhere) {
    take_code();
    const int claim = ::open(loop->node().c_str(), O_RDONLY | O_EXCL | O_CLOEXEC);
    ASSERT_GE(claim, 0);
    expect_refused("open-elsewhere", "fuser -v " + loop->node());
    ::close(claim);
}

TEST_F(Interlocks, AReadOnlyDrive) {
    take_code();
    shall({"blockdev", "--setro", loop->node()});
    expect_refused("read-only", "losetup --detach " + loop->node());
    shall({"blockdev", "--setrw", loop->node()});
}

TEST_F(Interlocks, TheDriveThatHoldsTheEvidence) {
    shall({"mkfs.ext4", "-q", loop->node()});
    const std::string mount_point = scratch.path("mounted");
    std::filesystem::create_directory(mount_point);
    shall({"mount", loop->node(), mount_point});
    shall({"cp", "-r", bench.state(), mount_point + "/state"});
    const ProgramRun planned = run({QUIETUS_PROGRAM, "--state", mount_point + "/state", "plan",
                                    loop->node(), "--technique", "overwrite"});
    EXPECT_EQ(planned.exit_status, 3) << planned.output;
    EXPECT_THAT(planned.output, HasSubstr("state-on-drive"));
    shall({"umount", mount_point});
}

TEST_F(Interlocks, TheDriveThatDocumentsOrTheLogGoTo) {
    shall({"mkfs.ext4", "-q", loop->node()});
    const std::string point = mount_drive(loop->node(), "mounted", "rw");
    for (const char* option : {"--certificates", "--log"}) {
        const ProgramRun planned = bench.quietus(
            {"plan", loop->node(), "--technique", "overwrite", option, point + "/evidence"});
        EXPECT_EQ(planned.exit_status, 3) << planned.output;
        EXPECT_THAT(planned.output, HasSubstr("state-on-drive: it holds documents or the log in " +
                                              point + "/evidence"));
    }
    shall({"umount", point});
}

TEST_F(Interlocks, ALockOfAnotherProcess) {
    take_code();
    Program lock({"flock", "--no-fork", loop->node(), "sh", "-c", "echo held && exec sleep 300"});
    ASSERT_TRUE(lock.prints("held")) << lock.errors();
    expect_refused("open-elsewhere: it is locked by process ", "kill ");
}

TEST_F(Interlocks, ADriveThatIsMappedInAProcessWithoutADescriptor) {
    take_code();
    const int node = ::open(loop->node().c_str(), O_RDWR | O_CLOEXEC);
    ASSERT_GE(node, 0);
    constexpr std::size_t bytes = 4096;
    void* memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, node, 0);
    ::close(node);
    ASSERT_NE(memory, MAP_FAILED);
    expect_refused("is mapped for writing in process " + std::to_string(::getpid()),
                   "kill " + std::to_string(::getpid()));
    ::munmap(memory, bytes);
}

TEST_F(Interlocks, ALoopDriveThatWasAttachedReadOnly) {
    take_code();
    loop->detach();
    loop = std::make_unique<LoopDrive>(medium, LoopOptions{.access = LoopAccess::read_only});
    expect_refused("read-only",
                   "losetup --detach " + loop->node() + "; losetup " + loop->node() + " " + medium);
}

TEST_F(Interlocks, APartitionIsRefusedWithTheNameOfItsDrive) {
    shall({"sh", "-c", "printf 'label: gpt\\nstart=2048\\n' | sfdisk -q " + loop->node()});
    shall({"partx", "-a", loop->node()});
    const std::string before = content_of(medium);
    const std::string partition = loop->node() + "p1";
    const ProgramRun planned = bench.quietus({"plan", partition, "--technique", "overwrite"});
    EXPECT_EQ(planned.exit_status, 2) << planned.output;
    EXPECT_THAT(planned.output, HasSubstr(loop->node() + "\n"));
    EXPECT_TRUE(content_of(medium) == before);
    const int writer = ::open(partition.c_str(), O_RDWR | O_CLOEXEC);
    ASSERT_GE(writer, 0);
    const ProgramRun used = bench.quietus({"plan", loop->node(), "--technique", "overwrite"});
    ::close(writer);
    EXPECT_EQ(used.exit_status, 3) << used.output;
    EXPECT_THAT(used.output, HasSubstr(partition));
    shall({"partx", "-d", loop->node()});
}

} // namespace
} // namespace quietus::rig
