// What basis_of() states and review() compares.
#pragma once

#include "quietus/policy/profile.hpp"
#include "quietus/record/policy_decision.hpp"

namespace quietus {

/// What a rule lays down besides technique and level.
void state_rule(const PolicyRule& rule, PolicyDecision& decision);

} // namespace quietus
