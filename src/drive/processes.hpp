// The files and nodes that other processes have open, from /proc/PID/fd and /proc/PID/maps.
#pragma once

#include "drive_probe.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace quietus {

struct OpenFile {
    unsigned pid = 0;
    std::string command; ///< the process's name, as it chose: hostile text
    std::string path;    ///< as the kernel knows it there
    std::optional<FilePlace> place;
    bool mapped = false; ///< into memory, perhaps without a descriptor any more
};

struct OpenFiles {
    std::vector<OpenFile> writable;
    std::vector<OpenFile> reading;    ///< nodes alone: no danger, but it may be an exclusive claim
    std::vector<std::string> unknown; ///< why some could not be seen
};

/// "process 812 (qemu)", escaped; "a process" without a number.
[[nodiscard]] std::string process_title(std::int64_t pid, const std::string& command);

/// The directories that /proc has of a process's threads, "/proc/812/task/813", the first thread
/// first. Each may have descriptors and mounts of its own, and the first may have ended before the
/// others. The process's own directory where it has no threads to show.
[[nodiscard]] std::vector<std::string> thread_directories(const std::string& proc,
                                                          const std::string& pid);

/// Descriptors open for writing and shared writable mappings of regular files and nodes, but for
/// those of this process; and nodes in /dev that are open for reading. Init (process 1) is believed
/// to write to no drive when it lets nobody look.
[[nodiscard]] OpenFiles open_files(const std::string& proc, DriveProbe& probe);

} // namespace quietus
