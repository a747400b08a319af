// make_plan: from a drive and a request to a plan. Pure: no clock, no machine, no randomness.
#pragma once

#include "quietus/core/result.hpp"
#include "quietus/record/drive.hpp"
#include "quietus/record/plan.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace quietus {

/// Direct mode: the operator names technique and scheme; the document says that no policy applied.
struct PlanRequest {
    Technique technique = Technique::overwrite;
    std::string scheme = "generic.random"; ///< of an overwrite
    /// May strengthen what the scheme asks, never weaken it (Fault::usage).
    std::optional<Verification> verification;
    std::uint64_t limit_rate = 0; ///< bytes per second, for the estimate; 0: no limit
    std::optional<FirmwareOptions> firmware = {}; ///< of a drive that erases itself
    VendorClaim vendor_claim = VendorClaim::none; ///< accepted by a rule alone
};

/// "full", "sample:PERCENT" (1 to 99), "none"; Fault::usage otherwise.
[[nodiscard]] Result<Verification> parse_verification(std::string_view text);

/// Lifting of hidden areas where the drive has told of any, address probe, the scheme's steps, and
/// the verification it asks for, or full when it asks for none and the request does not say; of a
/// drive that erases itself what offers.hpp says, of luks-erase what volumes.hpp says. Does not
/// look at guards: those refuse, they do not plan. Fault::unsupported when the technique cannot
/// reach the drive or is not on offer, Fault::usage when the request asks for what it cannot be.
[[nodiscard]] Result<Plan> make_plan(const Drive& drive, const PlanRequest& request);

/// The canonical JSON of the plan without its time estimate: a confirmation binds its digest.
[[nodiscard]] std::string plan_text(const Plan& plan);

} // namespace quietus
