// Machine: everything that sysfs and /proc say about who uses which block device, read once.
#pragma once

#include "block_tree.hpp"
#include "proc_tables.hpp"
#include "processes.hpp"
#include "quietus/drive/host.hpp"

#include <string>
#include <vector>

namespace quietus {

struct Machine {
    BlockTree tree;
    std::vector<Mount> mounts; ///< our own namespace first, then what only others see
    std::vector<Swap> swaps;
    std::vector<FileLock> locks;
    std::vector<OpenFile> open_files;
    std::vector<std::string> unknown; ///< what could not be looked at: it may be about any drive
};

/// Fault::io when there are no block devices to be seen at all; lesser gaps are in `unknown`.
[[nodiscard]] Result<Machine> look_at_machine(const HostPaths& paths, DriveProbe& probe);

} // namespace quietus
