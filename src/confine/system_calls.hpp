// The list of system calls that a confined process may make.
#pragma once

#include "quietus/confine/confinement.hpp"

namespace quietus {

/// From here on; on top of every list that was set before. Fault::io.
[[nodiscard]] Status allow_system_calls(const Allowance& allowance);

} // namespace quietus
