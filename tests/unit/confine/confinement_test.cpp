// Each thing that a confined process may not do is tried from inside one.
#include "quietus/confine/confinement.hpp"

#include "fork_kit.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>

namespace quietus {
namespace {

/// What a try came to: 0 when it went well, else errno. The drive is a file open for reading.
using Try = std::function<long(int drive)>;

std::string said(long outcome) {
    return outcome == 0 ? "done" : ::strerrorname_np(static_cast<int>(outcome));
}

long errno_of(long outcome) {
    return outcome >= 0 ? 0 : errno;
}

// In a child that has its drive open and is confined as told.
std::string inside(const Try& attempt, Allowance allowance = {}) {
    return result_of([&](const ChildChannel& channel) {
               allowance.writable = channel.descriptor();
               const int drive = ::open("/proc/self/exe", O_RDONLY);
               const auto status = confine(allowance);
               channel.send(status ? said(attempt(drive)) : status.error().message);
           })
        .bytes;
}

TEST(Confinement, LeavesWhatReadingAndParsingNeeds) {
    EXPECT_EQ(inside([](int drive) -> long {
                  std::array<char, 4> bytes{};
                  struct stat facts {};
                  const bool read = ::pread(drive, bytes.data(), 4, 0) == 4 &&
                                    ::lseek(drive, 0, SEEK_END) > 4 &&
                                    ::fstat(drive, &facts) == 0 && facts.st_size > 4 &&
                                    std::string_view(bytes.data(), 4) == "\x7f"
                                                                         "ELF";
                  if (!read) return errno;
                  for (int size = 1; size < (64 << 20); size *= 2) {
                      const std::unique_ptr<char, decltype(&std::free)> memory(
                          static_cast<char*>(std::malloc(static_cast<std::size_t>(size))),
                          &std::free);
                      if (!memory) return ENOMEM;
                      std::memset(memory.get(), 1, static_cast<std::size_t>(size));
                  }
                  timespec now{};
                  return errno_of(::clock_gettime(CLOCK_MONOTONIC, &now));
              }),
              "done");
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
// A child of a process with threads has their stacks and arenas mapped before it begins.
TEST(Confinement, BoundsMemoryBeyondWhatTheProcessHas) {
    constexpr std::size_t before = std::size_t{4} << 30U;
    void* const reserved =
        ::mmap(nullptr, before, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    ASSERT_NE(reserved, MAP_FAILED);
    const auto map = [](std::size_t mebibytes) -> long {
        return ::mmap(nullptr, mebibytes << 20U, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0) == MAP_FAILED
                   ? errno
                   : 0;
    };
    EXPECT_EQ(inside([&](int) { return map(256); }), "done");
    EXPECT_EQ(inside([&](int) { return map(600); }), "ENOMEM");
    EXPECT_EQ(::munmap(reserved, before), 0);
}
#endif

TEST(Confinement, OpensNothing) {
    EXPECT_EQ(inside([](int) { return errno_of(::open("/dev/null", O_RDONLY)); }), "EPERM");
    EXPECT_EQ(inside([](int) { return errno_of(::open("new", O_CREAT | O_WRONLY, 0600)); }),
              "EPERM");
    EXPECT_EQ(inside([](int) { return errno_of(::syscall(SYS_open, "/dev/null", 0)); }), "EPERM");
    EXPECT_EQ(inside([](int) {
                  std::array<std::uint64_t, 3> how{};
                  return errno_of(
                      ::syscall(SYS_openat2, AT_FDCWD, "/dev/null", how.data(), sizeof how));
              }),
              "EPERM");
    EXPECT_EQ(inside([](int) { return errno_of(::memfd_create("x", 0)); }), "EPERM");
}

TEST(Confinement, WritesNowhereButToItsChannel) {
    EXPECT_EQ(inside([](int drive) { return errno_of(::write(drive, "x", 1)); }), "EPERM");
    EXPECT_EQ(inside([](int) { return errno_of(::write(STDERR_FILENO, "x", 1)); }), "EPERM");
    EXPECT_EQ(inside([](int drive) { return errno_of(::pwrite(drive, "x", 1, 0)); }), "EPERM");
    EXPECT_EQ(inside([](int drive) { return errno_of(::ftruncate(drive, 0)); }), "EPERM");
    EXPECT_EQ(inside([](int drive) { return errno_of(::fallocate(drive, 0, 0, 1)); }), "EPERM");
}

TEST(Confinement, ReachesNobody) {
    EXPECT_EQ(inside([](int) { return errno_of(::socket(AF_INET, SOCK_STREAM, 0)); }), "EPERM");
    EXPECT_EQ(inside([](int) { return errno_of(::socket(AF_UNIX, SOCK_STREAM, 0)); }), "EPERM");
    EXPECT_EQ(inside([](int) { return errno_of(::kill(::getppid(), 0)); }), "EPERM");
    EXPECT_EQ(inside([](int) { return errno_of(::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr)); }),
              "EPERM");
}

TEST(Confinement, StartsNothing) {
    EXPECT_EQ(inside([](int) { return errno_of(::fork()); }), "EPERM");
    EXPECT_EQ(inside([](int) {
                  std::array<char*, 1> none{nullptr};
                  return errno_of(::execve("/bin/true", none.data(), none.data()));
              }),
              "EPERM");
    EXPECT_EQ(inside([](int) {
                  std::array<char, 256> parameters{};
                  return errno_of(::syscall(SYS_io_uring_setup, 1, parameters.data()));
              }),
              "EPERM");
}

TEST(Confinement, GetsNoMemoryThatCanBeExecuted) {
    const auto map = [](int protection) {
        return [protection](int) -> long {
            void* got = ::mmap(nullptr, 4096, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            return got == MAP_FAILED ? errno : 0;
        };
    };
    EXPECT_EQ(inside(map(PROT_READ | PROT_WRITE)), "done");
    EXPECT_EQ(inside(map(PROT_READ | PROT_EXEC)), "EPERM");
    EXPECT_EQ(inside([](int) -> long {
                  void* got = ::mmap(nullptr, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
                  return errno_of(::mprotect(got, 4096, PROT_EXEC));
              }),
              "EPERM");
}

TEST(Confinement, MakesTheRequestsThatAreNamedAndNoOther) {
    const Allowance two{.requests = {FIGETBSZ, FS_IOC_GETFLAGS}};
    const auto block_size = [](int drive) {
        int size = 0;
        return errno_of(::ioctl(drive, FIGETBSZ, &size));
    };
    const auto close_on_exec = [](int drive) { return errno_of(::ioctl(drive, FIOCLEX)); };
    EXPECT_EQ(inside(block_size, two), "done");
    EXPECT_EQ(inside(close_on_exec, two), "EPERM");
    EXPECT_EQ(inside(block_size), "EPERM");
    // The kernel takes 32 bits of the request: a bit beyond them makes no other one of it.
    const auto beyond = [](int drive) {
        return errno_of(::syscall(SYS_ioctl, drive, FIOCLEX | (1UL << 40U), 0));
    };
    EXPECT_EQ(inside(beyond, two), "EPERM");
}

TEST(Confinement, CanBeTightenedAndNeverLoosened) {
    EXPECT_EQ(result_of([](const ChildChannel& channel) {
                  const int drive = ::open("/proc/self/exe", O_RDONLY);
                  int size = 0;
                  const auto request = [&] {
                      channel.send(said(errno_of(::ioctl(drive, FIGETBSZ, &size))) + " ");
                  };
                  const Allowance wide{channel.descriptor(), {FIGETBSZ}, {}};
                  const Allowance narrow{channel.descriptor(), {}, {}};
                  for (const Allowance& allowance : {wide, narrow, wide}) {
                      if (auto status = confine(allowance); !status)
                          channel.send(status.error().message);
                      request();
                  }
              }).bytes,
              "done EPERM EPERM ");
}

// capget(2): bits of the effective, permitted and inheritable sets.
std::array<std::uint64_t, 3> capability_sets() {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    std::array<__user_cap_data_struct, 2> words{};
    ::syscall(SYS_capget, &header, words.data());
    const auto both = [&](auto member) {
        return words[0].*member | std::uint64_t{words[1].*member} << 32U;
    };
    return {both(&__user_cap_data_struct::effective), both(&__user_cap_data_struct::permitted),
            both(&__user_cap_data_struct::inheritable)};
}

TEST(Confinement, KeepsOnlyThePrivilegesThatAreNamed) {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root: there is nothing to give up otherwise";
    const auto is_exactly = [](std::uint64_t mask) {
        return [mask](int) -> long {
            const auto sets = capability_sets();
            return sets[0] == mask && sets[1] == mask && sets[2] == 0 ? 0 : EDOM;
        };
    };
    constexpr std::uint64_t raw_io = 1U << CAP_SYS_RAWIO;
    constexpr std::uint64_t administrate = 1U << CAP_SYS_ADMIN;
    EXPECT_EQ(inside(is_exactly(0)), "done");
    EXPECT_EQ(inside(is_exactly(raw_io), {.privileges = {Privilege::raw_io}}), "done");
    EXPECT_EQ(inside(is_exactly(raw_io | administrate),
                     {.privileges = {Privilege::raw_io, Privilege::administrate}}),
              "done");
}

// What the kernel says of the process, seen from outside: /proc/PID/status.
TEST(Confinement, IsSeenInWhatTheKernelSaysOfTheProcess) {
    auto child = ChildProcess::start([](const ChildChannel& channel) {
        const auto status = confine({.writable = channel.descriptor()});
        channel.send(status ? "." : status.error().message);
        timespec long_time{60, 0};
        ::nanosleep(&long_time, nullptr);
    });
    ASSERT_TRUE(child);
    char ready = 0;
    for (const Stopwatch watch;
         ::read(child->channel(), &ready, 1) != 1 && watch.time() < std::chrono::seconds{5};)
        ::usleep(1000);
    ASSERT_EQ(ready, '.');
    const std::string directory = "/proc/" + std::to_string(child->pid());
    const auto text_of = [&](const std::string& name) {
        std::ifstream file(directory + name);
        return std::string(std::istreambuf_iterator<char>(file), {});
    };
    const std::string facts = text_of("/status");
    for (const char* line : {"NoNewPrivs:\t1\n", "Seccomp:\t2\n", "CapInh:\t0000000000000000\n",
                             "CapAmb:\t0000000000000000\n"})
        EXPECT_NE(facts.find(line), std::string::npos) << line << facts;
    const bool root = ::geteuid() == 0;
    EXPECT_TRUE(!root || facts.find("CapBnd:\t0000000000000000\n") != std::string::npos) << facts;
    const std::string limits = text_of("/limits");
    for (const char* line : {"Max file size             0                    0",
                             "Max core file size        0                    0",
                             "Max open files            0                    0",
                             "Max processes             0                    0"})
        EXPECT_NE(limits.find(line), std::string::npos) << line << limits;
}

// The sanitizers need their address space: there is no bound in their builds.
#if !defined(__SANITIZE_ADDRESS__)
TEST(Confinement, CountsAsDeadWhenItRunsOutOfMemory) {
    const auto result = result_of([](const ChildChannel& channel) {
        if (!confine({.writable = channel.descriptor()})) return;
        std::vector<std::unique_ptr<char[]>> all; // untouched: to ask for it is what counts
        for (;;)
            all.push_back(std::make_unique_for_overwrite<char[]>(std::size_t{16} << 20U));
    });
    EXPECT_EQ(result.end, ChildEnd::died);
}
#endif

} // namespace
} // namespace quietus
