// mapped_device: block devices that the kernel makes from others, and what takes them away again.
#pragma once

#include "block_tree.hpp"

#include <string>

namespace quietus {

/// Sets role, kind, title and what is beneath, when the device is a mapped one. Kinds: "crypt",
/// "lvm", "multipath", "partition" (of a mapped device), "dmraid", "dm", "md", "bcache", "drbd",
/// "zvol", "stacked".
void recognise_mapped(BlockDevice& device);

/// The command that ends the device, mapped or loop; empty when there is none.
[[nodiscard]] std::string unmap_command(const BlockDevice& device);

/// "vg/root" for a logical volume that device mapper calls "vg-root"; empty when it is none. LVM
/// doubles the hyphens of either name.
[[nodiscard]] std::string logical_volume_of(const std::string& mapper_name);

} // namespace quietus
