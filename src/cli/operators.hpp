// Operators: who agrees to a plan. Codes given on the command line, or the person at the terminal.
#pragma once

#include "quietus/app/confirm.hpp"
#include "quietus/app/dispose.hpp"

#include <memory>
#include <string>
#include <vector>

namespace quietus::cli {

struct Call;

/// Whoever signed the order, if somebody did; else codes when there are any; else the person, when
/// stdin is a terminal; else one who refuses and says how to go on without a terminal. With --key
/// they sign what they agree to; what load_operator_key refuses.
[[nodiscard]] Result<std::unique_ptr<Operator>>
make_operator(const Call& call, const DisposalRequest& request, PlanStore& store);

} // namespace quietus::cli
