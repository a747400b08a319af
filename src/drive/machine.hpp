// Machine: everything that sysfs and /proc say about who uses which block device, read once.
#pragma once

#include "block_tree.hpp"
#include "exports.hpp"
#include "named_devices.hpp"
#include "proc_tables.hpp"
#include "processes.hpp"
#include "quietus/drive/host.hpp"

#include <string>
#include <vector>

namespace quietus {

/// Where the machine would go on from after hibernation.
struct Hibernation {
    std::uint64_t device = 0; ///< dev_t, as the kernel has it set; 0 for none
    bool to_file = false;     ///< a swap file on that device's file system
};

/// A bcache device, cache or backing, that the kernel keeps open; there may be no node above it.
struct BcacheMember {
    std::string device; ///< the kernel's name
    std::string set;    ///< the cache set's UUID; empty for a backing device without one
    bool is_cache = false;
};

struct Machine {
    BlockTree tree;
    std::string dev;           ///< HostPaths::dev: udev's links
    std::vector<Mount> mounts; ///< our own namespace first, then what only others see
    std::vector<Swap> swaps;
    std::vector<FileLock> locks;
    std::vector<OpenFile> open_files;    ///< for writing
    std::vector<OpenFile> read_nodes;    ///< open for reading only
    std::vector<NamedDevice> named;      ///< on the command line, in fstab, by the firmware
    std::vector<std::string> live_files; ///< images that a live system says it runs from
    Hibernation hibernation;
    std::vector<std::string> pools; ///< imported ZFS pools
    std::vector<BcacheMember> bcache;
    std::vector<Export> exports;
    std::vector<std::string> unknown; ///< what could not be looked at: it may be about any drive
};

/// Fault::io when there are no block devices to be seen at all; lesser gaps are in `unknown`.
[[nodiscard]] Result<Machine> look_at_machine(const HostPaths& paths, DriveProbe& probe);

} // namespace quietus
