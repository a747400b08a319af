#include "quietus/app/confirm.hpp"

namespace quietus {

Result<ConfirmedPlan> confirm(const Proposal& proposal, Operator& person) {
    if (auto status = person.agree(proposal); !status)
        return std::move(status).error().during(proposal.drive.node).during("confirm");
    return ConfirmedPlan(proposal.drive, proposal.plan);
}

} // namespace quietus
