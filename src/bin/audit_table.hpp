// The option table of `quietus-audit`: the command line, the manual page and the completions come
// from it.
#pragma once

#include "quietus/options/options.hpp"

namespace quietus::audit {

[[nodiscard]] const Program& program();

} // namespace quietus::audit
