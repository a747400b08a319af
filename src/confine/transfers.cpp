#include "quietus/confine/transfers.hpp"

#include "capabilities.hpp"
#include "resource_limits.hpp"
#include "rules.hpp"

#include <fcntl.h>
#include <grp.h>
#include <linux/io_uring.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <array>
#include <csignal>

namespace quietus {
namespace {

/// The kernel's own user for those who have no number of their own ("nobody").
constexpr unsigned nobody = 65534;

/// At an offset or by a ring: neither moves anything through the channel. What is open besides is
/// the drive.
constexpr std::array transfer_calls{SCMP_SYS(pwrite64), SCMP_SYS(fsync), SCMP_SYS(fdatasync),
                                    SCMP_SYS(io_uring_enter)};

// glibc changes all threads at once. Root leaves its capabilities behind with its number.
Status become_nobody() {
    if (::geteuid() != 0) return {};
    const bool done = ::setgroups(0, nullptr) == 0 && ::setresgid(nobody, nobody, nobody) == 0 &&
                      ::setresuid(nobody, nobody, nobody) == 0;
    return done ? Status{} : Status(system_error(Fault::io, "change of the user"));
}

// The kernel forgets it when the user changes; the parent may have ended meanwhile.
Status die_with(pid_t parent) {
    if (::prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && ::getppid() == parent) return {};
    return Error{Fault::io, "the parent of this process is gone"};
}

Status allow_transfers(const TransferAllowance& allowance) {
    Rules rules;
    const auto channel = static_cast<std::uint32_t>(allowance.channel);
    for (const int call : transfer_calls)
        rules.allow(call);
    for (const int call : {SCMP_SYS(write), SCMP_SYS(recvfrom)})
        rules.allow(call, SCMP_A0_32(SCMP_CMP_EQ, channel));
    // With an empty name: how glibc asks fstat(2).
    rules.allow(SCMP_SYS(newfstatat), SCMP_A3_32(SCMP_CMP_EQ, AT_EMPTY_PATH));
    // A ring lets go of its files before it is taken apart; it allows no other registration.
    rules.allow(SCMP_SYS(io_uring_register), SCMP_A1_32(SCMP_CMP_EQ, IORING_UNREGISTER_FILES));
    for (const unsigned long request : allowance.requests)
        rules.allow(SCMP_SYS(ioctl), SCMP_A1_32(SCMP_CMP_EQ, static_cast<std::uint32_t>(request)));
    return rules.enforce();
}

} // namespace

Status confine_to_transfers(const TransferAllowance& allowance) {
    const pid_t parent = ::getppid();
    if (auto status = limit_resources(allowance.memory, allowance.largest_file); !status)
        return status;
    const std::uint64_t kept = mask_of(allowance.privileges);
    if (auto status = reduce_bounding_set(kept); !status) return status;
    // Of this thread alone: it is the one that sends commands.
    if (kept != 0 && ::prctl(PR_SET_KEEPCAPS, 1) != 0)
        return system_error(Fault::io, "capabilities");
    if (auto status = become_nobody(); !status) return status;
    if (auto status = reduce_capabilities(kept); !status) return status;
    if (auto status = die_with(parent); !status) return status;
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return system_error(Fault::io, "no_new_privs");
    return allow_transfers(allowance);
}

} // namespace quietus
