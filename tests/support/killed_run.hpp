// KilledRun: does something in a process of its own, which is killed before the n-th call by which
// files become durable: each state that a crash or a power cut can leave on disk, one after
// another.
#pragma once

#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <functional>

namespace quietus::test {

enum class RunEnd : std::uint8_t { killed, finished, lost };

/// Whether the call puts something onto stable storage or under its name, or takes a name away.
inline bool is_durable(std::uint64_t call) {
    switch (call) {
    case SYS_fsync:
    case SYS_fdatasync:
    case SYS_renameat2:
    case SYS_linkat:
    case SYS_unlinkat:
#ifdef SYS_rename
    case SYS_rename:
    case SYS_link:
    case SYS_unlink:
#endif
#ifdef SYS_renameat
    case SYS_renameat:
#endif
        return true;
    default:
        return false;
    }
}

/// `finished`: it made fewer such calls. Processes that it starts are left alone.
inline RunEnd run_killed_before(unsigned count, const std::function<void()>& work) {
    const pid_t child = ::fork();
    if (child == 0) {
        if (::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) ::_exit(1);
        ::raise(SIGSTOP);
        work();
        ::_exit(0);
    }
    int status = 0;
    if (::waitpid(child, &status, 0) != child || !WIFSTOPPED(status)) return RunEnd::lost;
    ::ptrace(PTRACE_SETOPTIONS, child, nullptr, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
    for (unsigned seen = 0, deliver = 0;;) {
        if (::ptrace(PTRACE_SYSCALL, child, nullptr, deliver) != 0 ||
            ::waitpid(child, &status, 0) != child)
            return RunEnd::lost;
        if (!WIFSTOPPED(status))
            return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? RunEnd::finished : RunEnd::lost;
        const bool of_a_call = WSTOPSIG(status) == (SIGTRAP | 0x80);
        deliver = of_a_call ? 0 : static_cast<unsigned>(WSTOPSIG(status));
        __ptrace_syscall_info facts{};
        if (!of_a_call || ::ptrace(PTRACE_GET_SYSCALL_INFO, child, sizeof facts, &facts) <= 0 ||
            facts.op != PTRACE_SYSCALL_INFO_ENTRY || !is_durable(facts.entry.nr))
            continue;
        if (++seen < count) continue;
        ::kill(child, SIGKILL);
        ::waitpid(child, &status, 0);
        return RunEnd::killed;
    }
}

} // namespace quietus::test
