#include "block_tree.hpp"
#include "path_asker.hpp"
#include "quietus/drive/host.hpp"
#include "sysfs.hpp"

#include <sys/stat.h>

#include <utility>

namespace quietus {
namespace {

Error no_block_device(const std::string& path, const struct stat& facts) {
    Error error{Fault::usage, path + ": no block device"};
    if (!S_ISREG(facts.st_mode)) return error;
    return std::move(error).with_hint("a disk image is named image:" + sysfs::resolved(path));
}

// Recorded machines have plain files where the nodes were: there the name must do.
const BlockDevice* device_at(const BlockTree& tree, const std::string& real,
                             const struct stat& facts, const HostPaths& paths) {
    if (S_ISBLK(facts.st_mode)) return tree.at(facts.st_rdev);
    const std::string recorded = sysfs::resolved(paths.dev);
    if (paths.dev == HostPaths{}.dev || !real.starts_with(recorded + "/")) return nullptr;
    return tree.by_node("/dev" + real.substr(recorded.size()));
}

} // namespace

Result<NodeName> resolve_node(const std::string& path, const HostPaths& paths) {
    if (const auto place = PathAsker().place(path); place && place->silent)
        return Error{Fault::io, path + ": its file system does not answer"};
    struct stat facts {};
    if (::stat(path.c_str(), &facts) != 0) return system_error(Fault::usage, path);
    auto tree = BlockTree::read(paths.sys);
    if (!tree) return std::move(tree).error();
    const BlockDevice* device = device_at(*tree, sysfs::resolved(path), facts, paths);
    if (device == nullptr) return no_block_device(path, facts);
    const BlockDevice* whole = tree->find(device->whole);
    return NodeName{device->node, whole == nullptr ? device->node : whole->node,
                    device->role == BlockRole::partition || device->role == BlockRole::area};
}

} // namespace quietus
