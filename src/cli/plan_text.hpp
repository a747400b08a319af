// A plan in words, as it is put before the operator.
#pragma once

#include "quietus/app/confirm.hpp"

#include <string>

namespace quietus::cli {

/// `mask_serial` hides the serial's last four characters: they are to be read from the label.
[[nodiscard]] std::string plan_in_words(const Proposal& proposal, bool mask_serial);

/// "random stream", "fixed ff 00", "complement of step 2".
[[nodiscard]] std::string step_in_words(const PlanStep& step);

} // namespace quietus::cli
