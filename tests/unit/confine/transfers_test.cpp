// What a worker may still do is done, and everything else tried, from inside one.
#include "quietus/confine/transfers.hpp"

#include "fork_kit.hpp"
#include "support/running.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <mutex>
#include <thread>

namespace quietus {
namespace {

using Try = std::function<long(int drive)>;

std::string said(long outcome) {
    return outcome == 0 ? "done" : ::strerrorname_np(static_cast<int>(outcome));
}

long errno_of(long outcome) {
    return outcome >= 0 ? 0 : errno;
}

constexpr std::uint64_t drive_bytes = 1U << 20U;

// In a child with a file of its own for a drive, open for writing, and confined.
std::string inside(const Try& attempt, TransferAllowance allowance = {}) {
    return result_of([&](const ChildChannel& channel) {
               const int drive = ::open(testing::TempDir().c_str(), O_TMPFILE | O_RDWR, 0600);
               if (::ftruncate(drive, drive_bytes) != 0) channel.send("no file; ");
               allowance.channel = channel.descriptor();
               allowance.largest_file = drive_bytes;
               const auto status = confine_to_transfers(allowance);
               channel.send(status ? said(attempt(drive)) : status.error().message);
           })
        .bytes;
}

TEST(Transfers, MoveDataAndFlush) {
    EXPECT_EQ(inside([](int drive) -> long {
                  std::array<char, 4096> out{};
                  std::array<char, 4096> in{};
                  out.fill('x');
                  const bool moved = ::pwrite(drive, out.data(), out.size(), 8192) == 4096 &&
                                     ::fdatasync(drive) == 0 && ::fsync(drive) == 0 &&
                                     ::posix_fadvise(drive, 0, 0, POSIX_FADV_DONTNEED) == 0 &&
                                     ::pread(drive, in.data(), in.size(), 8192) == 4096;
                  struct stat facts {};
                  if (!moved || ::fstat(drive, &facts) != 0) return errno;
                  return in == out ? 0 : EIO;
              }),
              "done");
}

TEST(Transfers, MakeNoFileLongerThanItsDrive) {
    const auto result =
        inside([](int drive) { return errno_of(::pwrite(drive, "x", 1, drive_bytes)); });
    EXPECT_EQ(result, ""); // SIGXFSZ ends it before it can say anything
}

TEST(Transfers, OpenNothingAndChangeNoFile) {
    EXPECT_EQ(inside([](int) { return errno_of(::open("/dev/null", O_RDONLY)); }), "EPERM");
    EXPECT_EQ(inside([](int drive) { return errno_of(::write(drive, "x", 1)); }), "EPERM");
    EXPECT_EQ(inside([](int drive) { return errno_of(::ftruncate(drive, 0)); }), "EPERM");
    EXPECT_EQ(inside([](int drive) { return errno_of(::fallocate(drive, 0, 0, 1)); }), "EPERM");
    EXPECT_EQ(inside([](int drive) { return errno_of(::dup(drive)); }), "EPERM");
    EXPECT_EQ(inside([](int drive) { return errno_of(::fcntl(drive, F_SETFL, O_APPEND)); }),
              "EPERM");
}

TEST(Transfers, ReachNobody) {
    EXPECT_EQ(inside([](int) { return errno_of(::socket(AF_INET, SOCK_STREAM, 0)); }), "EPERM");
    EXPECT_EQ(inside([](int) { return errno_of(::socket(AF_UNIX, SOCK_STREAM, 0)); }), "EPERM");
    EXPECT_EQ(inside([](int) { return errno_of(::kill(::getpid(), 0)); }), "EPERM");
    EXPECT_EQ(inside([](int) { return errno_of(::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr)); }),
              "EPERM");
    EXPECT_EQ(inside([](int) { return errno_of(::fork()); }), "EPERM");
    EXPECT_EQ(inside([](int) {
                  std::array<char, 256> parameters{};
                  return errno_of(::syscall(SYS_io_uring_setup, 1, parameters.data()));
              }),
              "EPERM");
}

TEST(Transfers, MakeTheRequestsThatAreNamedAndNoOther) {
    const TransferAllowance one{.requests = {FIGETBSZ}};
    const auto block_size = [](int drive) {
        int size = 0;
        return errno_of(::ioctl(drive, FIGETBSZ, &size));
    };
    EXPECT_EQ(inside(block_size, one), "done");
    EXPECT_EQ(inside([](int drive) { return errno_of(::ioctl(drive, FIOCLEX)); }, one), "EPERM");
    EXPECT_EQ(inside(block_size), "EPERM");
}

TEST(Transfers, LeaveRootAndItsPrivilegesBehind) {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root";
    EXPECT_EQ(inside([](int) -> long {
                  return ::getuid() == 65534 && ::geteuid() == 65534 && ::getgid() == 65534 &&
                                 ::getegid() == 65534
                             ? 0
                             : EPERM;
              }),
              "done");
    EXPECT_EQ(inside([](int) { return errno_of(::setuid(0)); }), "EPERM");
}

// What is asked by commands needs CAP_SYS_RAWIO and one request, and brings nothing else with it.
TEST(Transfers, KeepTheOnePrivilegeThatIsNamed) {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root";
    const TransferAllowance commands{.requests = {0x2285}, .privileges = {Privilege::raw_io}};
    const auto kept = [](int) -> long {
        __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
        std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> sets{};
        if (::syscall(SYS_capget, &header, sets.data()) != 0) return errno;
        const std::uint32_t raw_io = 1U << CAP_SYS_RAWIO;
        const bool only = sets[0].effective == raw_io && sets[0].permitted == raw_io &&
                          sets[0].inheritable == 0 && sets[1].permitted == 0;
        return only && ::geteuid() == 65534 ? 0 : EPERM;
    };
    EXPECT_EQ(inside(kept, commands), "done");
    // SG_IO gets to the kernel, which knows no commands to a file.
    const auto send = [](int drive) { return errno_of(::ioctl(drive, 0x2285, nullptr)); };
    EXPECT_EQ(inside(send, commands), "ENOTTY");
    EXPECT_EQ(inside(send), "EPERM");
    EXPECT_EQ(inside([](int) { return errno_of(::setuid(0)); }, commands), "EPERM");
    EXPECT_EQ(inside([](int) { return errno_of(::open("/dev/mem", O_RDONLY)); }, commands),
              "EPERM");
#ifdef SYS_iopl
    EXPECT_EQ(inside([](int) { return errno_of(::syscall(SYS_iopl, 3)); }, commands), "EPERM");
#endif
    EXPECT_EQ(inside([](int) { return errno_of(::socket(AF_INET, SOCK_STREAM, 0)); }, commands),
              "EPERM");
}

// Also those threads that were there before.
TEST(Transfers, HoldForEveryThread) {
    const auto result = result_of([](const ChildChannel& channel) {
        std::mutex mutex;
        std::condition_variable changed;
        bool confined = false;
        long outcome = -1;
        std::thread other([&] {
            std::unique_lock lock(mutex);
            changed.wait(lock, [&] { return confined; });
            outcome = ::open("/dev/null", O_RDONLY) < 0 ? errno : 0;
            if (::geteuid() == 0) outcome = -2;
        });
        const auto status = confine_to_transfers({.channel = channel.descriptor()});
        {
            const std::lock_guard lock(mutex);
            confined = true;
        }
        changed.notify_all();
        other.join();
        channel.send(status ? said(outcome) : status.error().message);
    });
    EXPECT_EQ(result.bytes, "EPERM");
}

TEST(Transfers, StillEndWithTheirParent) {
    const auto result = result_of([](const ChildChannel& channel) {
        auto grandchild = ChildProcess::start([](const ChildChannel& its) {
            if (!confine_to_transfers({.channel = its.descriptor()})) return;
            its.send(".");
            for (;;)
                std::this_thread::sleep_for(std::chrono::seconds(1));
        });
        char ready = 0;
        while (grandchild && ::read(grandchild->channel(), &ready, 1) != 1)
            ::usleep(1000);
        channel.send(std::to_string(grandchild->pid()));
        ::_exit(0); // without the destructor, which would kill it
    });
    const pid_t pid = std::atoi(result.bytes.c_str());
    ASSERT_GT(pid, 0);
    for (int tries = 0; tries < 5000 && test::is_running(pid); ++tries)
        ::usleep(1000);
    EXPECT_FALSE(test::is_running(pid));
}

} // namespace
} // namespace quietus
