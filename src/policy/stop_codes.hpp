// Why an engine stopped, as the code of a finding.
#pragma once

#include "quietus/record/step_record.hpp"

#include <string_view>

namespace quietus {

/// Empty for none.
[[nodiscard]] std::string_view code_of(StopReason reason);

} // namespace quietus
