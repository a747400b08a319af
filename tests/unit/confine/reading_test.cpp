// Each thing that a program that only reads may not do is tried from inside one.
#include "quietus/confine/reading.hpp"

#include "fork_kit.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>

namespace quietus {
namespace {

/// What a try came to: 0 when it went well, else errno.
using Try = std::function<long()>;

long errno_of(long outcome) {
    return outcome >= 0 ? 0 : errno;
}

class Reading : public testing::Test {
  protected:
    void SetUp() override {
        std::string pattern = testing::TempDir() + "quietus-reading-XXXXXX";
        ASSERT_NE(mkdtemp(pattern.data()), nullptr);
        directory = pattern;
        for (const char* name : {"in", "out", "new"})
            std::filesystem::create_directory(directory + "/" + name);
        for (const char* name : {"/in/file", "/out/file"})
            std::ofstream(directory + name) << "content";
    }
    void TearDown() override { std::filesystem::remove_all(directory); }

    // In a child that may read `in`, and make files in `new` when it is told so.
    [[nodiscard]] std::string inside(const Try& attempt, bool writing = false) const {
        ReadingScope scope{{directory + "/in", directory + "/missing"}};
        if (writing) scope.writable = {directory + "/new"};
        return result_of([&](const ChildChannel& channel) {
                   const auto status = confine_to_reading(scope);
                   if (!status) return channel.send(status.error().message);
                   const long outcome = attempt();
                   channel.send(outcome == 0 ? "done"
                                             : ::strerrorname_np(static_cast<int>(outcome)));
               })
            .bytes;
    }
    [[nodiscard]] Try opening(const std::string& name, int flags) const {
        return [path = directory + name, flags] {
            return errno_of(::open(path.c_str(), flags, 0600));
        };
    }

    std::string directory;
};

TEST_F(Reading, LeavesWhatReadingNeeds) {
    EXPECT_EQ(inside([&]() -> long {
                  const int file = ::open((directory + "/in/file").c_str(), O_RDONLY | O_CLOEXEC);
                  std::array<char, 8> bytes{};
                  if (file < 0 || ::read(file, bytes.data(), bytes.size()) != 7) return errno;
                  std::error_code failure;
                  const std::filesystem::directory_iterator all(directory + "/in", failure);
                  return failure ? failure.value() : 0;
              }),
              "done");
}

TEST_F(Reading, OpensNothingForWriting) {
    for (const int flags : {O_WRONLY, O_RDWR, O_RDONLY | O_TRUNC, O_RDONLY | O_CREAT,
                            O_WRONLY | O_APPEND, O_RDWR | O_CREAT | O_EXCL})
        EXPECT_EQ(inside(opening("/in/file", flags)), "EPERM") << flags;
    EXPECT_EQ(inside(opening("/in/other", O_WRONLY | O_CREAT)), "EPERM");
    EXPECT_EQ(inside(opening("/in", O_TMPFILE | O_RDWR)), "EPERM");
    const std::string file = directory + "/in/file";
    EXPECT_EQ(inside([&] { return errno_of(::creat(file.c_str(), 0600)); }), "EPERM");
    EXPECT_EQ(inside([&] { return errno_of(::truncate(file.c_str(), 0)); }), "EPERM");
    EXPECT_EQ(inside([&] { return errno_of(::unlink(file.c_str())); }), "EPERM");
    EXPECT_EQ(inside([&] { return errno_of(::rename(file.c_str(), "x")); }), "EPERM");
    EXPECT_EQ(inside([&] { return errno_of(::link(file.c_str(), "x")); }), "EPERM");
    EXPECT_EQ(inside([&] { return errno_of(::chmod(file.c_str(), 0777)); }), "EPERM");
    EXPECT_EQ(inside([&] { return errno_of(::mkdir("x", 0700)); }), "EPERM");
    EXPECT_EQ(inside([&] { return errno_of(::mknod("x", S_IFIFO | 0600, 0)); }), "EPERM");
    EXPECT_EQ(inside([&]() -> long {
                  std::array<std::uint64_t, 3> how{O_RDWR, 0, 0};
                  return errno_of(
                      ::syscall(SYS_openat2, AT_FDCWD, file.c_str(), how.data(), sizeof how));
              }),
              "EPERM");
    std::ifstream again(file);
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(again), {}), "content");
}

TEST_F(Reading, OpensNothingBesidesWhatWasNamed) {
    if (!has_landlock()) GTEST_SKIP() << "needs Landlock";
    EXPECT_EQ(inside(opening("/out/file", O_RDONLY)), "EACCES");
    EXPECT_EQ(inside(opening("/in/../out/file", O_RDONLY)), "EACCES");
    EXPECT_EQ(inside([] { return errno_of(::open("/etc/passwd", O_RDONLY)); }), "EACCES");
    EXPECT_EQ(inside([] { return errno_of(::open("/dev/zero", O_RDONLY)); }), "EACCES");
    std::filesystem::create_symlink(directory + "/out/file", directory + "/in/link");
    EXPECT_EQ(inside(opening("/in/link", O_RDONLY)), "EACCES");
}

TEST_F(Reading, OpensNoDrive) {
    if (!has_landlock()) GTEST_SKIP() << "needs Landlock";
    const std::string node = directory + "/out/node";
    // Number 0 of major 240 (local use) has no driver: where it may be opened, that is ENXIO.
    if (mknod(node.c_str(), S_IFBLK | 0600, makedev(240, 0)) != 0)
        GTEST_SKIP() << "making a block device node needs root";
    EXPECT_EQ(errno_of(::open(node.c_str(), O_RDONLY)), ENXIO);
    EXPECT_EQ(inside(opening("/out/node", O_RDONLY)), "EACCES");
    EXPECT_EQ(inside(opening("/out/node", O_RDWR)), "EPERM");
}

TEST_F(Reading, ReachesNobodyAndStartsNothing) {
    EXPECT_EQ(inside([] { return errno_of(::socket(AF_INET, SOCK_STREAM, 0)); }), "EPERM");
    EXPECT_EQ(inside([] { return errno_of(::socket(AF_UNIX, SOCK_STREAM, 0)); }), "EPERM");
    EXPECT_EQ(inside([] { return errno_of(::kill(::getppid(), 0)); }), "EPERM");
    EXPECT_EQ(inside([] { return errno_of(::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr)); }),
              "EPERM");
    EXPECT_EQ(inside([] { return errno_of(::fork()); }), "EPERM");
    EXPECT_EQ(inside([] {
                  std::array<char*, 1> none{nullptr};
                  return errno_of(::execve("/bin/true", none.data(), none.data()));
              }),
              "EPERM");
    EXPECT_EQ(inside([] { return errno_of(::mount("none", "/mnt", "tmpfs", 0, nullptr)); }),
              "EPERM");
    EXPECT_EQ(inside([] {
                  int size = 0;
                  return errno_of(::ioctl(0, FIGETBSZ, &size));
              }),
              "EPERM");
    EXPECT_EQ(inside([] {
                  std::array<char, 256> parameters{};
                  return errno_of(::syscall(SYS_io_uring_setup, 1, parameters.data()));
              }),
              "EPERM");
}

TEST_F(Reading, MakesFilesOnlyWhereItWasTold) {
    EXPECT_EQ(inside(opening("/new/file", O_WRONLY | O_CREAT | O_EXCL), true), "done");
    EXPECT_TRUE(std::filesystem::exists(directory + "/new/file"));
    EXPECT_EQ(inside(
                  [&] {
                      return errno_of(::rename((directory + "/new/file").c_str(),
                                               (directory + "/new/renamed").c_str()));
                  },
                  true),
              "done");
    if (!has_landlock()) GTEST_SKIP() << "needs Landlock";
    EXPECT_EQ(inside(opening("/in/file", O_WRONLY), true), "EACCES");
    EXPECT_EQ(inside(opening("/out/file", O_WRONLY | O_CREAT), true), "EACCES");
    EXPECT_EQ(inside(opening("/new/sub", O_DIRECTORY | O_RDONLY), true), "ENOENT");
}

} // namespace
} // namespace quietus
