// Setting keys aside: nothing that ever signed is thrown away.
#pragma once

#include "quietus/core/clock.hpp"
#include "quietus/core/result.hpp"

#include <string>

namespace quietus {

/// The name under which a directory is kept from now on: "PATH-until-20261126T101500Z", with a
/// number behind it when that is taken.
[[nodiscard]] std::string name_aside(const std::string& path, Clock& clock);

/// Renames the directory to that. Fault::evidence.
[[nodiscard]] Status set_aside(const std::string& path, Clock& clock);

} // namespace quietus
