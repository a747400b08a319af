#include "quietus/app/destroy.hpp"

#include "this_tool.hpp"

#include "quietus/app/assets.hpp"
#include "quietus/app/commit.hpp"
#include "quietus/app/issue.hpp"
#include "quietus/app/people.hpp"
#include "quietus/app/select.hpp"
#include "quietus/certificate/check.hpp"
#include "quietus/core/bytes.hpp"
#include "quietus/core/clock.hpp"
#include "quietus/policy/destruction.hpp"
#include "quietus/stream/digest.hpp"

#include <algorithm>

namespace quietus {
namespace {

constexpr std::size_t serial_max = 200;

// With the interlocks of the register, and its tag for the statements.
Result<Drive> drive_of(const DestructionWish& wish, const Site& site, Statements& statements) {
    Drive drive = wish.drive;
    if (wish.target) {
        auto seen = select(site.host, site.places.detect_request(true), *wish.target);
        if (!seen) return std::move(seen).error().during("select");
        drive = std::move(*seen);
    }
    if (drive.serial.empty())
        return Error{Fault::usage, "the drive tells no serial: what was destroyed is named by one",
                     "--serial, as the label has it, without naming a drive"};
    if (escaped(drive.serial) != drive.serial || drive.serial.size() > serial_max)
        return Error{Fault::usage, "the serial \"" + escaped(drive.serial) + "\" cannot be stated"};
    const auto assets = Assets::of(site.places.state);
    if (!assets) return Error(assets.error());
    assets->guard(drive);
    statements.asset_tag = assets->tag_of(drive);
    if (statements.hold_clearance.empty()) statements.hold_clearance = assets->clearance_of(drive);
    const auto held = std::ranges::find(drive.guards, Interlock::on_hold, &Guard::interlock);
    if (held != drive.guards.end())
        return Error{Fault::refused, "on-hold: " + escaped(held->reason)};
    return drive;
}

Result<MediumId> medium_for(const DestructionWish& wish, const Drive& drive) {
    if (!wish.medium.empty()) return read_medium(wish.medium);
    const MediumId medium = medium_of(drive);
    if (wish.target && medium != MediumId::unknown) return medium;
    return Error{Fault::usage, "--medium is missing", "what it was, such as hdd or nvme"};
}

// Both have to be known by a certificate: a name alone signs nothing.
Status require_persons(const Site& site, Statements& statements) {
    const std::int64_t now = site.clock.utc_seconds();
    if (auto status = require_signatures(site.places.state, now, statements); !status)
        return status;
    for (const auto& [role, option] :
         {std::pair{Role::op, "--operator"}, std::pair{Role::witness, "--witness"}})
        if (std::ranges::find(statements.signers, role, &RequiredSigner::role) ==
            statements.signers.end())
            return Error{Fault::usage,
                         std::string(option) + ": of whom this station knows a certificate is "
                                               "missing: two persons state a destruction",
                         "quietus key import --person ID --certificate FILE"};
    return {};
}

Result<std::vector<std::string>> closed_by(const DestructionWish& wish, const std::string& serial,
                                           const Site& site) {
    auto open = must_be_destroyed(site);
    if (!open) return std::move(open).error();
    std::vector<std::string> jobs;
    for (const MustBeDestroyed& each : *open)
        if (each.serial == serial) jobs.push_back(each.job);
    for (const std::string& job : wish.closes) {
        const auto item = std::ranges::find(*open, job, &MustBeDestroyed::job);
        if (item == open->end())
            return Error{Fault::usage,
                         "--job: " + escaped(job) + " left nothing that must be destroyed",
                         "quietus status names the jobs that did"};
        if (!item->serial.empty() && item->serial != serial)
            return Error{Fault::usage, "--job: " + escaped(job) +
                                           " was about the drive with the serial \"" +
                                           escaped(item->serial) + "\""};
        if (std::ranges::find(jobs, job) == jobs.end()) jobs.push_back(job);
    }
    return jobs;
}

Result<DestructionRecord> record_of(const DestructionWish& wish, const Site& site) {
    DestructionRecord record;
    record.statements = wish.statements;
    auto drive = drive_of(wish, site, record.statements);
    if (!drive) return std::move(drive).error();
    const auto medium = medium_for(wish, *drive);
    if (!medium) return medium.error();
    const DestructionWay way{wish.facts.method, wish.facts.particle_mm};
    if (auto status = check_way(way, *medium); !status) return std::move(status).error();
    if (auto status = require_persons(site, record.statements); !status)
        return std::move(status).error().during("people");
    auto closes = closed_by(wish, drive->serial, site);
    if (!closes) return std::move(closes).error();
    record.closes = std::move(*closes);
    record.seen_by_station = wish.target.has_value();
    record.facts = wish.facts;
    record.facts.residue_counts_as = residue_of(wish.asked.classification.id, way);
    const Question question = question_about(wish.asked, *medium);
    const auto answer = judge_destruction(wish.profile.profile, question, way);
    record.policy = basis_of_destruction(named(wish.profile), wish.asked, *medium);
    record.sufficient = answer.sufficient;
    record.reason = answer.reason;
    record.drive = std::move(*drive);
    return record;
}

Result<Certificate> signed_statement(const DestructionRecord& record, const Intent& intent,
                                     const SignerIdentity& station, const Site& site) {
    auto testimony = site.log.testimony(intent.job);
    if (!testimony) return std::move(testimony).error();
    const Tool tool = this_tool();
    const Placement placement{intent.station,   intent.sequence, intent.previous_sha384,
                              intent.log_index, intent.salt,     {}};
    auto statement =
        draft_destruction({record, placement, tool}, station, site.clock.utc_seconds());
    if (!statement) return statement;
    auto p7s = site.signer.sign(
        {statement->payload, DocumentType::destruction, {}, tool, std::move(*testimony)});
    if (!p7s) return std::move(p7s).error();
    statement->p7s = as_text(*p7s);
    return statement;
}

// From here on the number is taken: whatever fails leaves an intent, which `quietus status` closes.
Result<StatedToBeDestroyed> issue(const DestructionRecord& record, const SignerIdentity& station,
                                  const Site& site) {
    const auto intent = site.log.append_intent({.serial = record.drive.serial,
                                                .technique = std::string(stated_destruction),
                                                .plan_sha256 = destruction_sha256(record),
                                                .station = station.name});
    if (!intent) return Error(intent.error()).during("intent");
    auto statement = signed_statement(record, *intent, station, site);
    if (!statement) return std::move(statement).error();
    Plan named_policy;
    named_policy.policy = record.policy;
    if (auto status =
            save_profiles_beside(named_policy, site.places.state, site.places.certificates);
        !status)
        return std::move(status).error();
    auto path = save_certificate(*statement, site.places.certificates);
    if (!path) return std::move(path).error();
    auto receipt =
        site.log.append_document({intent->job, std::string(to_text(DocumentType::destruction)),
                                  sha384_hex(statement->payload)});
    if (!receipt) return std::move(receipt).error().during("log of the statement");
    return StatedToBeDestroyed{intent->job,   std::move(*path), record.sufficient,
                               record.reason, record.closes,    {Role::op, Role::witness}};
}

} // namespace

Result<StatedToBeDestroyed> state_destruction(const DestructionWish& wish, const Site& site) {
    auto record = record_of(wish, site);
    if (!record) return std::move(record).error();
    auto station = preflight(site, 0);
    if (!station) return std::move(station).error();
    if (auto status = keep_profile(
            wish.profile, {site.places.trust, site.places.state, site.clock.utc_seconds()});
        !status)
        return std::move(status).error().during("preflight");
    auto gate = lock_jobs(site.places);
    if (!gate) return std::move(gate).error();
    return issue(*record, *station, site);
}

} // namespace quietus
