#include "attachment.hpp"
#include "block_tree.hpp"
#include "path_asker.hpp"
#include "quietus/drive/host.hpp"
#include "sysfs.hpp"

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace quietus {
namespace {

/// Classes of the character devices through which a drive takes commands.
constexpr std::array<const char*, 5> command_classes{"nvme", "nvme-generic", "scsi_generic", "bsg",
                                                     "mmc_rpmb"};

Error no_block_device(const std::string& path, const struct stat& facts) {
    Error error{Fault::usage, path + ": not a block device"};
    if (!S_ISREG(facts.st_mode)) return error;
    return std::move(error).with_hint("a disk image is named image:" + sysfs::resolved(path));
}

std::string parent_of(const std::string& path) {
    return path.substr(0, path.rfind('/'));
}

/// A node as the kernel knows it: in recorded machines, which have plain files where the nodes
/// were, the name must do.
struct Named {
    std::string node; ///< "/dev/sda", links followed
    mode_t mode = 0;
    dev_t number = 0;
    bool recorded = false;
};

std::optional<Named> named(const std::string& real, const struct stat& facts,
                           const HostPaths& paths) {
    if (S_ISBLK(facts.st_mode) || S_ISCHR(facts.st_mode))
        return Named{real, facts.st_mode, facts.st_rdev, false};
    const std::string recorded = sysfs::resolved(paths.dev);
    if (paths.dev == HostPaths{}.dev || !real.starts_with(recorded + "/")) return std::nullopt;
    return Named{"/dev" + real.substr(recorded.size()), 0, 0, true};
}

// Where a character device stands in sysfs, if it is one through which a drive takes commands.
std::optional<std::string> command_directory(const Named& named, const std::string& sys) {
    const std::string number =
        std::to_string(major(named.number)) + ":" + std::to_string(minor(named.number));
    const std::string directory = sysfs::resolved(sys + "/dev/char/" + number);
    for (const char* each : command_classes) {
        const std::string listed = sys + "/class/" + each + "/" + sysfs::last_component(named.node);
        const bool is_it = named.recorded || sysfs::resolved(listed) == directory;
        if (is_it && sysfs::exists(listed)) return sysfs::resolved(listed);
    }
    return std::nullopt;
}

// The controller of a namespace; the neighbour of an NVMe generic device or an RPMB; the logical
// unit that a directory of class devices stands in.
bool takes_commands_at(const BlockDevice& device, const std::string& directory) {
    const std::string above = parent_of(directory);
    const std::string unit = parent_of(above);
    const std::string place = parent_of(device.directory);
    if (place == above || place == above + "/block" || place == unit + "/block") return true;
    const auto link = sysfs::link(device.directory + "/device/subsystem");
    const std::string bus = link ? sysfs::last_component(*link) : "";
    if (bus != "nvme" && bus != "nvme-subsystem") return false;
    const auto controllers = nvme_controllers_of(device);
    return std::find(controllers.begin(), controllers.end(), directory) != controllers.end();
}

const BlockDevice* commanded(const BlockTree& tree, const Named& named, const std::string& sys) {
    const auto directory = command_directory(named, sys);
    if (!directory) return nullptr;
    for (const BlockDevice& device : tree.devices()) {
        const bool shown = sysfs::text(device.directory + "/hidden") != "1";
        if (device.role == BlockRole::whole && shown && takes_commands_at(device, *directory))
            return &device;
    }
    return nullptr;
}

const BlockDevice* device_at(const BlockTree& tree, const Named& named, const std::string& sys) {
    const BlockDevice* block = nullptr;
    if (named.recorded) block = tree.by_node(named.node);
    if (S_ISBLK(named.mode)) block = tree.at(named.number);
    return block != nullptr || S_ISBLK(named.mode) ? block : commanded(tree, named, sys);
}

// Other nodes of a drive stand for it: an area for its whole, a multipath map for its paths.
const BlockDevice* standing_for(const BlockTree& tree, const BlockDevice* device) {
    if (device->role == BlockRole::area) return tree.find(device->whole);
    const auto uuid = sysfs::text(device->directory + "/dm/uuid").value_or("");
    if (!uuid.starts_with("mpath-") || device->below.empty()) return device;
    return tree.find(device->below.front());
}

} // namespace

Result<NodeName> resolve_node(const std::string& path, const HostPaths& paths) {
    if (const auto place = PathAsker().place(path); place && place->silent)
        return Error{Fault::io, path + ": its file system does not answer"};
    struct stat facts {};
    if (::stat(path.c_str(), &facts) != 0) return system_error(Fault::usage, path);
    auto tree = BlockTree::read(paths.sys);
    if (!tree) return std::move(tree).error();
    const auto name = named(sysfs::resolved(path), facts, paths);
    const BlockDevice* device = name ? device_at(*tree, *name, paths.sys) : nullptr;
    if (device != nullptr) device = standing_for(*tree, device);
    if (device == nullptr) return no_block_device(path, facts);
    const BlockDevice* whole = tree->find(device->whole);
    return NodeName{device->node, whole == nullptr ? device->node : whole->node,
                    device->role == BlockRole::partition};
}

} // namespace quietus
