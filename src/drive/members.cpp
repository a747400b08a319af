#include "members.hpp"

#include "unit_parts.hpp"

#include <algorithm>
#include <map>
#include <numeric>

namespace quietus {
namespace {

/// By NVMe's number of the namespace, or by LUN.
using Numbered = std::map<std::uint64_t, const Node*>;

// Nothing where one has no number, or two have one between them.
Numbered numbered(const std::vector<const Node*>& nodes) {
    Numbered found;
    for (const Node* node : nodes) {
        const auto number = number_of(*node);
        if (!number || !found.emplace(*number, node).second) return {};
    }
    return found;
}

bool is_as_described(const NvmeNamespaceRecord& told, const Node& node) {
    return told.attached && told.described && told.block_bytes == node.drive.logical_block_bytes &&
           told.blocks == node.drive.size_bytes / told.block_bytes &&
           node.drive.size_bytes % told.block_bytes == 0;
}

bool are_all(const NvmeScopeRecord& scope, const Numbered& nodes) {
    if (!joined(scope) || scope.namespaces.size() != nodes.size()) return false;
    return std::ranges::all_of(scope.namespaces, [&](const NvmeNamespaceRecord& each) {
        const auto found = nodes.find(each.nsid);
        return found != nodes.end() && is_as_described(each, *found->second);
    });
}

// Each of them was asked. What one hides would have to be lifted there.
bool are_all(std::uint32_t units, const Numbered& nodes) {
    if (units != nodes.size()) return false;
    const Drive& first = nodes.begin()->second->drive;
    return std::ranges::all_of(nodes, [&](const auto& each) {
        const Drive& drive = each.second->drive;
        const bool whole = !drive.native_size_bytes || *drive.native_size_bytes == drive.size_bytes;
        return drive.scsi_unit && drive.scsi_unit->units == units && whole &&
               drive.size_bytes != 0 && drive.logical_block_bytes == first.logical_block_bytes;
    });
}

bool are_all(const Drive& drive, const Numbered& nodes) {
    if (drive.nvme_scope) return are_all(*drive.nvme_scope, nodes);
    return drive.scsi_unit && are_all(drive.scsi_unit->units, nodes);
}

} // namespace

void join_members(const std::vector<const Node*>& all, Drive& drive) {
    const Numbered nodes = numbered(all);
    if (nodes.size() < 2 || !are_all(drive, nodes)) return;
    bool native_known = true;
    for (const auto& [number, node] : nodes) {
        const Drive& each = node->drive;
        drive.members.push_back({each.node, each.size_bytes, each.device_number, each.diskseq});
        native_known = native_known && each.native_size_bytes;
        if (number != number_of(*all.front()) && node->report.scsi)
            scsi::tell_of_further_unit(*node->report.scsi, drive);
    }
    drive.size_bytes = std::accumulate(
        drive.members.begin(), drive.members.end(), std::uint64_t{0},
        [](std::uint64_t sum, const Member& each) { return sum + each.size_bytes; });
    drive.native_size_bytes.reset();
    if (native_known) drive.native_size_bytes = drive.size_bytes;
}

std::uint64_t offset_of(const Drive& drive, const Node& node) {
    std::uint64_t offset = 0;
    for (const Member& each : drive.members) {
        if (each.node == node.drive.node) return offset;
        offset += each.size_bytes;
    }
    return 0;
}

} // namespace quietus
