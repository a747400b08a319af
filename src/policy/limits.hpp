// Limits: what an overwrite cannot reach or know, as the codes that stand on the document.
#pragma once

#include "quietus/record/drive.hpp"
#include "quietus/record/plan.hpp"
#include "quietus/record/technique.hpp"

#include <string>
#include <vector>

namespace quietus {

/// Memory that only the holder of its key can write: RPMB, the protected area of an SD card.
inline constexpr const char* protected_area_limit = "protected-area-not-reached";

/// Of luks-erase alone: of the volume is left what it held in encrypted form; where that stands
/// other data may have stood before; who has a copy of a header can read it.
inline constexpr const char* ciphertext_limit = "ciphertext-left";
inline constexpr const char* earlier_data_limit = "earlier-data-not-excluded";
inline constexpr const char* key_copies_limit = "key-copies-not-excluded";
inline constexpr const char* claimed_level_limit = "level-by-vendor-claim";

/// Those that follow from the drive and its health, the plan's last write and how much of it is
/// read back; sorted.
[[nodiscard]] std::vector<std::string> limits_after(const Drive& drive, const Plan& plan,
                                                    VerificationMode read_back);

/// Besides, of a drive that was asked how it fares when all was done: what was remapped meanwhile
/// has kept what it held.
void add_health_after(const Drive& drive, const HealthRecord& health,
                      std::vector<std::string>& limits);

/// The most a host overwrite can reach there: clear, or none where storage lies beneath.
[[nodiscard]] Level overwrite_level(const Drive& drive);

/// The most that writing blocks by this plan can: that, or of luks-erase what the technique reaches
/// by what the rule accepts of it, and clear at most.
[[nodiscard]] Level written_level(const Drive& drive, const Plan& plan);
/// Whether that level is more than the technique reaches without what the rule accepts of it.
[[nodiscard]] bool is_by_claim(const Plan& plan, Level level);

} // namespace quietus
