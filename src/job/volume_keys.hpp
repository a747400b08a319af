// VolumeKeys: what opens the volumes that luks-erase is about, read before and looked for after.
#pragma once

#include "quietus/core/result.hpp"
#include "quietus/record/luks_facts.hpp"
#include "quietus/record/plan.hpp"
#include "quietus/transport/surface.hpp"

#include <vector>

namespace quietus {

/// The headers of each volume, which must be those that were planned for, and the digest of all
/// before its data. Fault::refused (identity-changed) when they are not, Fault::io.
[[nodiscard]] Result<std::vector<LuksKeysFound>>
keys_before(Surface& surface, const std::vector<LuksVolume>& volumes);

/// Wherever a header or its copy may be by each volume's beginning: what is left of them, or why
/// that cannot be read.
void look_for_keys(Surface& surface, const std::vector<LuksVolume>& volumes, LuksRecord& record);

} // namespace quietus
