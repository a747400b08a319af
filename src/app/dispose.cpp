#include "quietus/app/dispose.hpp"

#include "quietus/app/commit.hpp"
#include "quietus/app/confirmation.hpp"
#include "quietus/app/people.hpp"
#include "quietus/app/select.hpp"
#include "quietus/core/bytes.hpp"
#include "quietus/drive/recheck.hpp"

#include <algorithm>
#include <numeric>

namespace quietus {
namespace {

Result<Weighed> weigh_one(const std::string& target, const DisposalRequest& request,
                          const Site& site) {
    auto drive = select(site.host, site.places.detect_request(false), target);
    if (!drive) return std::move(drive).error().during("select");
    if (auto status = check_guards(*drive, request.statements.overrides); !status)
        return std::move(status).error().during("plan");
    auto weighed = weigh(std::move(*drive), {request.plan, request.policy});
    if (!weighed) return std::move(weighed).error().during("plan");
    return weighed;
}

Result<Proposal> propose_one(const std::string& target, const DisposalRequest& request,
                             const Site& site) {
    auto weighed = weigh_one(target, request, site);
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

Statements statements_for(const Drive& drive, const DisposalRequest& request) {
    Statements statements = request.statements;
    if (const auto tag = request.asset_tags.find(drive.serial); tag != request.asset_tags.end())
        statements.asset_tag = tag->second;
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
};

void take_document(Disposal& disposal, Result<IssuedDocument> document, Audience& audience) {
    if (!document) {
        disposal.exit_status = ExitStatus::evidence;
        disposal.error = std::move(document).error().with_hint("quietus certify " + disposal.job +
                                                               " finishes it");
        return;
    }
    audience.certified(*document);
    disposal.verdict = document->verdict;
    disposal.exit_status = exit_status(document->verdict);
    disposal.document = std::move(*document);
}

// The drive could not be opened as it was planned (nothing was written), or the verdict could
// not be saved. In the first case the intent gets its attempt record at once.
Disposal stopped(Disposal disposal, Error error, FileJournal& journal, const Floor& floor) {
    disposal.exit_status = exit_status(error.fault);
    disposal.verdict = error.fault == Fault::refused ? Verdict::refused : Verdict::error;
    const Stop stop{StopReason::io, error.message + " (nothing was written)"};
    disposal.error = std::move(error);
    if (disposal.exit_status == ExitStatus::evidence ||
        !close_journal(journal, disposal.job, stop, floor.site.clock)) {
        disposal.error =
            std::move(*disposal.error).with_hint("quietus certify " + disposal.job + " closes it");
        return disposal;
    }
    auto document = issue_document(disposal.job, journal, floor.site);
    if (document) disposal.document = std::move(*document);
    return disposal;
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
    return journal;
}

// Erase and verify under an open journal. Whatever happens after the first write is in the record.
Disposal erase(CommittedPlan order, Disposal disposal, FileJournal& journal, const Floor& floor) {
    const std::string job = order.job();
    Bench bench{floor.site.host, floor.site.clock, journal, floor.audience,
                floor.request.endurance};
    auto record = carry_out(std::move(order), bench);
    if (!record) return stopped(std::move(disposal), std::move(record).error(), journal, floor);
    disposal.verdict = record->judgement.verdict;
    take_document(disposal, issue_document(job, journal, floor.site), floor.audience);
    return disposal;
}

// Nothing was written: it is no evidence that is lost.
Error obstacle(Error error) {
    error.fault = Fault::io;
    return std::move(error).during("commit");
}

// Since the plan was shown a person may have thought for an hour, and other drives come first.
Status check_again(const Drive& planned, const Floor& floor) {
    const auto now = look_again(floor.site.host, planned, floor.site.places.detect_request(false));
    return now ? check_unchanged(planned, *now) : Status(now.error());
}

Disposal dispose_one(ConfirmedPlan confirmed, const Floor& floor) {
    Disposal disposal;
    disposal.drive = confirmed.drive();
    disposal.scheme = confirmed.plan().scheme;
    if (auto status = check_again(disposal.drive, floor); !status)
        return not_started(disposal.drive, std::move(status).error().during("commit"));
    auto gate = lock_jobs(floor.site.places);
    if (!gate) return not_started(disposal.drive, obstacle(std::move(gate).error()));
    auto order = commit(std::move(confirmed), {floor.site.log, floor.station});
    if (!order) return not_started(disposal.drive, std::move(order).error());
    disposal.job = order->job();
    floor.audience.committed(order->job(), disposal.drive);
    auto journal = open_journal(*order, floor);
    { const auto begun = std::move(*gate); } // the journal is locked now
    if (!journal) {
        disposal.exit_status = ExitStatus::preflight;
        disposal.error = std::move(journal).error();
        return disposal;
    }
    return erase(std::move(*order), std::move(disposal), **journal, floor);
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
    if (auto status = check_overrides(request.statements.overrides); !status)
        return std::move(status).error().during("plan");
    std::vector<Proposal> proposals;
    for (const std::string& target : request.targets) {
        auto proposal = propose_one(target, request, site);
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
    if (auto status = check_overrides(request.statements.overrides); !status)
        return std::move(status).error().during("plan");
    std::vector<Weighed> all;
    std::vector<Proposal> drives;
    for (const std::string& target : request.targets) {
        auto weighed = weigh_one(target, request, site);
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
    auto confirmed = confirm_all(*proposals, person);
    if (!confirmed) return std::move(confirmed).error();
    auto signer = preflight(site, longest(*proposals));
    if (!signer) return std::move(signer).error();

    auto confirmations =
        sign_all(*confirmed, {known.statements.op, signer->name, site.clock.utc_seconds()}, person);
    if (!confirmations) return std::move(confirmations).error().during("confirmation");

    // Beyond this point drives are written to, and every one of them gets a document.
    const Floor floor{known, *confirmations, site, signer->name, audience};
    for (ConfirmedPlan& each : *confirmed)
        outcomes.push_back(dispose_one(std::move(each), floor));
    return outcomes;
}

} // namespace quietus
