// Why a SCSI drive cannot be told to erase itself, by what it has said of itself: asked before a
// plan is made, and again before anything is written.
#pragma once

#include "quietus/record/scsi_facts.hpp"
#include "quietus/record/technique.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace quietus {

/// For people, with the remedy; nothing when it can be begun, or when only trying shows whether the
/// drive has the command. `within_reach`: so many of the drive's logical units can be told.
[[nodiscard]] std::optional<std::string> scsi_obstacle(const ScsiErasure& told,
                                                       const ScsiUnitFacts& unit,
                                                       std::uint32_t within_reach,
                                                       Technique technique);

/// Of the blocks that it is formatted with: nothing when a host can read them back. Such a drive
/// has no size that a host would tell.
[[nodiscard]] std::optional<std::string> scsi_format_obstacle(const ScsiUnitFacts& unit);

} // namespace quietus
