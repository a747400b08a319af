// FileSystemHome: where a kind of file system keeps what is in it, when the mount table shows no
// block device for it.
#pragma once

#include <cstdint>
#include <string_view>

namespace quietus {

enum class FileSystemHome : std::uint8_t {
    elsewhere, ///< in memory, in the kernel, on the network, in another machine: on no drive here
    process,   ///< behind another process: what that has open is found among the open files
    devices,   ///< on devices that its source names: btrfs, bcachefs
    pool,      ///< on the members of a ZFS pool
    layers,    ///< on directories that its options name: overlay
    directory, ///< on the directory, or in the file, that its source names
    unknown,   ///< we cannot tell; it may be on any drive
};

/// By the type in mountinfo. A type that is not listed here is unknown: only proof counts.
[[nodiscard]] FileSystemHome home_of(std::string_view type);

} // namespace quietus
