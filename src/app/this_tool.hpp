// ThisTool: the program as documents name it.
#pragma once

#include "quietus/certificate/certificate.hpp"

namespace quietus {

[[nodiscard]] Tool this_tool();

} // namespace quietus
