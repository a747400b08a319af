#include "limits.hpp"

#include "firmware_plan.hpp"
#include "plan_steps.hpp"

#include "quietus/policy/catalogue.hpp"
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

std::vector<std::string> luks_limits(const Plan& plan) {
    if (plan.technique != Technique::luks_erase) return {};
    return {ciphertext_limit, earlier_data_limit, key_copies_limit};
}

VendorClaim accepted_claim(const Plan& plan) {
    const auto& decision = plan.policy.decision;
    return decision ? decision->vendor_claim.value_or(VendorClaim::none) : VendorClaim::none;
}

} // namespace

std::vector<std::string> limits_after(const Drive& drive, const Plan& plan,
                                      VerificationMode read_back) {
    std::vector<std::string> limits = luks_limits(plan);
    if (!tells_addresses_apart(plan, read_back)) limits.emplace_back("addressing-sampled");
    if (!storage_is_known(drive)) {
        limits.emplace_back("storage-beneath-unknown");
        std::ranges::sort(limits);
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

Level written_level(const Drive& drive, const Plan& plan) {
    if (plan.technique != Technique::luks_erase) return overwrite_level(drive);
    return std::min(overwrite_level(drive),
                    firmware_level(drive, plan.technique, accepted_claim(plan)));
}

bool is_by_claim(const Plan& plan, Level level) {
    if (plan.technique != Technique::luks_erase) return false;
    const auto entry = find_technique(to_text(plan.technique));
    return entry && level > catalogue()[*entry].level;
}

} // namespace quietus
