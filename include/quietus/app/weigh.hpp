// weigh: what may be done with a drive, by policy or as the operator says, and why.
#pragma once

#include "quietus/app/policies.hpp"
#include "quietus/certificate/certificate.hpp"
#include "quietus/core/result.hpp"
#include "quietus/policy/explain.hpp"
#include "quietus/policy/make_plan.hpp"
#include "quietus/record/drive.hpp"
#include "quietus/record/plan.hpp"

#include <optional>
#include <string>

namespace quietus {

/// Policy decides: what it is asked, and what the operator chooses within its answer.
struct PolicyMode {
    LoadedProfile profile;
    PolicyRequest asked;
    std::optional<std::string> scheme; ///< of those that the rule allows
};

struct Weighed {
    Drive drive;
    std::optional<Explanation> told; ///< none in direct mode
    std::optional<Plan> plan;        ///< none: policy does not allow it, or there is nothing to do
};

/// What a plan is made by: `policy` decides about technique and scheme when it is there, else
/// `direct` says them. `direct.verification` and the rates hold in either case.
struct PlanWish {
    const PlanRequest& direct;
    const std::optional<PolicyMode>& policy;
};

/// Does not look at guards. A denial is no error but an explanation without a plan. Fault::usage
/// for a scheme that the rule does not allow or a read-back weaker than it asks for;
/// Fault::unsupported when the technique cannot reach the drive.
[[nodiscard]] Result<Weighed> weigh(Drive drive, const PlanWish& wish);

/// Why there is no plan, as an error of `erase`: Fault::unsupported.
[[nodiscard]] Error denial_of(const Weighed& weighed);

/// Whether everybody who has to take part by the plan's rule will have to sign, and whoever
/// approved the order takes no part in the work: Fault::refused, naming who is missing or one too
/// many.
[[nodiscard]] Status check_participants(const Plan& plan, const Statements& statements);

} // namespace quietus
