#include "foundations.hpp"

#include "file_system_home.hpp"
#include "quietus/core/bytes.hpp"
#include "sysfs.hpp"

#include <sys/sysmacros.h>

#include <algorithm>
#include <string_view>

namespace quietus {
namespace {

constexpr std::string_view deleted_mark = " (deleted)";

bool lies_under(const std::string& path, const std::string& point) {
    if (point == "/") return path.starts_with('/');
    return path.starts_with(point) && (path.size() == point.size() || path[point.size()] == '/');
}

std::string parent_of(const std::string& path) {
    const auto slash = path.rfind('/');
    return slash == 0 || slash == std::string::npos ? "/" : path.substr(0, slash);
}

// The mount that a path goes through: the longest mount point, and of those stacked on one point
// the last. Only of our own namespace: paths mean something else in others.
const Mount* mount_above(const std::vector<Mount>& mounts, const std::string& path) {
    const Mount* best = nullptr;
    for (const Mount& mount : mounts)
        if (mount.namespace_pid == 0 && lies_under(path, mount.point) &&
            (best == nullptr || mount.point.size() >= best->point.size()))
            best = &mount;
    return best;
}

} // namespace

std::string Foundations::file_key(std::uint64_t device, std::uint64_t inode) {
    return "file:" + std::to_string(device) + ":" + std::to_string(inode);
}

std::string Foundations::mount_key(const Mount& mount) {
    return "mount:" + std::to_string(mount.id) + ":" + mount.point;
}

std::string Foundations::file_key(const std::string& path) const {
    const auto place = place_of(path);
    if (!place || place->silent) return "file:" + path;
    return file_key(place->device, place->inode);
}

const BlockDevice* Foundations::device_of(const std::string& path) const {
    const auto place = place_of(path);
    if (place && place->node_number != 0) return machine_.tree.at(place->node_number);
    return machine_.tree.by_node(path);
}

// Not of a file behind another process: that may never answer, and we must. Its path is its key.
std::optional<FilePlace> Foundations::place_of(const std::string& path) const {
    const Mount* above = mount_above(machine_.mounts, path);
    if (above != nullptr && home_of(above->type) == FileSystemHome::process) return std::nullopt;
    return probe_.place(path);
}

Ground Foundations::of_device(const std::string& name) const {
    Ground ground;
    descend(name, ground);
    return ground;
}

Ground Foundations::of_mount(const Mount& mount) const {
    Ground ground;
    descend_mount(mount, ground);
    return ground;
}

Ground Foundations::of_pool(const std::string& pool) const {
    Ground ground;
    descend_pool(pool, ground);
    return ground;
}

Ground Foundations::of_path(const std::string& path) const {
    Ground ground;
    descend_path(path, ground);
    return ground;
}

Ground Foundations::of_file(const std::string& path) const {
    Ground ground;
    descend_file(path, ground);
    return ground;
}

Ground Foundations::of_mounts_with(const std::string& file) const {
    Ground ground;
    for (const Mount& mount : machine_.mounts)
        if (mount.namespace_pid == 0 && major(mount.number) != 0 &&
            probe_.place(mount.point + file))
            descend_mount(mount, ground);
    return ground;
}

std::set<std::string> Foundations::devices_named(const DeviceName& name) const {
    return quietus::devices_named(name, machine_.tree, signatures_, machine_.dev);
}

void Foundations::descend(const std::string& name, Ground& ground) const {
    if (!ground.keys.insert(name).second) return;
    const BlockDevice* device = machine_.tree.find(name);
    if (device == nullptr) {
        ground.unknown.insert("the kernel names " + escaped(name) + " but does not show it");
        return;
    }
    for (const std::string& below : device->below)
        descend(below, ground);
    // Which pool a volume of ZFS belongs to is told by the links of udev alone.
    if (device->mapped_kind == "zvol" && machine_.pools.size() == 1)
        descend_pool(machine_.pools.front(), ground);
    // A partition of a loop device has its whole's file beneath it.
    const BlockDevice* whole = machine_.tree.find(device->whole);
    if (whole != nullptr && whole->loop_file) descend_file(*whole->loop_file, ground);
}

void Foundations::descend_file(const std::string& path, Ground& ground) const {
    if (const BlockDevice* device = device_of(path)) {
        descend(device->name, ground);
        return;
    }
    const bool deleted = path.ends_with(deleted_mark) && !place_of(path);
    const std::string name = deleted ? path.substr(0, path.size() - deleted_mark.size()) : path;
    const Mount* mount = standing_of(name).mount;
    // No file has its data there: it is the node of a device that sysfs does not show.
    if (mount != nullptr && mount->type == "devtmpfs")
        ground.unknown.insert("the kernel names " + escaped(path) + " but does not show it");
    else if (ground.keys.insert(file_key(path)).second)
        descend_path(name, ground);
}

// A path that does not exist stands where its nearest parent that does. The kernel's own word for
// the mount, its id, sees through links, bind mounts and the subvolumes of btrfs; the table of
// mount points, which is the fallback, does not.
Foundations::Standing Foundations::standing_of(const std::string& path) const {
    const Mount* above = mount_above(machine_.mounts, path);
    if (above != nullptr && home_of(above->type) == FileSystemHome::process) return {above, {}};
    std::string nearest = path;
    auto place = probe_.place(nearest);
    while (!place && nearest.size() > 1) {
        nearest = parent_of(nearest);
        place = probe_.place(nearest);
    }
    if (place && place->mount != 0)
        for (const Mount& mount : machine_.mounts)
            if (mount.id == place->mount) return {&mount, place};
    return {mount_above(machine_.mounts, place ? sysfs::resolved(nearest) : path), place};
}

void Foundations::descend_path(const std::string& path, Ground& ground) const {
    const Standing standing = standing_of(path);
    if (standing.mount != nullptr) ground.keys.insert(mount_key(*standing.mount));
    const BlockDevice* device = standing.place ? machine_.tree.at(standing.place->device) : nullptr;
    if (device != nullptr)
        descend(device->name, ground);
    else if (standing.mount != nullptr)
        descend_mount(*standing.mount, ground);
    else
        ground.unknown.insert("no mount is known to hold " + escaped(path));
}

std::set<std::string> Foundations::extent_of(const BlockDevice& device) const {
    std::set<std::string> keys;
    const auto parts = device.role == BlockRole::whole ? machine_.tree.parts_of(device.name)
                                                       : std::vector<const BlockDevice*>{&device};
    for (const BlockDevice* part : parts) {
        keys.insert(part->name);
        keys.insert(file_key(part->node)); // locks are on the node's inode
    }
    for (const CommandNode& command : device.commands)
        keys.insert(file_key(command.node));
    const BlockDevice* beneath = device.loop_file ? device_of(*device.loop_file) : nullptr;
    if (beneath != nullptr) keys.merge(extent_of(*beneath));
    if (beneath == nullptr && device.loop_file) keys.insert(file_key(*device.loop_file));
    return keys;
}

} // namespace quietus
