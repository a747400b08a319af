// What basis_of() states and review() compares.
#pragma once

#include "quietus/policy/decide.hpp"
#include "quietus/policy/evaluate.hpp"
#include "quietus/policy/profile.hpp"
#include "quietus/record/policy_decision.hpp"

namespace quietus {

/// What a rule lays down besides technique and level.
void state_rule(const PolicyRule& rule, PolicyDecision& decision);

/// The vendor's claim that the answer's method rests on, as a decision states it.
[[nodiscard]] std::optional<VendorClaim> claim_of(const Ruling& answer);

/// Profile and question, without an answer yet.
[[nodiscard]] PolicyDecision asked_of(const NamedProfile& named, const PolicyRequest& request,
                                      const Question& question);

} // namespace quietus
