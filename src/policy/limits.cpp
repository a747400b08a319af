#include "limits.hpp"

#include "plan_steps.hpp"

#include "quietus/policy/remapped.hpp"

#include <algorithm>

namespace quietus {
namespace {

// Two addresses that lead to the same block show up for certain only when every block was read back
// and each should hold something else; the probe excludes common kinds of aliasing alone.
bool tells_addresses_apart(const Plan& plan, VerificationMode read_back) {
    const auto writes = steps_of(plan, StepKind::write);
    return read_back == VerificationMode::full && !writes.empty() &&
           depends_on_position(plan, writes.back());
}

// Of a drive that was not asked the limit about spare blocks says all that is known.
void add_health(const std::optional<HealthRecord>& health, std::vector<std::string>& limits) {
    if (!health) return;
    const auto remapped = remapped_blocks(health);
    if (!remapped) limits.emplace_back(health_unknown_limit);
    if (remapped > 0U) limits.emplace_back(remapped_limit);
}

} // namespace

std::vector<std::string> limits_after(const Drive& drive, const Plan& plan,
                                      VerificationMode read_back) {
    std::vector<std::string> limits;
    if (!tells_addresses_apart(plan, read_back)) limits.emplace_back("addressing-sampled");
    if (!storage_is_known(drive)) {
        limits.emplace_back("storage-beneath-unknown");
        return limits;
    }
    add_health(drive.health, limits);
    if (!drive.native_size_bytes) limits.emplace_back("native-capacity-unknown");
    // The RPMB of an eMMC (JESD84-B51 clause 6.6.22) and the protected area of an SD card (SD
    // Physical Layer 4.1) are written only by who has their key.
    if (drive.kind == DriveKind::mmc) limits.emplace_back(protected_area_limit);
    limits.emplace_back("spare-blocks-not-reached");
    limits.emplace_back("technique-not-proven-on-hardware");
    std::ranges::sort(limits);
    return limits;
}

void add_health_after(const Drive& drive, const HealthRecord& health,
                      std::vector<std::string>& limits) {
    if (!storage_is_known(drive)) return;
    add_health(health, limits);
    std::ranges::sort(limits);
    // Not of ranges, which clang 14 cannot read.
    limits.erase(std::unique(limits.begin(), limits.end()), limits.end());
}

Level overwrite_level(const Drive& drive) {
    return storage_is_known(drive) ? Level::clear : Level::none;
}

} // namespace quietus
