#include "command_nodes.hpp"

#include "sysfs.hpp"

#include <algorithm>

namespace quietus {
namespace {

void add(std::vector<CommandNode>& nodes, const std::string& node, const std::string& directory) {
    const auto number = sysfs::text(directory + "/dev");
    const auto parsed = number ? sysfs::device_number(*number) : std::nullopt;
    if (parsed) nodes.push_back({node, *parsed});
}

void add_scsi(const BlockDevice& device, std::vector<CommandNode>& nodes) {
    const std::string generic = device.directory + "/device/scsi_generic";
    for (const std::string& name : sysfs::names(generic))
        add(nodes, "/dev/" + name, generic + "/" + name);
    const std::string bsg = device.directory + "/device/bsg";
    for (const std::string& name : sysfs::names(bsg))
        add(nodes, "/dev/bsg/" + name, bsg + "/" + name);
}

// The parent is a controller (with the namespace's generic node beside the block device) or, for a
// multipath namespace, the subsystem, which links to its controllers.
void add_nvme(const BlockDevice& device, std::vector<CommandNode>& nodes) {
    const std::string parent = sysfs::resolved(device.directory + "/device");
    const std::string name = sysfs::last_component(parent);
    if (sysfs::is_numbered(name, "nvme")) add(nodes, "/dev/" + name, parent);
    for (const std::string& entry : sysfs::names(parent)) {
        const bool own_generic = entry == "ng" + device.name.substr(4);
        if (own_generic || sysfs::is_numbered(entry, "nvme"))
            add(nodes, "/dev/" + entry, parent + "/" + entry);
    }
}

} // namespace

std::vector<CommandNode> command_nodes_of(const BlockDevice& device) {
    std::vector<CommandNode> nodes;
    add_scsi(device, nodes);
    if (device.name.starts_with("nvme")) add_nvme(device, nodes);
    return nodes;
}

} // namespace quietus
