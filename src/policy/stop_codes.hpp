// Why an engine stopped, as a finding.
#pragma once

#include "quietus/record/erasure_record.hpp"

#include <optional>
#include <string_view>

namespace quietus {

/// Empty for none.
[[nodiscard]] std::string_view code_of(StopReason reason);

/// Nothing of a run that went to its end.
[[nodiscard]] std::optional<Finding> stop_finding(const Evidence& evidence);

/// Stopped on request, or without a word: how far it would have come nobody knows.
[[nodiscard]] bool has_ended_early(const Evidence& evidence);

} // namespace quietus
