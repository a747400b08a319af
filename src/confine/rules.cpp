#include "rules.hpp"

#include <sys/mman.h>

#include <array>
#include <cerrno>

namespace quietus {
namespace {

/// With any parameters: they act on what is open or on the process's own memory and ways.
constexpr std::array free_calls{
    SCMP_SYS(read), SCMP_SYS(pread64), SCMP_SYS(lseek), SCMP_SYS(_llseek), SCMP_SYS(fstat),
    SCMP_SYS(fstat64), SCMP_SYS(fadvise64), SCMP_SYS(fadvise64_64), SCMP_SYS(close), SCMP_SYS(brk),
    SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(futex), SCMP_SYS(sched_yield),
    SCMP_SYS(getrandom), SCMP_SYS(clock_gettime), SCMP_SYS(clock_gettime64), SCMP_SYS(gettimeofday),
    SCMP_SYS(clock_nanosleep), SCMP_SYS(clock_nanosleep_time64), SCMP_SYS(nanosleep),
    SCMP_SYS(restart_syscall), SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(sigaltstack), SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(getuid), SCMP_SYS(geteuid),
    SCMP_SYS(getgid), SCMP_SYS(getegid), SCMP_SYS(exit), SCMP_SYS(exit_group),
    // To give up more later. Neither can gain anything back.
    SCMP_SYS(seccomp), SCMP_SYS(capget), SCMP_SYS(capset)};

} // namespace

Rules::Rules() : filter_(::seccomp_init(SCMP_ACT_ERRNO(EPERM))) {
    if (!filter_) {
        error_ = ENOMEM;
        return;
    }
    for (const int call : free_calls)
        allow(call);
    for (const int call : {SCMP_SYS(mmap), SCMP_SYS(mmap2), SCMP_SYS(mprotect)})
        allow(call, SCMP_A2_32(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
}

Status Rules::enforce() {
    if (error_ != 0) return system_error(Fault::io, "list of system calls", error_);
    int outcome = ::seccomp_attr_set(filter_.get(), SCMP_FLTATR_CTL_NNP, 0);
    if (outcome == 0) outcome = ::seccomp_attr_set(filter_.get(), SCMP_FLTATR_CTL_TSYNC, 1);
    if (outcome == 0) outcome = ::seccomp_load(filter_.get());
    if (outcome != 0) return system_error(Fault::io, "seccomp", -outcome);
    return {};
}

} // namespace quietus
