#include "block_tree.hpp"

#include "command_nodes.hpp"
#include "mapped_device.hpp"
#include "sysfs.hpp"

#include <algorithm>
#include <utility>

namespace quietus {
namespace {

/// sysfs counts sizes and starts in these, whatever the drive's own blocks are.
constexpr std::uint64_t sysfs_sector_bytes = 512;

std::string node_of(std::string name) {
    std::replace(name.begin(), name.end(), '!', '/'); // sysfs cannot have a slash in a name
    return "/dev/" + name;
}

std::string parent_name(const std::string& directory) {
    return sysfs::last_component(directory.substr(0, directory.rfind('/')));
}

std::uint64_t expected_number(BlockDevice& device, const std::string& attribute) {
    const auto value = sysfs::number(device.directory + "/" + attribute);
    if (!value) device.gaps.push_back(attribute);
    return value.value_or(0);
}

BlockDevice read_device(const std::string& name, const std::string& directory) {
    BlockDevice device;
    device.name = device.whole = name;
    device.node = device.title = node_of(name);
    device.directory = directory;
    const auto number = sysfs::text(directory + "/dev");
    const auto parsed = number ? sysfs::device_number(*number) : std::nullopt;
    if (!parsed) device.gaps.emplace_back("dev");
    device.number = parsed.value_or(0);
    device.size_bytes = expected_number(device, "size") * sysfs_sector_bytes;
    device.loop_file = sysfs::text(directory + "/loop/backing_file");
    if (is_detached_loop(device)) return device;
    device.below = sysfs::names(directory + "/slaves");
    const std::string backing = sysfs::text(directory + "/backing_dev").value_or("none");
    if (backing != "none") device.written_back_to = backing;
    return device;
}

} // namespace

bool is_detached_loop(const BlockDevice& device) {
    return device.name.starts_with("loop") && device.size_bytes == 0 && !device.loop_file;
}

Result<BlockTree> BlockTree::read(const std::string& sys) {
    BlockTree tree;
    if (!sysfs::exists(sys + "/block")) return system_error(Fault::io, sys + "/block");
    const std::string list = sysfs::resolved(sys + "/block");
    for (const std::string& name : sysfs::names(list))
        tree.add_whole(list, name);
    for (std::size_t index = tree.devices_.size(); index-- > 0;)
        tree.add_partitions(index);
    tree.add_groups(sys);
    tree.link_up();
    return tree;
}

void BlockTree::add_whole(const std::string& list, const std::string& name) {
    BlockDevice device = read_device(name, sysfs::linked(list, name));
    if (is_detached_loop(device)) return devices_.push_back(std::move(device));
    recognise_mapped(device);
    device.commands = command_nodes_of(device);
    // The kernel hangs the boot areas of an eMMC beneath its main area.
    const std::string parent = parent_name(device.directory);
    if (sysfs::exists(list + "/" + parent)) {
        device.role = BlockRole::area;
        device.whole = parent;
    }
    devices_.push_back(std::move(device));
}

void BlockTree::add_partitions(std::size_t whole) {
    if (is_detached_loop(devices_[whole])) return;
    const std::string name = devices_[whole].name;
    const std::string directory = devices_[whole].directory;
    for (const std::string& entry : sysfs::names(directory)) {
        if (!entry.starts_with(name)) continue; // as the kernel names every partition
        const std::string inside = directory + "/" + entry;
        if (!sysfs::exists(inside + "/partition")) continue;
        BlockDevice part = read_device(entry, inside);
        part.role = BlockRole::partition;
        part.whole = name;
        part.start_bytes = expected_number(part, "start") * sysfs_sector_bytes;
        devices_.push_back(std::move(part));
    }
}

void BlockTree::add_groups(const std::string& sys) {
    for (const std::string& id : sysfs::names(sys + "/fs/btrfs"))
        groups_.push_back(sysfs::names(sys + "/fs/btrfs/" + id + "/devices"));
    for (const std::string& id : sysfs::names(sys + "/fs/bcachefs")) {
        std::vector<std::string> members;
        const std::string directory = sys + "/fs/bcachefs/" + id + "/";
        for (const std::string& entry : sysfs::names(directory))
            if (const auto block = sysfs::link(directory + entry + "/block"))
                members.push_back(sysfs::last_component(*block));
        groups_.push_back(std::move(members));
    }
}

// sysfs writes each relation at both its ends; either one is enough for us.
void BlockTree::link_up() {
    for (std::size_t index = 0; index < devices_.size(); ++index) {
        by_name_.emplace(devices_[index].name, index);
        by_number_.emplace(devices_[index].number, index);
    }
    for (BlockDevice& device : devices_) {
        if (is_detached_loop(device)) continue;
        if (!device.written_back_to.empty()) {
            const BlockDevice* found = by_node(device.written_back_to);
            device.below.push_back(found == nullptr ? device.written_back_to : found->name);
        }
        for (const std::string& holder : sysfs::names(device.directory + "/holders")) {
            const auto found = by_name_.find(holder);
            if (found == by_name_.end()) {
                device.strange_holders.push_back(holder);
                continue;
            }
            auto& below = devices_[found->second].below;
            if (std::find(below.begin(), below.end(), device.name) == below.end())
                below.push_back(device.name);
        }
    }
}

const BlockDevice* BlockTree::find(const std::string& name) const {
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? nullptr : &devices_[found->second];
}

const BlockDevice* BlockTree::at(std::uint64_t number) const {
    const auto found = by_number_.find(number);
    return found == by_number_.end() || number == 0 ? nullptr : &devices_[found->second];
}

const BlockDevice* BlockTree::by_node(const std::string& node) const {
    const auto found =
        std::find_if(devices_.begin(), devices_.end(), [&](const BlockDevice& device) {
            return device.node == node || device.title == node;
        });
    return found == devices_.end() ? nullptr : &*found;
}

std::vector<const BlockDevice*> BlockTree::commanded_by(const CommandNode& command) const {
    std::vector<const BlockDevice*> found;
    for (const BlockDevice& device : devices_)
        for (const CommandNode& each : device.commands)
            if (command.number == 0 ? each.node == command.node : each.number == command.number)
                found.push_back(&device);
    return found;
}

std::vector<const BlockDevice*> BlockTree::parts_of(const std::string& whole) const {
    std::vector<const BlockDevice*> parts;
    for (const BlockDevice& device : devices_)
        if (device.whole == whole) parts.push_back(&device);
    std::stable_sort(parts.begin(), parts.end(), [](const auto* left, const auto* right) {
        return left->start_bytes < right->start_bytes;
    });
    return parts;
}

std::vector<std::string> BlockTree::file_system_group(const std::string& name) const {
    for (const auto& group : groups_)
        if (std::find(group.begin(), group.end(), name) != group.end()) return group;
    return {name};
}

} // namespace quietus
