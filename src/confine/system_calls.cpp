#include "system_calls.hpp"

#include <fcntl.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <type_traits>

namespace quietus {
namespace {

struct FreeFilter {
    void operator()(scmp_filter_ctx filter) const { ::seccomp_release(filter); }
};
using Filter = std::unique_ptr<std::remove_pointer_t<scmp_filter_ctx>, FreeFilter>;

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

// Each rule may fail, and the first failure counts.
class Rules {
  public:
    explicit Rules(scmp_filter_ctx filter) : filter_(filter) {}

    template <typename... Compare>
    void allow(int call, Compare... compare) {
        const int outcome =
            ::seccomp_rule_add(filter_, SCMP_ACT_ALLOW, call, sizeof...(compare), compare...);
        if (error_ == 0) error_ = -outcome;
    }
    [[nodiscard]] int error() const { return error_; }

  private:
    scmp_filter_ctx filter_;
    int error_ = 0;
};

void add_rules(Rules& rules, const Allowance& allowance) {
    for (const int call : free_calls)
        rules.allow(call);
    const auto output = static_cast<scmp_datum_t>(allowance.writable);
    rules.allow(SCMP_SYS(write), SCMP_A0_32(SCMP_CMP_EQ, static_cast<std::uint32_t>(output)));
    // How glibc asks fstat(2); the name has to be empty then, or is that of an open descriptor.
    rules.allow(SCMP_SYS(newfstatat), SCMP_A3_32(SCMP_CMP_EQ, AT_EMPTY_PATH));
    for (const int call : {SCMP_SYS(mmap), SCMP_SYS(mmap2), SCMP_SYS(mprotect)})
        rules.allow(call, SCMP_A2_32(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    // The kernel looks at 32 bits of the request, whatever stands above them.
    for (const unsigned long request : allowance.requests)
        rules.allow(SCMP_SYS(ioctl), SCMP_A1_32(SCMP_CMP_EQ, static_cast<std::uint32_t>(request)));
}

} // namespace

Status allow_system_calls(const Allowance& allowance) {
    const Filter filter(::seccomp_init(SCMP_ACT_ERRNO(EPERM)));
    if (!filter) return Error{Fault::io, "no list of system calls can be made"};
    Rules rules(filter.get());
    add_rules(rules, allowance);
    if (rules.error() != 0) return system_error(Fault::io, "list of system calls", rules.error());
    // no_new_privs is the caller's matter: the call for it may be forbidden already.
    int outcome = ::seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_NNP, 0);
    if (outcome == 0) outcome = ::seccomp_load(filter.get());
    if (outcome != 0) return system_error(Fault::io, "seccomp", -outcome);
    return {};
}

} // namespace quietus
