// dispose: the corridor. Detect, select, plan, confirm, commit, erase, verify, certify, register.
#pragma once

#include "quietus/app/confirm.hpp"
#include "quietus/app/issue.hpp"
#include "quietus/app/orders.hpp"
#include "quietus/app/site.hpp"
#include "quietus/app/weigh.hpp"
#include "quietus/certificate/certificate.hpp"
#include "quietus/core/exit_status.hpp"
#include "quietus/core/result.hpp"
#include "quietus/job/carry_out.hpp"
#include "quietus/policy/make_plan.hpp"
#include "quietus/transport/endurance.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace quietus {

/// What was asked for.
struct DisposalRequest {
    std::vector<std::string> targets;
    PlanRequest plan;                 ///< in direct mode; its read-back and rates in any
    std::optional<PolicyMode> policy; ///< decides about technique and scheme when it is there
    std::optional<LoadedOrder> order; ///< covers all drives; its values are in the other members
    Statements statements;
    std::map<std::string, std::string> asset_tags;           ///< by serial
    std::map<std::string, std::string> hold_clearances = {}; ///< by the register, by serial
    Endurance endurance;
    Cooling cooling;
    std::size_t jobs = 0;      ///< drives at once at most; 0: all
    bool dry_run = false;      ///< stop before confirm
    bool skip_refused = false; ///< go on with the drives that pass
};

/// How it ended for one drive.
struct Disposal {
    Drive drive;
    ExitStatus exit_status = ExitStatus::failed;
    Verdict verdict = Verdict::failed;
    std::optional<Technique> technique = {}; ///< of its plan; none: there is none
    std::string scheme;
    std::string job;                        ///< empty when it never got a number
    std::optional<IssuedDocument> document; ///< absent when evidence could not be saved
    std::optional<Error> error;
};

/// Told what happens, for the screen, the event stream and the log.
class Audience {
  public:
    virtual ~Audience() = default;
    virtual void planned(const Proposal& proposal) = 0;
    /// Who is told of this job; lives as long as the audience.
    [[nodiscard]] virtual JobWatch& committed(const std::string& job, const Drive& drive) = 0;
    virtual void certified(const std::string& job, const IssuedDocument& document) = 0;
    /// The job has no more to tell, with a document or without.
    virtual void ended(const std::string& job, Verdict verdict) = 0;
    /// No drive is begun any more.
    [[nodiscard]] virtual bool stop_requested() = 0;
    /// Nothing is waited for any more, not even evidence.
    [[nodiscard]] virtual bool leave_requested() { return false; }
};

/// Proposals for all targets, or the first refusal: what `plan` shows and `erase` asks about.
/// With `skipped`, drives that are refused or unsupported go there instead of ending it.
[[nodiscard]] Result<std::vector<Proposal>>
propose(const DisposalRequest& request, const Site& site, std::vector<Disposal>* skipped = nullptr);

/// The same for `plan`, which shows a denial as well.
[[nodiscard]] Result<std::vector<Weighed>> weigh_all(const DisposalRequest& request,
                                                     const Site& site);

/// Nothing is written to any drive until all have passed guards, codes and preflight; an Error
/// means that nothing was. Afterwards every drive has its outcome, in the order of the targets; as
/// many as the request allows are carried out at once.
[[nodiscard]] Result<std::vector<Disposal>>
dispose(const DisposalRequest& request, const Site& site, Operator& person, Audience& audience);

/// An interrupted job to be gone on with.
struct ResumeRequest {
    std::string job;
    Endurance endurance = {};
    Cooling cooling = {};
    std::vector<std::string> overrides = {}; ///< besides those that it was begun with
};

/// Goes on with it under a number of its own; app/resume.hpp says what is asked again, what is
/// carried over, and which jobs are refused. As dispose(), with one outcome.
[[nodiscard]] Result<std::vector<Disposal>> resume(const ResumeRequest& request, const Site& site,
                                                   Operator& person, Audience& audience);

[[nodiscard]] ExitStatus exit_status(Verdict verdict);

} // namespace quietus
