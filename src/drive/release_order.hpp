// release_order: in which order the users of a drive have to be ended: a mount before what it is
// mounted from, that before what it stands on.
#pragma once

#include "uses.hpp"

#include <vector>

namespace quietus {

/// The same uses; where the order is free it stays.
[[nodiscard]] std::vector<Use> in_release_order(std::vector<Use> uses);

} // namespace quietus
