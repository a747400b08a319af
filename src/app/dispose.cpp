#include "quietus/app/dispose.hpp"

#include "quietus/app/assets.hpp"
#include "quietus/app/commit.hpp"
#include "quietus/app/confirmation.hpp"
#include "quietus/app/last_look.hpp"
#include "quietus/app/people.hpp"
#include "quietus/app/resume.hpp"
#include "quietus/app/select.hpp"
#include "quietus/core/bytes.hpp"
#include "quietus/drive/recheck.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>

namespace quietus {
namespace {

/// The desk at which drives are looked at one after another.
struct Desk {
    const DisposalRequest& request;
    const Site& site;
    Assets assets;
    OneLook look;
};

Result<Desk> open_desk(const DisposalRequest& request, const Site& site) {
    if (auto status = check_overrides(request.statements.overrides); !status)
        return std::move(status).error().during("plan");
    auto assets = Assets::of(site.places.state);
    if (!assets) return std::move(assets).error().during("plan");
    return Desk{request, site, std::move(*assets),
                OneLook(site.host, site.places.detect_request(false))};
}

Result<Weighed> weigh_one(const std::string& target, Desk& desk) {
    const DisposalRequest& request = desk.request;
    auto drive = desk.look.select(target);
    if (!drive) return std::move(drive).error().during("select");
    desk.assets.guard(*drive);
    if (request.order)
        if (auto status = check_covered(*request.order, *drive); !status)
            return std::move(status).error().during("plan");
    if (auto status = check_guards(*drive, request.statements.overrides); !status)
        return std::move(status).error().during("plan");
    auto weighed = weigh(std::move(*drive), {request.plan, request.policy});
    if (!weighed) return std::move(weighed).error().during("plan");
    if (!weighed->plan) return weighed;
    guard_against(*weighed->plan, weighed->drive);
    if (auto status = check_guards(weighed->drive, request.statements.overrides); !status)
        return std::move(status).error().during("plan");
    return weighed;
}

Result<Proposal> propose_one(const std::string& target, Desk& desk) {
    auto weighed = weigh_one(target, desk);
    if (!weighed) return std::move(weighed).error();
    if (!weighed->plan) return denial_of(*weighed).during("policy").during("plan");
    return Proposal{std::move(weighed->drive), std::move(*weighed->plan)};
}

Disposal not_started(Drive drive, Error error) {
    Disposal disposal;
    disposal.drive = std::move(drive);
    disposal.exit_status = exit_status(error.fault);
    disposal.verdict = error.fault == Fault::refused       ? Verdict::refused
                       : error.fault == Fault::unsupported ? Verdict::unsupported
                                                           : Verdict::error;
    disposal.error = std::move(error);
    return disposal;
}

Disposal not_started(const std::string& target, Error error) {
    Drive drive;
    drive.node = target;
    return not_started(std::move(drive), std::move(error));
}

Status refuse_doubles(const std::vector<Proposal>& proposals) {
    for (auto one = proposals.begin(); one != proposals.end(); ++one)
        for (auto other = std::next(one); other != proposals.end(); ++other)
            if (one->drive.node == other->drive.node)
                return Error{Fault::usage, one->drive.node + ": named twice"};
    return {};
}

Status place_asset_tags(const DisposalRequest& request, const std::vector<Proposal>& proposals) {
    for (const auto& asset : request.asset_tags) {
        const auto is_it = [&](const Proposal& each) { return each.drive.serial == asset.first; };
        if (std::ranges::none_of(proposals, is_it))
            return Error{Fault::usage, "--asset-tag: no drive of this run has the serial \"" +
                                           escaped(asset.first) + "\""};
    }
    return {};
}

// What nobody typed: tags by the order, else by the register, and who lifted a hold.
Status fill_from_register(const std::vector<Proposal>& proposals, const Site& site,
                          DisposalRequest& request) {
    const auto assets = Assets::of(site.places.state);
    if (!assets) return Error(assets.error());
    for (const Proposal& proposal : proposals) {
        const Drive& drive = proposal.drive;
        const auto cover = request.order ? cover_of(request.order->order, drive) : std::nullopt;
        std::string tag = cover && cover->listed
                              ? request.order->order.drives[*cover->listed].asset_tag
                              : std::string();
        if (tag.empty()) tag = assets->tag_of(drive);
        if (!tag.empty()) request.asset_tags.emplace(drive.serial, std::move(tag));
        std::string clearance = assets->clearance_of(drive);
        if (!clearance.empty()) request.hold_clearances.emplace(drive.serial, std::move(clearance));
    }
    return {};
}

Statements statements_for(const Drive& drive, const DisposalRequest& request) {
    Statements statements = request.statements;
    if (const auto tag = request.asset_tags.find(drive.serial); tag != request.asset_tags.end())
        statements.asset_tag = tag->second;
    const auto cleared = request.hold_clearances.find(drive.serial);
    if (statements.hold_clearance.empty() && cleared != request.hold_clearances.end())
        statements.hold_clearance = cleared->second;
    return statements;
}

Result<std::vector<ConfirmedPlan>> confirm_all(const std::vector<Proposal>& proposals,
                                               Operator& person) {
    std::vector<ConfirmedPlan> confirmed;
    for (const Proposal& proposal : proposals) {
        auto one = confirm(proposal, person);
        if (!one) return std::move(one).error();
        confirmed.push_back(std::move(*one));
    }
    return confirmed;
}

/// By the node of the drive.
using Confirmations = std::map<std::string, SignedConfirmation>;

Result<Confirmations> sign_all(const std::vector<ConfirmedPlan>& plans,
                               const ConfirmationDesk& desk, Operator& person) {
    auto signed_ones = sign_confirmations(plans, desk, person);
    if (!signed_ones) return std::move(signed_ones).error();
    Confirmations by_node;
    for (std::size_t i = 0; i < signed_ones->size(); ++i)
        by_node.emplace(plans[i].drive().node, std::move((*signed_ones)[i]));
    return by_node;
}

// Whoever has to take part by a rule does, and what decides is kept before it has an effect.
Status prepare_policy(const DisposalRequest& request, const std::vector<Proposal>& proposals,
                      const Site& site) {
    // Persons have no part in an exercise.
    const bool for_real = site.places.provenance == Provenance::machine;
    for (const Proposal& proposal : proposals)
        if (auto status = check_participants(proposal.plan, request.statements);
            for_real && !status)
            return status;
    if (!request.policy) return {};
    return keep_profile(request.policy->profile,
                        {site.places.trust, site.places.state, site.clock.utc_seconds()});
}

std::uint64_t longest(const std::vector<Proposal>& proposals) {
    return std::accumulate(
        proposals.begin(), proposals.end(), std::uint64_t{0},
        [](std::uint64_t sum, const Proposal& each) { return sum + each.plan.estimated_seconds; });
}

/// What the drives of one run share.
struct Floor {
    const DisposalRequest& request;
    const Confirmations& confirmations;
    const Site& site;
    std::string station;
    Audience& audience;
    const InterruptedJob* interrupted = nullptr; ///< that the run goes on with
};

void take_document(Disposal& disposal, Result<IssuedDocument> document, Audience& audience) {
    if (!document) {
        disposal.exit_status = ExitStatus::evidence;
        disposal.error = std::move(document).error().with_hint("quietus certify " + disposal.job +
                                                               " finishes it");
        return;
    }
    audience.certified(disposal.job, *document);
    disposal.verdict = document->verdict;
    disposal.exit_status = exit_status(document->verdict);
    disposal.document = std::move(*document);
}

Result<std::unique_ptr<FileJournal>> open_journal(const CommittedPlan& order, const Floor& floor) {
    auto journal = FileJournal::create(floor.site.places.job(order.job()));
    if (!journal) return journal;
    Statements statements = statements_for(order.drive(), floor.request);
    if (const auto found = floor.confirmations.find(order.drive().node);
        found != floor.confirmations.end())
        statements.confirmation = found->second;
    if (auto status = (*journal)->append(committed_line(order, statements)); !status)
        return std::move(status).error();
    const std::string folder = floor.site.places.job(order.job());
    if (auto status = save_secrets(order.secrets(), folder); !status)
        return std::move(status).error().during("keys");
    if (floor.interrupted == nullptr) return journal;
    // With this line the old job is over for good.
    if (auto status = (*journal)->append(carried_line(order.from())); !status)
        return std::move(status).error();
    remove_secrets(floor.site.places.job(floor.interrupted->job));
    return journal;
}

// The keys of its passes, and what has been done of it already.
void prepare(CommittedPlan& order, const Floor& floor) {
    if (floor.interrupted == nullptr) {
        order.use(draw_secrets(order.plan()));
        return;
    }
    order.use(floor.interrupted->secrets);
    StartingPoint from = floor.interrupted->from;
    from.done.resumed.back().resumed_at = to_rfc3339(floor.site.clock.utc_seconds());
    order.go_on_from(std::move(from));
}

// Under the gate: nobody else goes on with it at the same time.
Status check_still_interrupted(const Floor& floor) {
    if (floor.interrupted == nullptr) return {};
    const auto successor = successor_of(floor.interrupted->job, floor.site);
    if (!successor) return Error(successor.error());
    if (successor->empty()) return {};
    return Error{Fault::refused, floor.interrupted->job + ": it was gone on with as " + *successor};
}

// Nothing was written: it is no evidence that is lost.
Error obstacle(Error error) {
    error.fault = Fault::io;
    return std::move(error).during("commit");
}

// Since the plan was shown a person may have thought for an hour, and other drives come first.
Status check_again(const Drive& planned, LastLook& look, const Floor& floor) {
    auto now = look.at(planned);
    if (!now) return std::move(now).error();
    const auto assets = Assets::of(floor.site.places.state);
    if (!assets) return Error(assets.error());
    assets->guard(*now);
    return check_unchanged(planned, *now);
}

Disposal not_begun(const Drive& drive) {
    Disposal disposal = not_started(
        drive, {Fault::io, drive.node + ": not begun: a stop was requested (nothing was written)"});
    disposal.exit_status = ExitStatus::interrupted;
    disposal.verdict = Verdict::interrupted;
    return disposal;
}

/// The drives of a run that are being erased, and what became of the others.
class UnderWay {
  public:
    /// Of so many drives.
    UnderWay(const Floor& floor, std::size_t drives)
        : floor_(floor), look_(floor.site.host, floor.site.places.detect_request(false),
                               floor.site.clock, drives) {}

    void begin(ConfirmedPlan confirmed) {
        const std::size_t place = outcomes_.size();
        outcomes_.push_back(begun(std::move(confirmed)));
        if (!outcomes_[place].error) places_.emplace(outcomes_[place].job, place);
    }
    [[nodiscard]] std::size_t count() const { return places_.size(); }

    void finish_one() {
        EndedJob ended = floor_.site.workplace.next();
        look_.forget();
        Disposal& disposal = outcomes_[places_.at(ended.job)];
        const auto journal = std::move(journals_.extract(ended.job).mapped());
        places_.erase(ended.job);
        if (ended.record) {
            disposal.verdict = ended.record->judgement.verdict;
            take_document(disposal, issue_document(ended.job, *journal, floor_.site),
                          floor_.audience);
        } else if (ended.record.error().fault == Fault::drive) {
            close_lost(disposal, ended.record.error(), *journal);
        } else {
            close_unwritten(disposal, ended.record.error(), *journal);
        }
        floor_.audience.ended(ended.job, disposal.verdict);
    }
    [[nodiscard]] std::vector<Disposal> take() && { return std::move(outcomes_); }

  private:
    // With an error when it was not begun; otherwise it is under way.
    Disposal begun(ConfirmedPlan confirmed) {
        const Drive drive = confirmed.drive();
        if (floor_.audience.stop_requested()) return not_begun(drive);
        if (auto status = check_again(drive, look_, floor_); !status)
            return not_started(drive, std::move(status).error().during("commit"));
        Disposal disposal;
        disposal.drive = drive;
        disposal.technique = confirmed.plan().technique;
        disposal.scheme = confirmed.plan().scheme;
        auto gate = lock_jobs(floor_.site.places);
        if (!gate) return not_started(drive, obstacle(std::move(gate).error()));
        if (auto status = check_still_interrupted(floor_); !status)
            return not_started(drive, std::move(status).error());
        auto order = commit(std::move(confirmed), {floor_.site.log, floor_.station});
        if (!order) return not_started(drive, std::move(order).error());
        disposal.job = order->job();
        prepare(*order, floor_);
        JobWatch& watch = floor_.audience.committed(disposal.job, drive);
        auto journal = open_journal(*order, floor_);
        { const auto begun = std::move(*gate); } // the journal is locked now
        if (!journal) {
            disposal.exit_status = ExitStatus::preflight;
            disposal.error = std::move(journal).error();
            floor_.audience.ended(disposal.job, disposal.verdict);
            return disposal;
        }
        const JobDesk desk{**journal, watch, floor_.request.endurance, floor_.request.cooling};
        journals_.emplace(disposal.job, std::move(*journal));
        floor_.site.workplace.begin(std::move(*order), desk);
        return disposal;
    }

    // The drive could not be opened as it was planned, or the verdict could not be saved.
    void close_unwritten(Disposal& disposal, const Error& error, FileJournal& journal) {
        disposal.exit_status = exit_status(error.fault);
        disposal.verdict = error.fault == Fault::refused ? Verdict::refused : Verdict::error;
        disposal.error = error;
        if (disposal.exit_status == ExitStatus::evidence)
            leave_to_certify(disposal);
        else
            close(disposal, {reason_of(error), error.message + " (nothing was written)"}, journal);
    }

    // Of a job that was gone on with nothing is lost by an obstacle: it can be gone on with again.
    [[nodiscard]] StopReason reason_of(const Error& error) const {
        if (floor_.interrupted == nullptr) return StopReason::io;
        return error.fault == Fault::refused ? StopReason::drive_changed : StopReason::interrupted;
    }

    void close_lost(Disposal& disposal, const Error& error, FileJournal& journal) {
        disposal.exit_status = ExitStatus::interrupted;
        disposal.verdict = Verdict::interrupted;
        disposal.error = error;
        if (floor_.audience.leave_requested()) return leave_to_certify(disposal);
        close(disposal, {StopReason::worker_lost, error.message}, journal);
        if (disposal.document) floor_.audience.certified(disposal.job, *disposal.document);
    }

    // The intent gets its attempt record at once.
    void close(Disposal& disposal, const Stop& stop, FileJournal& journal) {
        if (!close_journal(journal, disposal.job, stop, floor_.site.clock))
            return leave_to_certify(disposal);
        auto document = issue_document(disposal.job, journal, floor_.site);
        if (document) disposal.document = std::move(*document);
    }

    static void leave_to_certify(Disposal& disposal) {
        disposal.error =
            std::move(*disposal.error).with_hint("quietus certify " + disposal.job + " closes it");
    }

    const Floor& floor_;
    LastLook look_;
    std::vector<Disposal> outcomes_;
    std::map<std::string, std::size_t> places_; ///< in `outcomes_`, of the jobs under way
    std::map<std::string, std::unique_ptr<FileJournal>> journals_; ///< of the same
};

// Beyond this point drives are written to, and every one of them gets a document.
std::vector<Disposal> carry_out_all(std::vector<ConfirmedPlan> confirmed, const Floor& floor) {
    const std::size_t most = floor.request.jobs == 0 ? confirmed.size() : floor.request.jobs;
    UnderWay under_way(floor, confirmed.size());
    for (ConfirmedPlan& each : confirmed) {
        if (under_way.count() == most) under_way.finish_one();
        under_way.begin(std::move(each));
    }
    while (under_way.count() != 0)
        under_way.finish_one();
    return std::move(under_way).take();
}

} // namespace

ExitStatus exit_status(Verdict verdict) {
    switch (verdict) {
    case Verdict::erased:
        return ExitStatus::success;
    case Verdict::failed:
        return ExitStatus::failed;
    case Verdict::unverified:
    case Verdict::indeterminate:
        return ExitStatus::not_established;
    case Verdict::interrupted:
        return ExitStatus::interrupted;
    case Verdict::refused:
        return ExitStatus::refused;
    case Verdict::unsupported:
        return ExitStatus::unsupported;
    case Verdict::error:
        return ExitStatus::preflight;
    }
    return ExitStatus::internal_error;
}

Result<std::vector<Proposal>> propose(const DisposalRequest& request, const Site& site,
                                      std::vector<Disposal>* skipped) {
    auto desk = open_desk(request, site);
    if (!desk) return Error(desk.error());
    std::vector<Proposal> proposals;
    for (const std::string& target : request.targets) {
        auto proposal = propose_one(target, *desk);
        const bool may_skip = skipped != nullptr && !proposal &&
                              (proposal.error().fault == Fault::refused ||
                               proposal.error().fault == Fault::unsupported);
        if (!proposal && !may_skip) return std::move(proposal).error();
        if (may_skip)
            skipped->push_back(not_started(target, std::move(proposal).error()));
        else
            proposals.push_back(std::move(*proposal));
    }
    if (auto status = refuse_doubles(proposals); !status)
        return std::move(status).error().during("select");
    if (auto status = place_asset_tags(request, proposals); !status)
        return std::move(status).error().during("plan");
    return proposals;
}

Result<std::vector<Weighed>> weigh_all(const DisposalRequest& request, const Site& site) {
    auto desk = open_desk(request, site);
    if (!desk) return Error(desk.error());
    std::vector<Weighed> all;
    std::vector<Proposal> drives;
    for (const std::string& target : request.targets) {
        auto weighed = weigh_one(target, *desk);
        if (!weighed) return std::move(weighed).error();
        drives.push_back({weighed->drive, {}});
        all.push_back(std::move(*weighed));
    }
    if (auto status = refuse_doubles(drives); !status)
        return std::move(status).error().during("select");
    if (auto status = place_asset_tags(request, drives); !status)
        return std::move(status).error().during("plan");
    return all;
}

namespace {

/// Whoever agreed when the job was begun.
class AgreedBefore final : public Operator {
  public:
    Status agree(const Proposal&) override { return {}; }
};

} // namespace

Result<std::vector<Disposal>> resume(const ResumeRequest& request, const Site& site,
                                     Operator& person, Audience& audience) {
    if (auto status = check_overrides(request.overrides); !status)
        return std::move(status).error().during("resume");
    const auto found = find_interrupted(request.job, site, request.overrides);
    if (!found) return Error(found.error()).during("resume");
    audience.planned(found->proposal);
    AgreedBefore before;
    auto confirmed =
        confirm(found->proposal, found->agreed ? static_cast<Operator&>(before) : person);
    if (!confirmed) return std::move(confirmed).error();
    auto signer = preflight(site, found->proposal.plan.estimated_seconds);
    if (!signer) return std::move(signer).error();
    if (signer->name != found->station)
        return Error{Fault::refused,
                     "resume: " + found->job + ": it is of the station " + escaped(found->station)};
    DisposalRequest known;
    known.statements = found->statements;
    known.endurance = request.endurance;
    known.cooling = request.cooling;
    std::vector<ConfirmedPlan> plans;
    plans.push_back(std::move(*confirmed));
    const Confirmations none; // the first one is among the statements
    return carry_out_all(std::move(plans), {known, none, site, signer->name, audience, &*found});
}

Result<std::vector<Disposal>> dispose(const DisposalRequest& request, const Site& site,
                                      Operator& person, Audience& audience) {
    std::vector<Disposal> outcomes;
    auto proposals = propose(request, site, request.skip_refused ? &outcomes : nullptr);
    if (!proposals) return std::move(proposals).error();
    for (const Proposal& proposal : *proposals)
        audience.planned(proposal);
    if (request.dry_run || proposals->empty()) return outcomes;

    DisposalRequest known = request;
    if (auto status =
            require_signatures(site.places.state, site.clock.utc_seconds(), known.statements);
        !status)
        return std::move(status).error().during("people").during("preflight");
    if (auto status = prepare_policy(known, *proposals, site); !status)
        return std::move(status).error().during("policy").during("preflight");
    if (auto status = fill_from_register(*proposals, site, known); !status)
        return std::move(status).error().during("preflight");
    auto confirmed = confirm_all(*proposals, person);
    if (!confirmed) return std::move(confirmed).error();
    auto signer = preflight(site, longest(*proposals));
    if (!signer) return std::move(signer).error();

    auto confirmations =
        sign_all(*confirmed, {known.statements.op, signer->name, site.clock.utc_seconds()}, person);
    if (!confirmations) return std::move(confirmations).error().during("confirmation");
    if (auto status = person.use_up(); !status) return std::move(status).error().during("confirm");

    const Floor floor{known, *confirmations, site, signer->name, audience};
    std::ranges::move(carry_out_all(std::move(*confirmed), floor), std::back_inserter(outcomes));
    return outcomes;
}

} // namespace quietus
