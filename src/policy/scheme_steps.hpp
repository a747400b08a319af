// From the steps of a scheme, which refer to each other by name, to those of a plan, which do so by
// number.
#pragma once

#include "quietus/policy/schemes.hpp"
#include "quietus/record/plan.hpp"

#include <optional>

namespace quietus {

/// Appends the scheme's steps to the plan's; a verification at its very end becomes the plan's
/// instead of a step. A reference that leads nowhere is a bug in the catalogue (QUIETUS_ENSURE).
/// Returns that verification, or nothing when the scheme asks for none.
std::optional<Verification> append_steps(const Scheme& scheme, Plan& plan);

} // namespace quietus
