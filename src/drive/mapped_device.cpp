#include "mapped_device.hpp"

#include "shell_word.hpp"
#include "sysfs.hpp"

#include <sys/sysmacros.h>

#include <algorithm>
#include <string_view>

namespace quietus {
namespace {

/// Linux, Documentation/admin-guide/devices.txt.
constexpr unsigned drbd_major = 147;
/// OpenZFS, zfs(4): the parameter zvol_major.
constexpr unsigned zvol_major = 230;

// Who made a mapping stands at the front of its uuid, by convention of all that make any.
std::string mapper_kind(std::string_view uuid) {
    if (uuid.starts_with("CRYPT-")) return "crypt";
    if (uuid.starts_with("LVM-")) return "lvm";
    if (uuid.starts_with("mpath-")) return "multipath";
    if (uuid.starts_with("DMRAID-")) return "dmraid";
    const auto dash = uuid.find('-');
    const bool part = uuid.starts_with("part") && dash != std::string_view::npos &&
                      sysfs::parse_number(uuid.substr(4, dash - 4)).has_value();
    return part ? "partition" : "dm";
}

void recognise_mapper(BlockDevice& device) {
    device.mapper_uuid = sysfs::text(device.directory + "/dm/uuid").value_or("");
    device.mapped_kind = mapper_kind(device.mapper_uuid);
    if (const auto name = sysfs::text(device.directory + "/dm/name"))
        device.title = "/dev/mapper/" + *name;
}

// A volume inside a container of firmware RAID names it: "external:/md127/0", with a hyphen for the
// first slash while it is read-only.
void recognise_md(BlockDevice& device) {
    constexpr std::string_view external = "external:";
    device.mapped_kind = "md";
    const std::string version = sysfs::text(device.directory + "/md/metadata_version").value_or("");
    if (!version.starts_with(external) || version.size() <= external.size() + 1) return;
    const char mark = version[external.size()];
    if (mark != '/' && mark != '-') return; // the container itself: "external:imsm"
    const std::string container = version.substr(external.size() + 1);
    device.below.push_back(container.substr(0, container.find('/')));
}

// Its backing device may be told by this link alone: ".../sdb/bcache".
void recognise_bcache(BlockDevice& device) {
    device.mapped_kind = "bcache";
    const std::string backing = sysfs::resolved(device.directory + "/bcache");
    const std::string owner = sysfs::last_component(backing.substr(0, backing.rfind('/')));
    if (owner != device.name && !owner.empty() &&
        std::ranges::find(device.below, owner) == device.below.end())
        device.below.push_back(owner);
}

// The visible volume, 32 letters for the group and 32 for itself; what it is made of inside has a
// suffix and goes with it.
bool is_inner_volume(const std::string& uuid) {
    constexpr std::size_t prefix = 4;
    return uuid.find('-', prefix) != std::string::npos;
}

std::string mapper_command(const BlockDevice& device) {
    const std::string name = device.title.substr(device.title.rfind('/') + 1);
    if (device.mapped_kind == "crypt") return "cryptsetup close " + shell_word(name);
    if (device.mapped_kind == "multipath") return "multipath -f " + shell_word(name);
    if (device.mapped_kind == "dmraid") return "dmraid --activate n " + shell_word(name);
    const std::string volume = device.mapped_kind == "lvm" ? logical_volume_of(name) : "";
    if (volume.empty()) return "dmsetup remove " + shell_word(name);
    if (is_inner_volume(device.mapper_uuid))
        return "vgchange --activate n " + shell_word(volume.substr(0, volume.find('/')));
    return "lvchange --activate n " + shell_word(volume);
}

} // namespace

void recognise_mapped(BlockDevice& device) {
    const std::string& directory = device.directory;
    if (sysfs::exists(directory + "/dm"))
        recognise_mapper(device);
    else if (sysfs::exists(directory + "/md"))
        recognise_md(device);
    else if (device.name.starts_with("bcache") && sysfs::exists(directory + "/bcache"))
        recognise_bcache(device);
    else if (major(device.number) == drbd_major)
        device.mapped_kind = "drbd";
    else if (major(device.number) == zvol_major && device.name.starts_with("zd"))
        device.mapped_kind = "zvol";
    else if (!device.below.empty())
        device.mapped_kind = "stacked";
    if (!device.mapped_kind.empty()) device.role = BlockRole::mapped;
}

std::string logical_volume_of(const std::string& mapper_name) {
    std::string group;
    for (std::size_t at = 0; at < mapper_name.size(); ++at) {
        if (mapper_name[at] != '-') {
            group += mapper_name[at];
        } else if (at + 1 < mapper_name.size() && mapper_name[at + 1] == '-') {
            group += mapper_name[at++];
        } else {
            std::string volume = mapper_name.substr(at + 1);
            for (auto twice = volume.find("--"); twice != std::string::npos;
                 twice = volume.find("--", twice + 1))
                volume.erase(twice, 1);
            return group.empty() || volume.empty() ? "" : group + "/" + volume;
        }
    }
    return {};
}

std::string unmap_command(const BlockDevice& device) {
    if (device.loop_file) return "losetup --detach " + device.node;
    if (device.mapped_kind == "md") return "mdadm --stop " + device.node;
    if (device.mapped_kind == "bcache")
        return "echo 1 > /sys/block/" + device.name + "/bcache/stop";
    if (!device.written_back_to.empty()) return "echo 1 > /sys/block/" + device.name + "/reset";
    if (device.mapped_kind == "drbd")
        return "drbdsetup detach " + std::to_string(minor(device.number));
    if (device.title.starts_with("/dev/mapper/")) return mapper_command(device);
    return {};
}

} // namespace quietus
