// The option table of `quietus-rehearse`: that of `quietus`, a scenario, and a verb that looks
// behind the drives.
#pragma once

#include "quietus/options/options.hpp"

#include <string_view>

namespace quietus::rehearse {

/// Where the package puts the scenarios that come with it.
inline constexpr std::string_view scenarios_directory = "/usr/share/quietus/scenarios";

[[nodiscard]] const Program& program();

} // namespace quietus::rehearse
