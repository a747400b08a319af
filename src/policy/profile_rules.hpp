// One [[rule]] of a profile, as it is read.
#pragma once

#include "toml_fields.hpp"

#include "quietus/policy/profile.hpp"

#include <vector>

namespace quietus {

/// The rule as far as it can be read; what cannot is a flaw.
[[nodiscard]] PolicyRule read_rule(const Toml& toml, std::vector<ProfileFlaw>& flaws);

} // namespace quietus
