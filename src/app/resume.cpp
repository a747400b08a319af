#include "quietus/app/resume.hpp"

#include "quietus/app/assets.hpp"
#include "quietus/app/select.hpp"
#include "quietus/core/bytes.hpp"
#include "quietus/core/file.hpp"
#include "quietus/policy/judge.hpp"
#include "quietus/signing/grounds.hpp"

#include <algorithm>
#include <fstream>
#include <utility>

namespace quietus {
namespace {

Error refused(const std::string& job, const std::string& why) {
    return {Fault::refused, job + ": " + why};
}

std::string journal_of(const std::string& job, const Site& site) {
    return site.places.job(job) + "/journal.jsonl";
}

Result<LoggedJob> find_logged(const std::string& job, const Site& site) {
    auto found = site.log.find(job);
    if (!found) return std::move(found).error();
    if (!*found) return Error{Fault::usage, escaped(job) + ": no such job in the log"};
    return std::move(**found);
}

// With its result and its document, whatever a crash has left.
Result<LoggedJob> ended_job(const std::string& job, const Site& site) {
    auto logged = find_logged(job, site);
    if (!logged || logged->document) return logged;
    auto issued = certify_job(job, site);
    if (!issued) return std::move(issued).error();
    return find_logged(job, site);
}

Status check_interrupted(const LoggedJob& logged) {
    const std::string& job = logged.intent.job;
    if (!logged.result) return refused(job, "it has no result");
    if (logged.result->verdict == to_text(Verdict::interrupted)) return {};
    return refused(job, "it is " + logged.result->verdict + ": there is nothing to go on with");
}

// What is in the folder is believed because the log has its digest.
Result<FileJournal::Content> read_journal(const LoggedJob& logged, const Site& site) {
    const std::string& job = logged.intent.job;
    const auto text = read_regular_file(journal_of(job, site), journal_limit);
    if (!text) return refused(job, "its journal cannot be read: " + text.error().message);
    auto content = FileJournal::parse(*text);
    if (!content) return refused(job, "its journal is damaged: " + content.error().message);
    if (!content->record || content->sha256 != logged.result->journal_sha256)
        return refused(job, "its journal is not the one whose digest the log holds");
    return content;
}

// An image by its path, a drive by what it says of itself wherever it is attached now.
std::string target_of(const Drive& drive) {
    if (drive.kind == DriveKind::image) return drive.node;
    if (drive.identity_source == IdentitySource::drive && !drive.serial.empty())
        return "serial:" + drive.serial;
    return drive.wwn.empty() ? drive.node : "wwn:" + drive.wwn;
}

template <typename T>
void compare(std::string_view what, const T& then, const T& now, std::string& difference) {
    if (difference.empty() && !(then == now)) difference = what;
}

// What the journal shows to have been put within reach, and nothing else, may be there by now.
std::uint64_t lifted_size(const Drive& then, const Evidence& evidence) {
    if (evidence.firmware) return erased_bytes(then, evidence.firmware->hidden);
    return erased_bytes(then, evidence.hidden);
}

bool has_lifted(const Evidence& evidence) {
    const HiddenAreaRecord* hidden = evidence.firmware ? &evidence.firmware->hidden
                                     : evidence.hidden ? &*evidence.hidden
                                                       : nullptr;
    return hidden != nullptr && hidden->state == HiddenState::lifted;
}

// What the kernel has not read again since our own run has lifted it: that is in the way of anybody
// else, and this plan begins with having it read.
std::vector<std::string> set_aside(const Statements& statements, const Drive& now,
                                   const Drive& then, const Evidence& evidence) {
    std::vector<std::string> names = statements.overrides;
    if (has_lifted(evidence) && now.size_bytes < lifted_size(then, evidence))
        names.emplace_back(to_text(Interlock::hidden_area_unchecked));
    return names;
}

void add_overrides(const std::vector<std::string>& given, Statements& statements) {
    for (const std::string& name : given)
        if (std::ranges::find(statements.overrides, name) == statements.overrides.end())
            statements.overrides.push_back(name);
}

// Nodes have other names after every start of the machine.
std::vector<std::uint64_t> sizes_of(const std::vector<Member>& members) {
    std::vector<std::uint64_t> sizes(members.size());
    std::ranges::transform(members, sizes.begin(), &Member::size_bytes);
    return sizes;
}

std::string difference(const Drive& then, const Drive& now, const Evidence& evidence,
                       bool may_be_busy) {
    std::string found;
    compare("is of another kind", then.kind, now.kind, found);
    compare("has another serial number", then.serial, now.serial, found);
    compare("has another serial number", then.serial_raw_hex, now.serial_raw_hex, found);
    compare("has another model", then.model, now.model, found);
    compare("has another worldwide name", then.wwn, now.wwn, found);
    if (now.size_bytes != lifted_size(then, evidence))
        compare("has another capacity", then.size_bytes, now.size_bytes, found);
    // One that is busy with itself does not tell what it hides.
    if (!may_be_busy || now.native_size_bytes)
        compare("has another native capacity", then.native_size_bytes, now.native_size_bytes,
                found);
    compare("is made up otherwise", sizes_of(then.members), sizes_of(now.members), found);
    compare("has other blocks", then.logical_block_bytes, now.logical_block_bytes, found);
    return found;
}

Result<Drive> same_drive(const Committed& committed, const Evidence& evidence, const Site& site) {
    const Drive& then = committed.drive;
    auto now = select(site.host, site.places.detect_request(false), target_of(then));
    if (!now && now.error().fault == Fault::usage)
        return Error{Fault::refused,
                     "identity-changed: its drive is not there: " + now.error().message};
    if (!now) return now;
    if (const auto what = difference(then, *now, evidence, needs_commands(committed.plan));
        !what.empty())
        return Error{Fault::refused, "identity-changed: " + escaped(now->node) + " " + what +
                                         " than the drive that was interrupted"};
    // Or it tells it again between this look and the next.
    if (!now->native_size_bytes) now->native_size_bytes = then.native_size_bytes;
    return now;
}

bool is_random(const Plan& plan, std::uint32_t step) {
    return plan.steps[step - 1].data == StepData::random_stream;
}

// By a key that is nowhere else, or by an operation that is under way in it; or by its own serial
// number, and a content that goes with it.
bool proves_itself(const InterruptedJob& found) {
    const Drive& own = found.proposal.drive;
    if (is_by_firmware(found.proposal.plan.technique))
        return own.identity_source == IdentitySource::drive && !own.serial.empty();
    const auto expected = expected_content(found.from);
    if (!expected) return false;
    const Drive& drive = found.proposal.drive;
    return is_random(found.proposal.plan, expected->step) ||
           (drive.identity_source == IdentitySource::drive && !drive.serial.empty());
}

// Of octets that were drawn and are gone the records tell those that they spell.
void recover_octets(const StartingPoint& from, const Plan& plan, StepSecrets& secrets) {
    std::vector<PassRecord> passes = from.done.passes;
    if (from.begun) passes.push_back(*from.begun);
    for (const PassRecord& pass : passes) {
        const auto octets = from_hex(pass.bytes);
        if (pass.data == StepData::random_char && octets) secrets[pass.step] = *octets;
    }
    for (std::uint32_t number = 1; number <= plan.steps.size(); ++number) {
        const PlanStep& step = plan.steps[number - 1];
        if (step.data == StepData::random_char && step.of != 0)
            secrets[number] = secrets.at(step.of);
    }
}

void take_progress(const FileJournal::Content& content, const Site& site, InterruptedJob& found) {
    const Plan& plan = found.proposal.plan;
    auto kept = read_secrets(site.places.job(found.job), plan);
    found.from = starting_point(plan, {content.evidence, content.checkpoint}, found.proposal.drive,
                                kept.has_value());
    Resumption& resumption = found.from.done.resumed.back();
    resumption.job = found.job;
    resumption.journal_sha256 = content.sha256;
    found.secrets = kept ? std::move(*kept) : draw_secrets(plan);
    if (!kept) recover_octets(found.from, plan, found.secrets);
    found.agreed = proves_itself(found);
}

} // namespace

// The first lines alone: a journal may be long.
std::string predecessor_of(const std::string& job, const Site& site) {
    std::ifstream file(journal_of(job, site));
    std::string committed;
    std::string carried;
    std::getline(file, committed);
    std::getline(file, carried);
    const auto content = FileJournal::parse(committed + "\n" + carried + "\n");
    if (!content || !content->carried || content->carried->done.resumed.empty()) return {};
    return content->carried->done.resumed.back().job;
}

Result<std::string> successor_of(const std::string& job, const Site& site) {
    auto all = site.log.jobs();
    if (!all) return std::move(all).error();
    bool later = false;
    for (const LoggedJob& each : *all) {
        if (later && predecessor_of(each.intent.job, site) == job) return each.intent.job;
        later = later || each.intent.job == job;
    }
    return std::string{};
}

Result<InterruptedJob> find_interrupted(const std::string& job, const Site& site,
                                        const std::vector<std::string>& overrides) {
    const auto logged = ended_job(job, site);
    if (!logged) return logged.error();
    if (auto status = check_interrupted(*logged); !status) return std::move(status).error();
    const auto content = read_journal(*logged, site);
    if (!content) return content.error();
    auto committed = read_committed(*content, job);
    if (!committed) return refused(job, committed.error().message);
    if (committed->drive.size_bytes == 0)
        return refused(job, "nothing is known of its drive: it ended before it began");
    const auto successor = successor_of(job, site);
    if (!successor) return successor.error();
    if (!successor->empty())
        return refused(job, "it was gone on with as " + *successor)
            .with_hint("quietus status shows what became of that");
    auto drive = same_drive(*committed, content->evidence, site);
    if (!drive) return std::move(drive).error().during(job);
    const auto assets = Assets::of(site.places.state);
    if (!assets) return Error(assets.error()).during(job);
    assets->guard(*drive);
    guard_against(committed->plan, *drive);
    add_overrides(overrides, committed->statements);
    const auto names =
        set_aside(committed->statements, *drive, committed->drive, content->evidence);
    if (auto status = check_guards(*drive, names); !status)
        return std::move(status).error().during(job);
    InterruptedJob found;
    found.job = job;
    found.station = logged->intent.station;
    found.proposal = {std::move(*drive), std::move(committed->plan)};
    found.statements = std::move(committed->statements);
    take_progress(*content, site, found);
    return found;
}

} // namespace quietus
