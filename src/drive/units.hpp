// Units: which nodes are one drive.
//
//   all namespaces of an NVMe subsystem on this machine      parts `namespace`
//   all logical units of a SAS target or a UFS device        parts `logical-unit`
//   all ways to the same blocks (multipath, second port)     parts `path`
//
// Not one drive: the slots of a USB dock or card reader, and the volumes of an array or a RAID
// controller, although they too share a target.
#pragma once

#include "attachment.hpp"
#include "drive_probe.hpp"
#include "quietus/record/drive.hpp"

#include <set>
#include <string>
#include <vector>

namespace quietus {

/// A node of a whole device, with what sysfs and the drive tell of it.
struct Node {
    const BlockDevice* device = nullptr;
    Attachment attachment;
    Drive drive;
    ProbeReport report;
    std::set<std::string> blocks; ///< names and multipath maps: who shares one has the same blocks
};

/// As sysfs shows it; nothing has been asked yet. The tree must outlive the node.
[[nodiscard]] Node node_of(const BlockTree& tree, const BlockDevice& device);

/// Sets what the drive answered over what sysfs said. Also for a node that was not asked: with an
/// empty report.
void hear(Node& node, ProbeReport report);

struct Unit {
    std::vector<const Node*> nodes; ///< the main node first: the lowest in the kernel's order
    /// Nodes elsewhere that claim to be the same blocks and cannot be, a clause each.
    std::vector<std::string> contradictions;
};

/// Every node is in exactly one unit. In the order of their main nodes. Call it when all nodes have
/// been heard: who answered can tell more of who did not.
[[nodiscard]] std::vector<Unit> units_of(const std::vector<Node>& nodes);

/// Before anything was asked: for each node, whether the kernel already shows it to lead to the
/// blocks of one before it in the list, which need not be read twice.
[[nodiscard]] std::vector<bool> further_paths(const std::vector<Node>& nodes);

/// The main node's drive with all parts and members of the unit; contents, users and guards are
/// left as there.
[[nodiscard]] Drive drive_of(const BlockTree& tree, const Unit& unit);

} // namespace quietus
