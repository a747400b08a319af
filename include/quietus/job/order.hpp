// Orders: the plans that may be carried out. Each is made by one function only, so the corridor
// cannot be walked in another order: passing anything less to carry_out() does not compile.
#pragma once

#include "quietus/core/result.hpp"
#include "quietus/job/starting_point.hpp"
#include "quietus/job/step_secrets.hpp"
#include "quietus/record/drive.hpp"
#include "quietus/record/plan.hpp"

#include <string>
#include <utility>

namespace quietus {

class ConfirmedPlan;
class CommittedPlan;
class Operator;
struct CommitDesk;
struct Proposal;

/// The operator agreed to exactly this (app/confirm.hpp).
Result<ConfirmedPlan> confirm(const Proposal& proposal, Operator& person);
/// The intent is in the log, on stable storage, and has a number (app/commit.hpp).
Result<CommittedPlan> commit(ConfirmedPlan confirmed, const CommitDesk& desk);

/// Whether the drive is sent commands by it, and not written to and read from alone.
[[nodiscard]] inline bool needs_commands(const Plan& plan) {
    return is_by_firmware(plan.technique) || lifts_hidden_areas(plan);
}

/// One drive, one plan, agreed to by the operator. Used up by commit().
class ConfirmedPlan {
  public:
    ConfirmedPlan(ConfirmedPlan&&) = default;
    ConfirmedPlan& operator=(ConfirmedPlan&&) = default;

    [[nodiscard]] const Drive& drive() const { return drive_; }
    [[nodiscard]] const Plan& plan() const { return plan_; }

  private:
    friend Result<ConfirmedPlan> confirm(const Proposal& proposal, Operator& person);
    ConfirmedPlan(Drive drive, Plan plan) : drive_(std::move(drive)), plan_(std::move(plan)) {}

    Drive drive_;
    Plan plan_;
};

/// A confirmed plan whose intent is on record. Used up by carry_out().
class CommittedPlan {
  public:
    CommittedPlan(CommittedPlan&&) = default;
    CommittedPlan& operator=(CommittedPlan&&) = default;

    [[nodiscard]] const Drive& drive() const { return confirmed_.drive(); }
    [[nodiscard]] const Plan& plan() const { return confirmed_.plan(); }
    [[nodiscard]] const std::string& job() const { return job_; }
    /// Under which the log holds the serial; kept in the journal and on the document only.
    [[nodiscard]] const std::string& salt() const { return salt_; }

    /// What its random passes draw, when that is kept; empty: the run draws it.
    [[nodiscard]] const StepSecrets& secrets() const { return secrets_; }
    void use(StepSecrets secrets) { secrets_ = std::move(secrets); }
    /// What interrupted runs have done of it already.
    [[nodiscard]] const StartingPoint& from() const { return from_; }
    void go_on_from(StartingPoint from) { from_ = std::move(from); }

  private:
    friend Result<CommittedPlan> commit(ConfirmedPlan confirmed, const CommitDesk& desk);
    CommittedPlan(ConfirmedPlan confirmed, std::string job, std::string salt)
        : confirmed_(std::move(confirmed)), job_(std::move(job)), salt_(std::move(salt)) {}

    ConfirmedPlan confirmed_;
    std::string job_;
    std::string salt_;
    StepSecrets secrets_;
    StartingPoint from_;
};

} // namespace quietus
