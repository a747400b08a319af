#include "quietus/policy/remapped.hpp"

#include "quietus/core/json.hpp"

#include <algorithm>

namespace quietus {

std::optional<std::uint64_t> remapped_blocks(const std::optional<HealthRecord>& health) {
    if (!health || !health->reallocated) return std::nullopt;
    // Whatever somebody wrote on a document, it is a number that a document can hold.
    constexpr auto most = static_cast<std::uint64_t>(json_integer_max);
    const std::uint64_t remapped = std::min(*health->reallocated, most);
    return remapped + std::min(health->pending.value_or(0), most - remapped);
}

} // namespace quietus
