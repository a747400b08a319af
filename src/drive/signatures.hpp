// Signatures: what stands on which block device of the machine, to find a device by what others
// call it.
#pragma once

#include "block_tree.hpp"
#include "drive_probe.hpp"
#include "named_devices.hpp"

#include <set>
#include <string>
#include <vector>

namespace quietus {

/// One thing that was found on a device, or one entry of its partition table.
struct Signature {
    std::string device; ///< the kernel's name of the partition, or of the whole where it shows none
    std::string type;   ///< libblkid's; empty for an entry of a table
    std::string uuid;
    std::string label;
    std::string part_uuid;
    std::string part_label;
};

/// Those of one drive.
[[nodiscard]] std::vector<Signature> signatures_of(const BlockTree& tree, const BlockDevice& whole,
                                                   const Contents& contents);

/// The members of a ZFS pool, by the pool's name or, in decimal, its GUID.
[[nodiscard]] std::set<std::string> pool_members(const std::vector<Signature>& signatures,
                                                 const std::string& pool);

/// Every device that answers to the name: several when one is a copy of another, or an impostor.
/// `dev` is HostPaths::dev: the links that udev keeps there count as well.
[[nodiscard]] std::set<std::string> devices_named(const DeviceName& name, const BlockTree& tree,
                                                  const std::vector<Signature>& signatures,
                                                  const std::string& dev);

} // namespace quietus
