// Remapped blocks: how many a drive has set aside, by its own count, and what an erasure says of
// them. No address leads to such a block any more, and it may hold what it held.
#pragma once

#include "quietus/record/ata_facts.hpp"

#include <cstdint>
#include <optional>

namespace quietus {

/// Limits on a document.
inline constexpr const char* remapped_limit = "remapped-blocks-may-hold-data";
inline constexpr const char* health_unknown_limit = "health-unknown";

/// Those that it is about to remap count too, where it tells of them. Nothing when nobody asked, or
/// when it does not tell how many it has remapped.
[[nodiscard]] std::optional<std::uint64_t>
remapped_blocks(const std::optional<HealthRecord>& health);

} // namespace quietus
