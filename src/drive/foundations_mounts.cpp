// What stands beneath a mount. See foundations.hpp.
#include "foundations.hpp"

#include "file_system_home.hpp"
#include "quietus/core/bytes.hpp"

#include <sys/sysmacros.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace quietus {
namespace {

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    for (;;) {
        const auto end = text.find(separator);
        parts.emplace_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

std::string title_of(const Mount& mount) {
    return escaped(mount.point) + " (" + escaped(mount.type) + " from " + escaped(mount.source) +
           ")";
}

struct MountOption {
    std::string name;
    std::string value;
};

std::vector<MountOption> options_of(const Mount& mount) {
    std::vector<MountOption> options;
    for (const std::string& option : split(mount.options, ',')) {
        const auto equals = option.find('=');
        if (equals != std::string::npos)
            options.push_back({option.substr(0, equals), option.substr(equals + 1)});
    }
    return options;
}

// Linux, Documentation/filesystems/overlayfs.rst; with a plus sign they name one layer each.
bool names_layers(const std::string& option) {
    constexpr std::array<std::string_view, 5> names{"lowerdir", "upperdir", "workdir", "lowerdir+",
                                                    "datadir+"};
    return std::ranges::find(names, option) != names.end();
}

// xfs(5); ext4(5) shows a journal elsewhere with journal_path only when it was asked for so.
bool names_extra_device(const std::string& option) {
    return option == "logdev" || option == "rtdev" || option == "journal_path";
}

} // namespace

void Foundations::descend_mount(const Mount& mount, Ground& ground) const {
    if (major(mount.number) != 0) {
        if (const BlockDevice* device = machine_.tree.at(mount.number))
            descend(device->name, ground);
        else
            ground.claiming.insert("the device beneath " + title_of(mount) + " is not shown");
        return descend_extra_devices(mount, ground);
    }
    switch (home_of(mount.type)) {
    case FileSystemHome::elsewhere:
        return;
    case FileSystemHome::process:
        if (const BlockDevice* device = device_of(mount.source)) descend(device->name, ground);
        return;
    case FileSystemHome::devices:
        return descend_sources(mount, ground);
    case FileSystemHome::pool:
        return descend_pool(mount.source.substr(0, mount.source.find_first_of("/@")), ground);
    case FileSystemHome::layers:
        return descend_layers(mount, ground);
    case FileSystemHome::directory:
        if (mount.source.starts_with('/')) return descend_file(mount.source, ground);
        ground.claiming.insert("what is beneath " + title_of(mount) + " is out of sight");
        return;
    case FileSystemHome::unknown:
        ground.unknown.insert("the drives beneath " + title_of(mount) + " are not known");
        if (const BlockDevice* device = device_of(mount.source)) descend(device->name, ground);
        return;
    }
}

void Foundations::descend_sources(const Mount& mount, Ground& ground) const {
    // bcachefs lists its members with colons between them; other sources may hold colons.
    const auto sources = mount.type == "bcachefs" ? split(mount.source, ':')
                                                  : std::vector<std::string>{mount.source};
    for (const std::string& source : sources) {
        const BlockDevice* device = device_of(source);
        if (device == nullptr) {
            ground.claiming.insert("the drives beneath " + title_of(mount) + " are not known");
            continue;
        }
        for (const std::string& member : machine_.tree.file_system_group(device->name))
            descend(member, ground);
    }
}

void Foundations::descend_extra_devices(const Mount& mount, Ground& ground) const {
    for (const MountOption& option : options_of(mount)) {
        if (!names_extra_device(option.name)) continue;
        if (const BlockDevice* device = device_of(option.value))
            descend(device->name, ground);
        else
            ground.claiming.insert(escaped(option.value) + " beneath " + title_of(mount) +
                                   " is not shown");
    }
}

// A drive that was pulled, or one whose label cannot be read, is no reason to leave the others out.
void Foundations::descend_pool(const std::string& pool, Ground& ground) const {
    ground.keys.insert(pool_key(pool));
    const auto members = pool_members(signatures_, pool);
    for (const std::string& member : members)
        descend(member, ground);
    if (members.empty())
        ground.claiming.insert("the drives of the ZFS pool " + escaped(pool) + " are not known");
}

// Its layers are directories of other file systems, named in its options as they were when it was
// mounted: a path that leads back to the overlay itself, as in a container, tells nothing.
void Foundations::descend_layers(const Mount& mount, Ground& ground) const {
    const std::string lost = "the layers of " + title_of(mount) + " are out of sight";
    if (!ground.keys.insert("overlay:" + mount_key(mount)).second) {
        ground.claiming.insert(lost);
        return;
    }
    for (const MountOption& option : options_of(mount)) {
        if (!names_layers(option.name)) continue;
        for (const std::string& layer : split(option.value, ':')) {
            if (layer.starts_with('/'))
                descend_path(layer, ground);
            else if (!layer.empty()) // two colons set data-only layers apart
                ground.claiming.insert(lost);
        }
    }
}

} // namespace quietus
