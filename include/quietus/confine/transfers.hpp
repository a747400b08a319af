// Transfers: a process that has opened its one drive gives up all but to move data between it and
// its own memory.
//
// What is left (seccomp(2), a list of what is allowed, for all threads): to read, write and flush
// what is open, at an offset or through a ring that exists already; to poll, read clocks and random
// numbers, get and give back memory that cannot be executed; to write a stream to one descriptor;
// to end. Everything else fails with EPERM: opening anything, a new ring, sockets, processes and
// signals to them, exec, ptrace, and each ioctl(2) that is not named. Besides: no_new_privs, no
// capability but those that are named, another user where the process is root, no core, no
// descriptor more, no file that grows, a bounded address space; and it still ends with its parent.
#pragma once

#include "quietus/confine/confinement.hpp"
#include "quietus/core/result.hpp"

#include <cstdint>
#include <vector>

namespace quietus {

struct TransferAllowance {
    int channel = -1;                         ///< the one descriptor that takes write(2)
    std::vector<unsigned long> requests = {}; ///< the ioctl(2) requests that may be made
    std::vector<Privilege> privileges = {};   ///< kept where the process has them
    std::uint64_t largest_file = 0;           ///< in bytes: no regular file may be written beyond
    /// Of address space, in bytes, beyond what the process has: a record of a million bad blocks as
    /// a tree of JSON, twice.
    std::uint64_t memory = std::uint64_t{8} << 30U;
};

/// Confines the calling process for the rest of its life. Every descriptor but the channel and
/// those of the drive must be closed before. Fault::io when it cannot all be done: nothing may be
/// written to the drive then.
[[nodiscard]] Status confine_to_transfers(const TransferAllowance& allowance);

} // namespace quietus
