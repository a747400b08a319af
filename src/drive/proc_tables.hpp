// The tables of /proc that say who uses what: mountinfo, swaps, locks, maps (proc(5)). Pure
// parsers.
//
// A table that is not as documented is Fault::invalid: a line that we do not understand may be the
// one that matters.
#pragma once

#include "quietus/core/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace quietus {

/// One line of mountinfo. Paths are unescaped, and may hold anything but a zero byte.
struct Mount {
    std::uint64_t id = 0;     ///< of this mount, in all namespaces
    std::uint64_t parent = 0; ///< the mount that its point lies in
    std::uint64_t number = 0; ///< st_dev of the file system; major 0 when no block device is it
    std::string root;         ///< which directory of the file system is mounted
    std::string point;
    std::string type;
    std::string source;
    std::string options;        ///< of the file system, not of the mount
    unsigned namespace_pid = 0; ///< a process that sees it; 0 when we do
};
[[nodiscard]] Result<std::vector<Mount>> parse_mountinfo(std::string_view table);

struct Swap {
    std::string name; ///< a node, or a file
    bool is_file = false;
};
[[nodiscard]] Result<std::vector<Swap>> parse_swaps(std::string_view table);

/// A flock or fcntl lock on a file.
struct FileLock {
    std::int64_t pid = 0; ///< -1 for locks of an open file description
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::string command = {}; ///< not in the table: the process's name, hostile text
};
[[nodiscard]] Result<std::vector<FileLock>> parse_locks(std::string_view table);

/// A file that is mapped shared and writable: it can be written to without a descriptor.
struct Mapping {
    std::string range; ///< "7f00-8000": its name in map_files
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::string path;
};
[[nodiscard]] Result<std::vector<Mapping>> parse_maps(std::string_view table);

} // namespace quietus
