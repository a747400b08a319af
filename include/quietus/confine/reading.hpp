// Reading: a program that only reads what it was named gives up everything else.
//
// What is left (seccomp(2), a list of what is allowed): to open for reading, to list directories,
// to write to what is open, memory that cannot be executed, clocks, random numbers. Everything else
// fails with EPERM: opening for writing, making, renaming and removing files, sockets, processes
// and signals to them, exec, ptrace, mounts, io_uring and each ioctl(2). Where the kernel has
// Landlock (landlock(7)), opening fails with EACCES outside the named paths: there is no way to a
// node of a drive. Besides: no_new_privs, and of the capabilities only that to read what belongs to
// others.
#pragma once

#include "quietus/core/result.hpp"

#include <string>
#include <vector>

namespace quietus {

struct ReadingScope {
    /// Files, and directories with all beneath them; what is not there is passed over.
    std::vector<std::string> readable;
    /// Directories in which files may be made and replaced besides. With none of them nothing can
    /// be opened for writing at all.
    std::vector<std::string> writable = {};
};

/// Confines the calling process for the rest of its life, and its children. Fault::io when the
/// kernel has no seccomp: nothing that a stranger wrote may be read then.
[[nodiscard]] Status confine_to_reading(const ReadingScope& scope);

/// Whether this kernel has Landlock, so that the scope is more than a promise.
[[nodiscard]] bool has_landlock();

} // namespace quietus
