// The files and nodes that other processes can write to, from /proc/PID/fd and /proc/PID/maps.
#pragma once

#include "drive_probe.hpp"

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
    std::vector<std::string> unknown; ///< why some could not be seen
};

/// Descriptors open for writing and shared writable mappings of regular files and nodes, but for
/// those of this process. Init (process 1) is believed to write to no drive when it lets nobody
/// look.
[[nodiscard]] OpenFiles open_files(const std::string& proc, DriveProbe& probe);

} // namespace quietus
