#include "quietus/signing/grounds.hpp"

#include "quietus/certificate/check.hpp"
#include "quietus/certificate/destruction.hpp"
#include "quietus/core/bytes.hpp"
#include "quietus/core/clock.hpp"
#include "quietus/core/json_fields.hpp"
#include "quietus/policy/make_plan.hpp"
#include "quietus/register/testimony.hpp"
#include "quietus/stream/digest.hpp"

#include <algorithm>

namespace quietus {
namespace {

/// Between drafting a document and being asked for its signature.
constexpr std::int64_t most_seconds_old = 600;
/// By which a clock may be set back in between.
constexpr std::int64_t clock_step = 60;

Error refused(std::string why) {
    return {Fault::refused, std::move(why)};
}

Status require(bool so, std::string_view otherwise) {
    return so ? Status{} : Status(refused(std::string(otherwise)));
}

bool knows_nothing(const ErasureRecord& record) {
    return record.judgement.verdict != Verdict::erased && record.drive.serial.empty() &&
           record.drive.size_bytes == 0 && record.evidence.passes.empty();
}

std::string hmac_of(const std::string& salt, const Drive& drive) {
    const auto key = from_hex(salt);
    return key ? to_hex(hmac_sha256(*key, as_bytes(logged_serial(drive)))) : std::string{};
}

// What was sent and answered is what the digest on the document is of. A run that ended before it
// had summed up has none, or that of the run which it went on with.
bool is_transcript_of(const FileJournal::Content& content) {
    const Evidence& evidence = content.record->evidence;
    if (!evidence.firmware) return true;
    const std::string& said = evidence.firmware->transcript_sha256;
    if (said == content.transcript_sha256) return true;
    if (evidence.stopped == StopReason::none) return false;
    const bool carried = content.carried && content.carried->done.firmware &&
                         content.carried->done.firmware->transcript_sha256 == said;
    return said.empty() || carried;
}

// The log's entries and the journal tell the same story.
Status check_log(const FileJournal::Content& content, const Committed& committed,
                 const AttestedJob& logged) {
    const ErasureRecord& record = *content.record;
    const Intent& intent = logged.intent;
    auto status = require(content.sha256 == logged.result.journal_sha256,
                          "the journal is not the one whose digest the log holds");
    if (status)
        status = require(record.job == intent.job && committed.job == intent.job,
                         "the journal is of another job");
    if (status)
        status = require(to_text(record.judgement.verdict) == logged.result.verdict,
                         "the verdict is not the one that the log holds");
    if (status)
        status = require(is_transcript_of(content),
                         "the transcript is not the one whose digest the record holds");
    if (!status || knows_nothing(record)) return status;
    status = require(sha256_hex(plan_text(record.plan)) == logged.plan_sha256 &&
                         to_text(record.plan.technique) == logged.technique,
                     "the plan is not the one that the log announced");
    if (status)
        status = require(hmac_of(committed.salt, record.drive) == logged.serial_hmac,
                         "the drive is not the one that the log announced");
    return status;
}

std::string identity_of(const Drive& drive) {
    return to_line(Json::object({{"kind", to_text(drive.kind)},
                                 {"model", drive.model},
                                 {"serial", drive.serial},
                                 {"raw", drive.serial_raw_hex},
                                 {"wwn", drive.wwn},
                                 {"block", to_json(drive.logical_block_bytes)}}));
}

// What was hidden is within reach since a run has lifted it, and stays so.
bool is_as_large(const Committed& earlier, const Drive& now, const Evidence& between) {
    const Drive& then = earlier.drive;
    if (then.size_bytes == now.size_bytes) return true;
    if (!between.firmware)
        return lifts_hidden_areas(earlier.plan) && now.native_size_bytes == now.size_bytes &&
               then.native_size_bytes == now.native_size_bytes;
    if (!between.firmware->hidden.lifted) return false;
    return between.firmware->hidden.lifted->accessible * now.logical_block_bytes == now.size_bytes;
}

// The same drive and the same plan, as the log had announced both before.
Status check_earlier(const FileJournal::Content& earlier, const AttestedJob& logged,
                     const ErasureRecord& record, const AttestedJob& now) {
    const auto committed = read_committed(earlier, logged.intent.job);
    if (!committed) return refused(committed.error().message);
    auto status =
        require(earlier.record.has_value() && earlier.sha256 == logged.result.journal_sha256 &&
                    logged.result.verdict == to_text(Verdict::interrupted),
                "the journal gone on from is not that of an interrupted run");
    if (status)
        status = require(logged.intent.station == now.intent.station &&
                             logged.intent.log_index < now.intent.log_index &&
                             logged.plan_sha256 == now.plan_sha256 &&
                             sha256_hex(plan_text(committed->plan)) == logged.plan_sha256,
                         "the run gone on from had another plan");
    if (status)
        status = require(identity_of(committed->drive) == identity_of(record.drive) &&
                             is_as_large(*committed, record.drive, earlier.evidence) &&
                             hmac_of(committed->salt, committed->drive) == logged.serial_hmac,
                         "the run gone on from was of another drive");
    return status;
}

// What was carried over is what the earlier journal gives, and nothing of it has changed since.
Status check_history(const SigningRequest& request, const FileJournal::Content& content,
                     const AttestedJob& now, const NoteVerifier& log) {
    const ErasureRecord& record = *content.record;
    const StartingPoint carried = content.carried.value_or(StartingPoint{});
    auto status = require(goes_on_from(record.evidence, carried),
                          "the records do not go on from what was carried over");
    if (!status) return status;
    if (!content.carried)
        return require(!request.earlier.has_value(), "the run went on with no other");
    if (!request.earlier || carried.done.resumed.empty())
        return refused("the run that was gone on with is not shown");
    const auto logged = check_testimony(request.earlier->testimony, log);
    if (!logged) return refused(logged.error().message);
    const auto earlier = FileJournal::parse(request.earlier->journal);
    if (!earlier) return refused(earlier.error().message);
    status = check_earlier(*earlier, *logged, record, now);
    if (!status) return status;
    const Resumption& said = carried.done.resumed.back();
    auto from = starting_point(record.plan, {earlier->evidence, earlier->checkpoint}, record.drive,
                               !said.key_lost);
    Resumption& found = from.done.resumed.back();
    found.job = logged->intent.job;
    found.journal_sha256 = earlier->sha256;
    found.resumed_at = said.resumed_at;
    return require(to_json(from) == to_json(carried),
                   "what was carried over is not what the earlier journal gives");
}

Status check_semantically(const SigningRequest& request) {
    for (const CheckFinding& finding : check_semantics(request.payload, request.type))
        if (!finding.code.starts_with("W_"))
            return refused("the auditor would refuse it: " + finding.code + ": " + finding.text);
    return {};
}

Result<std::int64_t> time_of_issue(const SigningRequest& request, std::int64_t now) {
    const auto payload = parse_json(request.payload);
    if (!payload) return payload.error();
    auto at = from_rfc3339(payload->text_of("issued_at"));
    if (at && (*at > now + clock_step || now - *at > most_seconds_old))
        return refused("issued_at: not the time of now");
    return at;
}

// What persons state is theirs to sign. The station signs that it gave this statement its number,
// and that its log announced it.
Status check_destruction_grounds(const SigningRequest& request, const AskedSigner& signer) {
    if (auto status = check_semantically(request); !status) return status;
    if (const auto at = time_of_issue(request, signer.now); !at) return at.error();
    const auto stated = read_destruction(request.payload);
    if (!stated) return refused(stated.error().message);
    const auto logged = check_intent(request.testimony.intent, signer.log);
    if (!logged) return refused(logged.error().message);
    const Intent& intent = logged->intent;
    auto status = require(logged->technique == stated_destruction,
                          "the log announced no statement of destruction");
    if (status)
        status = require(stated->id == intent.job && stated->sequence == intent.sequence &&
                             stated->station == intent.station &&
                             stated->previous_sha384 == intent.previous_sha384 &&
                             stated->intent_index == intent.log_index,
                         "the statement is not the one that the log gave this number");
    if (status)
        status =
            require(intent.station == signer.identity.name, "the statement is of another station");
    if (status)
        status = require(stated->content_sha256 == logged->plan_sha256,
                         "the statement is not the one that the log announced");
    if (status)
        status = require(hmac_of(stated->salt, stated->drive) == logged->serial_hmac,
                         "the drive is not the one that the log announced");
    const RequiredSigner self{Role::station, signer.identity.certificate_sha256};
    if (status)
        status = require(std::ranges::find(stated->signers, self) != stated->signers.end(),
                         "the statement does not name this station among its signers");
    return status;
}

} // namespace

Result<Committed> read_committed(const FileJournal::Content& content, const std::string& job) {
    if (!content.committed) return Error{Fault::invalid, "the journal has no first line"};
    auto committed = from_json<Committed>(*content.committed);
    if (!committed) return std::move(committed).error().during("journal line 1");
    if (committed->job != job) return Error{Fault::invalid, "the journal is of another job"};
    return committed;
}

Committed nothing_committed(const std::string& job, Provenance provenance) {
    Committed unknown{"committed", job, std::string(64, '0'), {}, {}, {}}; // the salt is lost
    unknown.drive.node = "unknown";
    unknown.drive.provenance = provenance;
    return unknown;
}

std::string logged_serial(const Drive& drive) {
    return drive.serial.empty() ? drive.node : drive.serial;
}

Status check_grounds(const SigningRequest& request, const AskedSigner& signer) {
    if (request.type == DocumentType::destruction)
        return signer.identity.role == Role::station
                   ? check_destruction_grounds(request, signer)
                   : Status(refused("a rehearsal states no destruction"));
    // Whether it may be a rehearsal is for draft_document to say.
    if (request.type != DocumentType::certificate && request.type != DocumentType::attempt &&
        request.type != DocumentType::rehearsal)
        return refused("a " + std::string(to_text(request.type)) + " is not signed here");
    if (auto status = check_semantically(request); !status) return status;
    const auto issued_at = time_of_issue(request, signer.now);
    if (!issued_at) return issued_at.error();
    const auto logged = check_testimony(request.testimony, signer.log);
    if (!logged) return refused(logged.error().message);
    if (logged->intent.station != signer.identity.name)
        return refused("the job is of station " + escaped(logged->intent.station));
    const auto content = FileJournal::parse(request.journal);
    if (!content) return refused(content.error().message);
    if (!content->record) return refused("the journal has no verdict");
    const auto committed = read_committed(*content, logged->intent.job);
    if (!committed) return refused(committed.error().message);
    if (auto status = check_log(*content, *committed, *logged); !status) return status;
    if (auto status = check_history(request, *content, *logged, signer.log); !status) return status;
    const Intent& intent = logged->intent;
    const Placement placement{intent.station,   intent.sequence, intent.previous_sha384,
                              intent.log_index, committed->salt, content->sha256};
    const auto draft =
        draft_document({*content->record, committed->statements, placement, request.tool},
                       signer.identity, *issued_at);
    if (!draft) return refused(draft.error().message);
    return require(draft->type == request.type && draft->payload == request.payload,
                   "the payload is not what the journal gives");
}

} // namespace quietus
