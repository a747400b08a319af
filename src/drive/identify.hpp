// Identity of a drive as far as sysfs tells it: kind, medium, model, serial, geometry.
#pragma once

#include "block_tree.hpp"
#include "quietus/drive/host.hpp"
#include "quietus/record/drive.hpp"

#include <string>

namespace quietus {

/// What it is, by its place in the tree of buses; never by its name.
[[nodiscard]] DriveKind kind_of(const BlockDevice& device);

/// Everything of a Drive that sysfs knows, its parts and its links in /dev/disk/by-id; contents,
/// users and guards are left empty.
[[nodiscard]] Drive identify(const BlockTree& tree, const BlockDevice& device,
                             const HostPaths& paths);

/// Without the blanks and zero bytes that pad a serial or a model at its ends.
[[nodiscard]] std::string trimmed(std::string_view text);

} // namespace quietus
