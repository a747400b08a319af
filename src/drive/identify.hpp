// Identity of a drive as far as sysfs tells it: kind, model, serial, geometry, parts.
#pragma once

#include "attachment.hpp"
#include "block_tree.hpp"
#include "quietus/record/drive.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace quietus {

/// Everything of a Drive that sysfs knows. Storage behind it, links, contents, users and guards are
/// left empty. `rotation_rpm` is only yes (1) or no (0) here, until merge_identity.
[[nodiscard]] Drive identify(const BlockTree& tree, const BlockDevice& device,
                             const Attachment& attachment);

/// Its partitions and areas.
[[nodiscard]] std::vector<Part> parts_of(const BlockTree& tree, const BlockDevice& device);

} // namespace quietus
