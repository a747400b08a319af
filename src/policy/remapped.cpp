#include "quietus/policy/remapped.hpp"

#include "quietus/core/json.hpp"

#include <algorithm>

namespace quietus {
namespace {

// SMART / Health Information log, octet 0 (NVM Express Base 2.1, figure 207). Neither how warm it
// is nor what becomes of its buffers when the power goes says anything of its blocks.
constexpr std::uint64_t spare_below_threshold = 1U << 0U;
constexpr std::uint64_t reliability_degraded = 1U << 2U;
constexpr std::uint64_t read_only = 1U << 3U;

std::optional<std::uint64_t> by_errors(const HealthRecord& health, std::uint64_t most) {
    if (!health.media_errors || !health.critical_warning) return std::nullopt;
    const bool warns = (*health.critical_warning &
                        (spare_below_threshold | reliability_degraded | read_only)) != 0;
    return std::clamp<std::uint64_t>(*health.media_errors, warns ? 1 : 0, most);
}

} // namespace

std::optional<std::uint64_t> remapped_blocks(const std::optional<HealthRecord>& health) {
    if (!health) return std::nullopt;
    // Whatever somebody wrote on a document, it is a number that a document can hold.
    constexpr auto most = static_cast<std::uint64_t>(json_integer_max);
    if (!health->reallocated) return by_errors(*health, most);
    const std::uint64_t remapped = std::min(*health->reallocated, most);
    return remapped + std::min(health->pending.value_or(0), most - remapped);
}

} // namespace quietus
