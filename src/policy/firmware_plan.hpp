// Plans by which a drive erases itself: their steps follow from technique and options alone.
#pragma once

#include "quietus/record/drive.hpp"
#include "quietus/record/plan.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace quietus {

/// Address probe, canaries, the drive's own operation, and, where nothing is known of what the
/// drive returns after it, a random pass of the host. The read-back at the end is the plan's.
[[nodiscard]] std::vector<PlanStep> firmware_steps(Technique technique,
                                                   const FirmwareOptions& options);

/// Why nobody could prove anything by this plan: other steps or options, or no read-back.
[[nodiscard]] std::optional<std::string> firmware_flaw_of(const Plan& plan);

/// Why this drive could not be told so; nothing when it can.
[[nodiscard]] std::optional<std::string> option_obstacle(const Drive& drive,
                                                         const FirmwareOptions& options);

/// The most that this can be called on this drive: what the shipped table says of the technique on
/// a medium of this kind, and clear on one for which it is silent, as after any read-back.
[[nodiscard]] Level firmware_level(const Drive& drive, Technique technique, VendorClaim claim);

/// A Format is clear at the most where the drive may have memory that no namespace has.
[[nodiscard]] Level most_in_namespaces(const std::optional<NvmeScopeRecord>& scope,
                                       Technique technique);

/// A sample does not bear out a drive's own word: purge is reported beside a full read-back alone.
[[nodiscard]] Level most_proven_by(VerificationMode read_back);

/// What it leaves or nobody can know, as codes, when it has reached this level; sorted.
[[nodiscard]] std::vector<std::string> firmware_limits(Technique technique, Level level,
                                                       VerificationMode read_back);

/// For the drive's own part, in seconds; at least 1.
[[nodiscard]] std::uint64_t operation_seconds(const Drive& drive, const Plan& plan);

} // namespace quietus
