// Remapped blocks: how many a drive has set aside, by its own count, and what an erasure says of
// them. No address leads to such a block any more, and it may hold what it held.
//
// NVMe drives do not count them: flash is remapped all the time, and nobody is told. What they tell
// of are blocks that they could not bring back (media errors), and warnings that spare blocks are
// about to be used up, that they are no longer reliable or that they take no more writes. Where
// there are any of these a block has been given up with content that nobody could move.
#pragma once

#include "quietus/record/ata_facts.hpp"

#include <cstdint>
#include <optional>

namespace quietus {

/// Limits on a document.
inline constexpr const char* remapped_limit = "remapped-blocks-may-hold-data";
inline constexpr const char* health_unknown_limit = "health-unknown";

/// Those that it is about to remap count too, where it tells of them. Of an NVMe drive media
/// errors, and at least one where it warns. Nothing when nobody asked, or when it does not tell.
[[nodiscard]] std::optional<std::uint64_t>
remapped_blocks(const std::optional<HealthRecord>& health);

} // namespace quietus
