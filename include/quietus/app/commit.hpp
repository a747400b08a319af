// commit: the point of no return. Before it everything is checked that would cost evidence later;
// after it the intent stands in the log for good.
#pragma once

#include "quietus/app/confirm.hpp"
#include "quietus/app/site.hpp"
#include "quietus/core/result.hpp"
#include "quietus/job/order.hpp"

#include <span>
#include <string>

namespace quietus {

struct CommitDesk {
    Register& log;
    std::string station;
};

/// Takes the next number and logs the intent. (Declared in job/order.hpp.) Fault::io: nothing has
/// been written to the drive.
Result<CommittedPlan> commit(ConfirmedPlan confirmed, const CommitDesk& desk);

/// State and certificate directories writable with room for the worst record, key loaded and a
/// trial signature made, signer valid past the estimated end, log appendable. Fault::io, or
/// Fault::refused for a clock that cannot be right; no drive is touched. Returns who signs.
[[nodiscard]] Result<SignerIdentity> preflight(const Site& site, std::uint64_t estimated_seconds);

} // namespace quietus
