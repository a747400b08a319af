#include "foundations.hpp"

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

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    for (;;) {
        const auto end = text.find(separator);
        parts.emplace_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
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

// File systems that keep their data on block devices without being one in st_dev.
bool lives_on_several_devices(const std::string& type) {
    return type == "btrfs" || type == "bcachefs" || type == "zfs";
}

std::string title_of(const Mount& mount) {
    return escaped(mount.point) + " (" + escaped(mount.type) + " from " + escaped(mount.source) +
           ")";
}

} // namespace

std::string Foundations::file_key(std::uint64_t device, std::uint64_t inode) {
    return "file:" + std::to_string(device) + ":" + std::to_string(inode);
}

std::string Foundations::file_key(const std::string& path) const {
    const auto place = probe_.place(path);
    if (!place || place->silent) return "file:" + path;
    return file_key(place->device, place->inode);
}

const BlockDevice* Foundations::device_of(const std::string& path) const {
    const auto place = probe_.place(path);
    if (place && place->node_number != 0) return machine_.tree.at(place->node_number);
    return machine_.tree.by_node(path);
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

void Foundations::descend(const std::string& name, Ground& ground) const {
    if (!ground.keys.insert(name).second) return;
    const BlockDevice* device = machine_.tree.find(name);
    if (device == nullptr) {
        ground.unknown.insert("the kernel names " + escaped(name) + " but does not show it");
        return;
    }
    for (const std::string& below : device->below)
        descend(below, ground);
    // A partition of a loop device has its whole's file beneath it.
    const BlockDevice* whole = machine_.tree.find(device->whole);
    if (whole != nullptr && whole->loop_file) descend_file(*whole->loop_file, ground);
}

void Foundations::descend_file(const std::string& path, Ground& ground) const {
    if (const BlockDevice* device = device_of(path)) {
        descend(device->name, ground);
        return;
    }
    const bool deleted = path.ends_with(deleted_mark) && !probe_.place(path);
    if (!ground.keys.insert(file_key(path)).second) return;
    descend_path(deleted ? path.substr(0, path.size() - deleted_mark.size()) : path, ground);
}

void Foundations::descend_path(const std::string& path, Ground& ground) const {
    std::string nearest = path;
    auto place = probe_.place(nearest);
    while (!place && nearest.size() > 1) {
        nearest = parent_of(nearest);
        place = probe_.place(nearest);
    }
    if (place && major(place->device) != 0) {
        if (const BlockDevice* device = machine_.tree.at(place->device))
            return descend(device->name, ground);
    }
    const Mount* mount = mount_above(machine_.mounts, place ? nearest : path);
    if (mount == nullptr)
        ground.unknown.insert("no mount is known to hold " + escaped(path));
    else
        descend_mount(*mount, ground);
}

void Foundations::descend_mount(const Mount& mount, Ground& ground) const {
    if (major(mount.number) != 0) {
        if (const BlockDevice* device = machine_.tree.at(mount.number))
            descend(device->name, ground);
        else
            ground.unknown.insert("the device beneath " + title_of(mount) + " is not shown");
    } else if (mount.type == "overlay") {
        descend_overlay(mount, ground);
    } else if (lives_on_several_devices(mount.type) || mount.source.starts_with("/dev/")) {
        descend_sources(mount, ground);
    }
    // Anything else without a device lives in memory, on the network or in another process; what
    // such a process has open is found among the open files.
}

void Foundations::descend_sources(const Mount& mount, Ground& ground) const {
    // bcachefs lists its members with colons between them; other sources may hold colons.
    const auto sources = mount.type == "bcachefs" ? split(mount.source, ':')
                                                  : std::vector<std::string>{mount.source};
    for (const std::string& source : sources) {
        const BlockDevice* device = device_of(source);
        if (device == nullptr) {
            ground.unknown.insert("the drives beneath " + title_of(mount) + " are not known");
            continue;
        }
        for (const std::string& member : machine_.tree.btrfs_group(device->name))
            descend(member, ground);
    }
}

// Its layers are directories of other file systems, named in its options as they were when it was
// mounted: a path that leads back to the overlay itself, as in a container, tells nothing.
void Foundations::descend_overlay(const Mount& mount, Ground& ground) const {
    if (!ground.keys.insert("overlay:" + mount.point).second) {
        ground.unknown.insert("the layers of " + title_of(mount) + " are out of sight");
        return;
    }
    for (const std::string& option : split(mount.options, ',')) {
        const auto equals = option.find('=');
        const std::string name = option.substr(0, equals);
        if (equals == std::string::npos || (name != "lowerdir" && name != "upperdir")) continue;
        for (const std::string& layer : split(option.substr(equals + 1), ':')) {
            if (layer.starts_with('/'))
                descend_path(layer, ground);
            else
                ground.unknown.insert("the layers of " + title_of(mount) + " are out of sight");
        }
    }
}

std::set<std::string> Foundations::extent_of(const BlockDevice& device) const {
    std::set<std::string> keys{file_key(device.node)};
    const auto parts = device.role == BlockRole::whole ? machine_.tree.parts_of(device.name)
                                                       : std::vector<const BlockDevice*>{&device};
    for (const BlockDevice* part : parts)
        keys.insert(part->name);
    const BlockDevice* beneath = device.loop_file ? device_of(*device.loop_file) : nullptr;
    if (beneath != nullptr) keys.merge(extent_of(*beneath));
    if (beneath == nullptr && device.loop_file) keys.insert(file_key(*device.loop_file));
    return keys;
}

} // namespace quietus
