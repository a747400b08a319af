// The built program on drives that somebody uses: refused with the name of the interlock and the
// way to release it, even with a code, and not one byte of the medium changed.
#include "bench.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <gmock/gmock.h>

#include <filesystem>

namespace quietus::rig {
namespace {

using testing::HasSubstr;

constexpr std::uint64_t drive_bytes = 16U << 20U;

class Interlocks : public LoopTest {
  protected:
    void SetUp() override {
        LoopTest::SetUp();
        if (IsSkipped()) return;
        medium = scratch.make_file("medium", drive_bytes);
        fill_with_secrets(medium);
        loop = std::make_unique<LoopDrive>(medium);
    }

    static void shall(const Words& words) {
        const ProgramRun done = run(words);
        ASSERT_EQ(done.exit_status, 0) << words[0] << ": " << done.output;
    }

    // As the drive is now: neither planned nor erased with the code of an earlier plan.
    void expect_refused(const std::string& guard, const std::string& hint) {
        const std::string before = content_of(medium);
        const ProgramRun planned =
            bench.quietus({"plan", loop->node(), "--technique", "overwrite"});
        EXPECT_EQ(planned.exit_status, 3) << planned.output;
        EXPECT_THAT(planned.output, HasSubstr(guard));
        EXPECT_THAT(planned.output, HasSubstr(hint.empty() ? "" : "\nhint: " + hint));
        const ProgramRun erased =
            bench.quietus({"erase", loop->node(), "--technique", "overwrite", "--confirm", code});
        EXPECT_EQ(erased.exit_status, 3) << erased.output;
        EXPECT_THAT(erased.output, HasSubstr(guard));
        EXPECT_TRUE(content_of(medium) == before);
        EXPECT_EQ(bench
                      .quietus({"erase", loop->node(), "--technique", "overwrite", "--override",
                                guard, "--confirm", code})
                      .exit_status,
                  2); // never overridable
        EXPECT_TRUE(content_of(medium) == before);
    }
    void take_code() {
        code = bench.code_for(loop->node(), {});
        ASSERT_NE(code, "");
    }

    Bench bench;
    std::string medium;
    std::unique_ptr<LoopDrive> loop;
    std::string code;
};

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
    shall({"mkswap", loop->node()});
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
    expect_refused("open-elsewhere", "");
    ::close(writer);
}

TEST_F(Interlocks, ADriveThatIsClaimedElsewhere) {
    take_code();
    const int claim = ::open(loop->node().c_str(), O_RDONLY | O_EXCL | O_CLOEXEC);
    ASSERT_GE(claim, 0);
    expect_refused("open-elsewhere", "");
    ::close(claim);
}

TEST_F(Interlocks, AReadOnlyDrive) {
    take_code();
    shall({"blockdev", "--setro", loop->node()});
    expect_refused("read-only", "");
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
