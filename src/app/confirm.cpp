#include "quietus/app/confirm.hpp"

namespace quietus {

Result<std::vector<SignedConfirmation>> Operator::sign(const std::vector<std::string>&,
                                                       std::int64_t) {
    return std::vector<SignedConfirmation>{};
}

Status Operator::use_up() {
    return {};
}

Result<ConfirmedPlan> confirm(const Proposal& proposal, Operator& person) {
    if (auto status = person.agree(proposal); !status)
        return std::move(status).error().during(proposal.drive.node).during("confirm");
    return ConfirmedPlan(proposal.drive, proposal.plan);
}

} // namespace quietus
