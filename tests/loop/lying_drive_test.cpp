// The rig itself: each fault of lying_drive is seen through the kernel's block layer.
#include "loop_fixture.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

namespace quietus::rig {
namespace {

constexpr std::uint64_t mebibyte = 1U << 20U;
constexpr std::uint64_t drive_bytes = 16 * mebibyte;
constexpr std::size_t block = 4096;

// Reads and writes the loop device past the page cache, a block at a time.
class DirectAccess {
  public:
    explicit DirectAccess(const std::string& node)
        : descriptor_(::open(node.c_str(), O_RDWR | O_DIRECT | O_CLOEXEC)),
          buffer_(static_cast<char*>(std::aligned_alloc(block, block)), &std::free) {}
    DirectAccess(const DirectAccess&) = delete;
    DirectAccess& operator=(const DirectAccess&) = delete;
    ~DirectAccess() { ::close(descriptor_); }

    /// 0 or the errno.
    [[nodiscard]] int write(std::uint64_t offset, char fill) const {
        std::memset(buffer_.get(), fill, block);
        return ::pwrite(descriptor_, buffer_.get(), block, static_cast<off_t>(offset)) == block
                   ? 0
                   : errno;
    }
    [[nodiscard]] int read(std::uint64_t offset, char& first) const {
        const bool done =
            ::pread(descriptor_, buffer_.get(), block, static_cast<off_t>(offset)) == block;
        first = buffer_[0];
        return done ? 0 : errno;
    }
    [[nodiscard]] char at(std::uint64_t offset) const {
        char first = '?';
        EXPECT_EQ(read(offset, first), 0) << "at " << offset;
        return first;
    }
    [[nodiscard]] int flush() const { return ::fsync(descriptor_) == 0 ? 0 : errno; }

  private:
    int descriptor_;
    std::unique_ptr<char[], decltype(&std::free)> buffer_;
};

char stored_at(const LyingDrive& drive, std::uint64_t offset) {
    std::ifstream store(drive.store(), std::ios::binary);
    store.seekg(static_cast<std::streamoff>(offset));
    return static_cast<char>(store.get());
}

class LyingDriveRig : public LyingDriveTest {
  protected:
    void start(const std::string& fault, LoopOptions options = {}) {
        drive = std::make_unique<LyingDrive>(drive_bytes, fault);
        loop = std::make_unique<LoopDrive>(drive->file(), options);
        access = std::make_unique<DirectAccess>(loop->node());
    }
    void TearDown() override {
        access.reset();
        loop.reset();
        drive.reset();
    }
    std::unique_ptr<LyingDrive> drive;
    std::unique_ptr<LoopDrive> loop;
    std::unique_ptr<DirectAccess> access;
};

TEST_F(LyingDriveRig, AnHonestDriveStoresEveryWriteAndIsAskedForEveryRead) {
    for (const std::uint32_t block_bytes : {512U, 4096U}) {
        start("honest", {.block_bytes = block_bytes});
        const auto before = drive->counts();
        ASSERT_EQ(access->write(mebibyte, 'a'), 0);
        EXPECT_EQ(stored_at(*drive, mebibyte), 'a');
        EXPECT_EQ(access->at(mebibyte), 'a');
        EXPECT_EQ(access->at(mebibyte), 'a');
        ASSERT_EQ(access->flush(), 0);
        const auto after = drive->counts();
        EXPECT_EQ(after.at("writes") - before.at("writes"), 1u);
        EXPECT_EQ(after.at("reads") - before.at("reads"), 2u);
        EXPECT_EQ(after.at("flushes") - before.at("flushes"), 1u);
        TearDown();
    }
}

TEST_F(LyingDriveRig, NoPageCacheAnswersForAChangedStore) {
    start("honest");
    ASSERT_EQ(access->write(0, 'a'), 0);
    EXPECT_EQ(access->at(0), 'a');
    std::fstream(drive->store(), std::ios::in | std::ios::out | std::ios::binary).put('X');
    EXPECT_EQ(access->at(0), 'X');
}

TEST_F(LyingDriveRig, DroppedWritesAreAcknowledgedAndNotStored) {
    start("drop-writes offset=1048576 length=4096");
    EXPECT_EQ(access->write(mebibyte, 'a'), 0);
    EXPECT_EQ(access->write(mebibyte + block, 'b'), 0);
    EXPECT_EQ(access->write(mebibyte - block, 'c'), 0);
    EXPECT_EQ(access->flush(), 0);
    EXPECT_EQ(access->at(mebibyte), '\0');
    EXPECT_EQ(access->at(mebibyte + block), 'b');
    EXPECT_EQ(access->at(mebibyte - block), 'c');
    EXPECT_EQ(drive->counts().at("faults"), 1u);
}

TEST_F(LyingDriveRig, WritesAreDroppedAfterSomeAndThenEachNth) {
    start("drop-writes after=2 every=3");
    for (std::uint64_t i = 0; i < 8; ++i)
        ASSERT_EQ(access->write(i * block, 'a'), 0);
    std::string seen;
    for (std::uint64_t i = 0; i < 8; ++i)
        seen += access->at(i * block) == 'a' ? 'a' : '-';
    EXPECT_EQ(seen, "aaaa-aa-");
}

TEST_F(LyingDriveRig, AMisplacedWriteLandsElsewhere) {
    start("misplace offset=0 length=4096 shift=2097152");
    ASSERT_EQ(access->write(0, 'a'), 0);
    EXPECT_EQ(access->at(0), '\0');
    EXPECT_EQ(access->at(2 * mebibyte), 'a');
}

TEST_F(LyingDriveRig, AnAliasingDriveShowsTheSameHalfTwice) {
    start("alias-half");
    ASSERT_EQ(access->write(drive_bytes / 2 + mebibyte, 'b'), 0);
    EXPECT_EQ(access->at(mebibyte), 'b');
    EXPECT_EQ(stored_at(*drive, mebibyte), 'b');
    EXPECT_EQ(stored_at(*drive, drive_bytes / 2 + mebibyte), '\0');
}

TEST_F(LyingDriveRig, AWriteErrorReachesTheCaller) {
    start("eio-on-write offset=1048576 length=512");
    EXPECT_EQ(access->write(mebibyte, 'a'), EIO);
    EXPECT_EQ(access->write(0, 'a'), 0);
    EXPECT_EQ(access->at(mebibyte), '\0');
}

TEST_F(LyingDriveRig, AReadErrorReachesTheCaller) {
    start("eio-on-read offset=1048576 length=512");
    char first = 0;
    ASSERT_EQ(access->write(mebibyte, 'a'), 0);
    EXPECT_EQ(access->read(mebibyte, first), EIO);
    EXPECT_EQ(access->read(mebibyte + block, first), 0);
}

TEST_F(LyingDriveRig, AFailedFlushReachesTheCaller) {
    start("fail-flush");
    EXPECT_EQ(access->write(0, 'a'), 0);
    EXPECT_EQ(access->flush(), EIO);
}

TEST_F(LyingDriveRig, AVanishedDriveAnswersNothingAndHasNoSize) {
    start("vanish after=2");
    EXPECT_EQ(access->write(0, 'a'), 0);
    EXPECT_EQ(access->write(block, 'a'), 0);
    char first = 0;
    EXPECT_NE(access->write(2 * block, 'a'), 0);
    EXPECT_NE(access->read(0, first), 0);
    EXPECT_NE(access->flush(), 0);
    loop->refresh_capacity();
    EXPECT_EQ(run({"blockdev", "--getsize64", loop->node()}).output, "0\n");
}

TEST_F(LyingDriveRig, AFaultCanBeSetWhileTheDriveIsOpen) {
    start("honest");
    ASSERT_EQ(access->write(0, 'a'), 0);
    drive->set_fault("eio-on-write");
    EXPECT_EQ(access->write(0, 'b'), EIO);
    drive->set_fault("honest");
    EXPECT_EQ(access->write(0, 'c'), 0);
    EXPECT_ANY_THROW(drive->set_fault("shred"));
    EXPECT_ANY_THROW(drive->set_fault("eio-on-write at=7"));
}

TEST_F(LyingDriveRig, LeavesNoDeviceOrMountBehind) {
    start("honest");
    const std::string node = loop->node();
    const std::string file = drive->file();
    TearDown();
    EXPECT_EQ(run({"losetup", node}).output.find(file), std::string::npos);
    EXPECT_EQ(run({"findmnt", "-n", "-t", "fuse.lying_drive"}).output, "");
}

TEST_F(LyingDriveRig, LeavesNothingBehindWhenTheProgramIsKilled) {
    if (is_in_chroot()) GTEST_SKIP() << "in a chroot FUSE mounts stay behind";
    const pid_t child = ::fork();
    if (child == 0) {
        start("honest");
        std::ofstream(scratch.path("node")) << loop->node() << ' ' << drive->file();
        ::raise(SIGKILL);
    }
    ::waitpid(child, nullptr, 0);
    std::string node;
    std::string file;
    std::ifstream(scratch.path("node")) >> node >> file;
    ASSERT_FALSE(file.empty());
    const auto attached = [&] {
        return run({"losetup", node}).output.find(file) != std::string::npos;
    };
    // By the kernel's table: whoever looks through the mount of a program that is gone sees
    // nothing.
    const std::string point = std::filesystem::path(file).parent_path();
    const auto mounted = [&] {
        std::ifstream table("/proc/self/mounts");
        const std::string text{std::istreambuf_iterator<char>(table), {}};
        return text.find(" " + point + " ") != std::string::npos;
    };
    for (int attempt = 0; attempt < 100 && (attached() || mounted()); ++attempt)
        ::usleep(20000);
    EXPECT_FALSE(attached());
    EXPECT_FALSE(mounted());
    std::filesystem::remove_all(std::filesystem::path(file).parent_path().parent_path());
}

} // namespace
} // namespace quietus::rig
