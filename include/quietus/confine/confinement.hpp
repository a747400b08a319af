// Confinement: a process that is about to read what a stranger wrote gives up all that it does not
// need for that.
//
// What is left (seccomp(2), a list of what is allowed): to read, seek and look at descriptors that
// are open, to get and give back memory that cannot be executed, to read clocks and random numbers,
// to write to one descriptor, to end. Everything else fails with EPERM: opening anything, writing
// anywhere else, sockets, processes and signals to them, exec, ptrace, io_uring, and each ioctl(2)
// that is not named. Besides: no_new_privs, an empty capability bounding set but for what is kept,
// no core, no file written, no descriptor more, a bounded address space.
#pragma once

#include "quietus/core/result.hpp"

#include <cstdint>
#include <vector>

namespace quietus {

/// Capabilities that a probe may have a use for; see capabilities(7).
enum class Privilege : unsigned char {
    raw_io,       ///< CAP_SYS_RAWIO: SCSI and ATA commands
    administrate, ///< CAP_SYS_ADMIN: NVMe commands
};

struct Allowance {
    int writable = -1;                        ///< the one descriptor that may be written to
    std::vector<unsigned long> requests = {}; ///< the ioctl(2) requests that may be made
    std::vector<Privilege> privileges = {};   ///< kept where the process has them
    /// Of address space, in bytes, beyond what the process has.
    std::uint64_t memory = std::uint64_t{512} << 20U;
};

/// Confines the calling process for the rest of its life. May be called again to give up more; what
/// was given up does not come back. Fault::io when the kernel cannot do all of it (no seccomp): the
/// caller must not go on to read what it does not trust.
[[nodiscard]] Status confine(const Allowance& allowance);

} // namespace quietus
