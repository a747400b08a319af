// confirm: the operator agrees to exactly one plan for exactly one drive.
#pragma once

#include "quietus/app/site.hpp"
#include "quietus/certificate/certificate.hpp"
#include "quietus/core/result.hpp"
#include "quietus/job/order.hpp"
#include "quietus/record/drive.hpp"
#include "quietus/record/plan.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace quietus {

/// What is put before the operator.
struct Proposal {
    Drive drive;
    Plan plan;
};

/// The door to the person at the desk (or to the codes given on the command line).
class Operator {
  public:
    virtual ~Operator() = default;
    /// Fault::refused when the person declines or the code is not the one.
    [[nodiscard]] virtual Status agree(const Proposal& proposal) = 0;
    /// Their signatures over the confirmations of all that they agreed to, in the same order; none
    /// when they have no key at hand. Asked for once. `now` is the signing time, UTC seconds.
    [[nodiscard]] virtual Result<std::vector<SignedConfirmation>>
    sign(const std::vector<std::string>& statements, std::int64_t now);
    /// Asked for once, when nothing stands in the way of the first intent any more: whatever they
    /// agreed by that can be used once is used up. Fault::refused when somebody else has used it,
    /// Fault::io; nothing has been written to any drive.
    [[nodiscard]] virtual Status use_up();
};

/// Refuses a drive with guards that were not lifted beforehand, then asks. (Declared in
/// job/order.hpp.)
Result<ConfirmedPlan> confirm(const Proposal& proposal, Operator& person);

/// A plan that was shown, waiting for its code.
struct StoredPlan {
    std::string code;       ///< "K7QX-3MPD"
    std::string expires_at; ///< RFC 3339 UTC, 60 minutes after it was stored
};

/// Keeps plans until they are confirmed: STATE/plans/CODE.json. A code names this boot, this drive
/// (identity, diskseq, digest of what its contents show) and exactly these steps.
class PlanStore {
  public:
    PlanStore(std::string directory, Clock& clock)
        : directory_(std::move(directory)), clock_(clock) {}

    /// Plans that can be confirmed no longer are removed on the way. Fault::io when the plan cannot
    /// be stored.
    [[nodiscard]] Result<StoredPlan> store(const Proposal& proposal);
    /// Uses the code up. Fault::refused, saying which of it differs: unknown, expired, another
    /// boot, a clock set back, another drive, other contents, other steps. A code that is refused
    /// is not used up.
    [[nodiscard]] Status redeem(const std::string& code, const Proposal& proposal);
    /// Makes a code worthless that was stored here and not redeemed.
    void withdraw(const StoredPlan& stored);
    [[nodiscard]] Clock& clock() const { return clock_; }

  private:
    std::string directory_;
    Clock& clock_;
};

/// Digests of what a confirmation binds.
[[nodiscard]] std::string identity_sha256(const Drive& drive);
[[nodiscard]] std::string contents_sha256(const Drive& drive);
[[nodiscard]] std::string plan_sha256(const Plan& plan);

} // namespace quietus
