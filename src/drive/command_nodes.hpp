// command_nodes: the character devices through which a process can command a drive past its block
// node.
#pragma once

#include "block_tree.hpp"

#include <vector>

namespace quietus {

/// SCSI generic and bsg nodes of a SCSI device; controllers and generic node of an NVMe namespace.
[[nodiscard]] std::vector<CommandNode> command_nodes_of(const BlockDevice& device);

} // namespace quietus
