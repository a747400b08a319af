#include "quietus/app/issue.hpp"

#include "saved_document.hpp"
#include "this_tool.hpp"

#include "quietus/app/orders.hpp"
#include "quietus/app/policies.hpp"

#include "quietus/core/file.hpp"
#include "quietus/core/json_fields.hpp"
#include "quietus/job/step_secrets.hpp"
#include "quietus/policy/judge.hpp"
#include "quietus/signing/grounds.hpp"
#include "quietus/stream/digest.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <optional>

namespace quietus {
namespace {

Result<LoggedJob> find_job(Register& log, const std::string& id) {
    auto found = log.find(id);
    if (!found) return std::move(found).error();
    if (!*found) return Error{Fault::usage, escaped(id) + ": no such job in the log"};
    return std::move(**found);
}

// The log says once and for all how a job ended; a journal changed since then is not its journal.
Status log_result(Register& log, const LoggedJob& logged, const ResultFacts& facts) {
    if (!logged.result) {
        auto receipt = log.append_result(facts);
        return receipt ? Status{} : Status(std::move(receipt).error());
    }
    if (logged.result->journal_sha256 == facts.journal_sha256) return {};
    return Error{Fault::invalid, "the journal is not the one whose digest the log holds"};
}

Placement placement_of(const Intent& intent, const Committed& committed,
                       const std::string& journal_sha256) {
    return {intent.station,   intent.sequence, intent.previous_sha384,
            intent.log_index, committed.salt,  journal_sha256};
}

std::string journal_of(const std::string& job, const Site& site) {
    return site.places.job(job) + "/journal.jsonl";
}

// What the document says, which is less than the record claims when its evidence contradicts it.
IssuedDocument describe(const ErasureRecord& record, SavedDocument document) {
    const Judgement& judgement = record.judgement;
    const auto payload = parse_json(document.payload);
    const auto said = payload ? from_text<Verdict>(payload->text_of("verdict")) : std::nullopt;
    if (said == judgement.verdict)
        return {judgement.verdict,  judgement.level,          judgement.level_basis,
                judgement.findings, std::move(document.path), document.type};
    IssuedDocument issued{Verdict::indeterminate,   Level::none,
                          judgement.level_basis,    judgement.findings,
                          std::move(document.path), document.type};
    issued.findings.push_back({"inconsistent-evidence",
                               "the document says less than the record claims", std::nullopt,
                               std::nullopt});
    return issued;
}

// A crash between the intent and the first line leaves an intent about which nothing more is known.
// It gets its attempt record all the same: of a drive without a name.
Result<std::unique_ptr<FileJournal>> begun(std::unique_ptr<FileJournal> journal, const Json& line) {
    if (auto status = journal->append(line); !status) return std::move(status).error();
    return journal;
}

Result<std::unique_ptr<FileJournal>> new_journal(const std::string& job, const Json& line,
                                                 const Site& site) {
    auto journal = FileJournal::create(site.places.job(job));
    return journal ? begun(std::move(*journal), line) : std::move(journal);
}

Result<std::unique_ptr<FileJournal>> open_journal(const LoggedJob& logged, const Site& site) {
    const std::string& job = logged.intent.job;
    const Json nothing = to_json(nothing_committed(job, site.places.provenance));
    if (::access(journal_of(job, site).c_str(), F_OK) == 0) {
        auto journal = FileJournal::reopen(site.places.job(job));
        const auto text = journal ? (*journal)->text() : Result<std::string>(journal.error());
        return text && text->empty() ? begun(std::move(*journal), nothing) : std::move(journal);
    }
    if (logged.result) return Error{Fault::invalid, journal_of(job, site) + ": missing"};
    return new_journal(job, nothing, site);
}

// What was committed, if that much can still be read.
Json first_line_of(const FileJournal& journal, const std::string& job, Provenance provenance) {
    const auto text = journal.text();
    const auto line = text ? FileJournal::parse(text->substr(0, text->find('\n') + 1))
                           : Result<FileJournal::Content>(text.error());
    const auto committed = line ? read_committed(*line, job) : Result<Committed>(line.error());
    return to_json(committed ? *committed : nothing_committed(job, provenance));
}

// A journal that cannot be read any more proves nothing. It is kept beside the new one, and the job
// ends indeterminate. Not so once the log has its digest: then only the right one will do.
Result<std::unique_ptr<FileJournal>> start_over(const FileJournal& damaged, const std::string& job,
                                                const Site& site) {
    const std::string path = journal_of(job, site);
    const Json first_line = first_line_of(damaged, job, site.places.provenance);
    std::string aside = path + ".damaged";
    for (int number = 2; ::access(aside.c_str(), F_OK) == 0; ++number)
        aside = path + ".damaged." + std::to_string(number);
    if (::rename(path.c_str(), aside.c_str()) != 0) return system_error(Fault::evidence, path);
    return new_journal(job, first_line, site);
}

/// The station's key for one document: it is shown why it may sign.
class DocumentSigner final : public Signer {
  public:
    DocumentSigner(StationSigner& signer, SignerIdentity identity, SigningRequest grounds)
        : signer_(signer), identity_(std::move(identity)), request_(std::move(grounds)) {}
    [[nodiscard]] const SignerIdentity& identity() const override { return identity_; }
    [[nodiscard]] Result<Bytes> sign(std::string_view payload, DocumentType type) override {
        request_.payload = payload;
        request_.type = type;
        return signer_.sign(request_);
    }

  private:
    StationSigner& signer_;
    SignerIdentity identity_;
    SigningRequest request_;
};

bool is_job_id(std::string_view text) {
    return !text.empty() && text.size() < 64 && std::ranges::all_of(text, [](char each) {
        return (each >= 'A' && each <= 'Z') || (each >= '0' && each <= '9') || each == '-';
    });
}

} // namespace

Json committed_line(const CommittedPlan& order, const Statements& statements) {
    return to_json(
        Committed{"committed", order.job(), order.salt(), order.drive(), order.plan(), statements});
}

namespace {

// Without evidence that can be read nothing follows, not even that the run was interrupted.
void disown(Judgement& judgement) {
    judgement.verdict = Verdict::indeterminate;
    judgement.level = Level::none;
}

// Of a pass that never ended its last checkpoint is what is known.
void add_checkpoint(const std::optional<PassRecord>& checkpoint, Evidence& evidence) {
    if (!checkpoint || checkpoint->written.empty()) return;
    if (!evidence.passes.empty() && evidence.passes.back().step >= checkpoint->step) return;
    evidence.passes.push_back(*checkpoint);
}

Status close(FileJournal& journal, const std::string& job, const Stop& stop,
             const std::function<void(ErasureRecord&)>& finish) {
    auto content = journal.read();
    if (!content) return std::move(content).error();
    auto committed = read_committed(*content, job);
    if (!committed) return std::move(committed).error();
    ErasureRecord record{job,
                         std::move(committed->drive),
                         std::move(committed->plan),
                         std::move(content->evidence),
                         {},
                         {}};
    add_checkpoint(content->checkpoint, record.evidence);
    record.evidence.stopped = stop.reason;
    record.evidence.stop_text = stop.text;
    record.judgement = judge(record.drive, record.plan, record.evidence);
    finish(record);
    return journal.append(verdict_line(record));
}

Timing moment(Clock& clock) {
    const std::string now = to_rfc3339(clock.utc_seconds());
    return {now, now, 0};
}

// The journal of a job that has no document, brought to its verdict line.
Result<std::unique_ptr<FileJournal>> finished_journal(const LoggedJob& logged, const Site& site) {
    const std::string& job = logged.intent.job;
    auto journal = open_journal(logged, site);
    if (!journal) return journal;
    const auto content = (*journal)->read();
    const auto committed = content ? read_committed(*content, job) : Error(content.error());
    if (content && content->record) return journal;
    if (logged.result)
        return Error{Fault::invalid, "the journal is not the one whose digest the log holds"};
    if (committed) {
        auto status = close_journal(
            **journal, job,
            {StopReason::interrupted, "the run ended without a verdict; closed from its journal"},
            site.clock);
        return status ? std::move(journal) : std::move(status).error();
    }
    auto again = start_over(**journal, job, site);
    if (!again) return again;
    const Stop stop{StopReason::io,
                    "the journal is damaged and was set aside: " + committed.error().message};
    auto status = close(**again, job, stop, [&](ErasureRecord& record) {
        record.timing = moment(site.clock);
        disown(record.judgement);
    });
    return status ? std::move(again) : std::move(status).error();
}

// The document that is there already, or a new one.
Result<SavedDocument> make_document(const DocumentRequest& request, Signer& signer,
                                    const Site& site) {
    const std::string& directory = site.places.certificates;
    auto saved = find_saved(
        {request.record.job, request.placement.journal_sha256, signer.identity(), directory});
    if (!saved) return std::move(saved).error();
    if (*saved) return std::move(**saved);
    auto certificate = certify(request, signer, site.clock);
    if (!certificate) return std::move(certificate).error();
    auto path = save_certificate(*certificate, directory);
    if (!path) return std::move(path).error();
    return SavedDocument{certificate->type, std::move(*path), std::move(certificate->payload)};
}

} // namespace

Status close_journal(FileJournal& journal, const std::string& job, const Stop& stop, Clock& clock) {
    return close(journal, job, stop, [&](ErasureRecord& record) { record.timing = moment(clock); });
}

Result<AppendFile> lock_jobs(const Places& places) {
    if (auto status = make_directories(places.state); !status) return std::move(status).error();
    return AppendFile::open(places.state + "/jobs.lock", Contention::wait);
}

namespace {

// What the signer is shown of the run that this one goes on with.
Result<std::optional<EarlierRun>> earlier_run(const FileJournal::Content& content,
                                              const Site& site) {
    if (!content.carried || content.carried->done.resumed.empty())
        return std::optional<EarlierRun>{};
    const std::string& job = content.carried->done.resumed.back().job;
    auto journal = read_regular_file(journal_of(job, site), journal_limit);
    if (!journal) return std::move(journal).error();
    auto testimony = site.log.testimony(job);
    if (!testimony) return std::move(testimony).error();
    return std::optional(EarlierRun{std::move(*journal), std::move(*testimony)});
}

} // namespace

Result<IssuedDocument> issue_document(const std::string& job, const FileJournal& journal,
                                      const Site& site) {
    auto text = journal.text();
    if (!text) return std::move(text).error();
    auto content = FileJournal::parse(*text);
    if (!content) return std::move(content).error();
    if (!content->record) return Error{Fault::invalid, "the journal has no verdict"};
    auto committed = read_committed(*content, job);
    if (!committed) return std::move(committed).error();
    auto logged = find_job(site.log, job);
    if (!logged) return std::move(logged).error();
    const ErasureRecord& record = *content->record;
    const std::string verdict(to_text(record.judgement.verdict));
    if (auto status = log_result(site.log, *logged, {job, verdict, content->sha256}); !status)
        return std::move(status).error().during("result");
    // One that was interrupted may yet be gone on with.
    if (record.judgement.verdict != Verdict::interrupted) remove_secrets(site.places.job(job));
    auto identity = site.signer.identity();
    if (!identity) return std::move(identity).error().during("station key");
    auto testimony = site.log.testimony(job);
    if (!testimony) return std::move(testimony).error();
    auto earlier = earlier_run(*content, site);
    if (!earlier) return std::move(earlier).error().during("the interrupted run");
    const Tool tool = this_tool();
    DocumentSigner signer(
        site.signer, std::move(*identity),
        {{}, {}, std::move(*text), tool, std::move(*testimony), std::move(*earlier)});
    const Placement placement = placement_of(logged->intent, *committed, content->sha256);
    if (auto status =
            save_profiles_beside(record.plan, site.places.state, site.places.certificates);
        !status)
        return std::move(status).error().during("certify");
    if (auto status =
            save_order_beside(committed->statements, site.places.state, site.places.certificates);
        !status)
        return std::move(status).error().during("certify");
    auto document = make_document({record, committed->statements, placement, tool}, signer, site);
    if (!document) return std::move(document).error().during("certify");
    auto receipt = site.log.append_document(
        {job, std::string(to_text(document->type)), sha384_hex(document->payload)});
    if (!receipt) return std::move(receipt).error().during("log of the document");
    return describe(record, std::move(*document));
}

namespace {

// The statement that a crash left without its entry; nothing when none was saved whole. Persons
// state once what they did: it is not made again from what is left.
Result<std::optional<IssuedDocument>> log_statement(const LoggedJob& logged, const Site& site) {
    auto identity = site.signer.identity();
    if (!identity) return std::move(identity).error().during("station key");
    const std::string no_journal;
    auto saved =
        find_saved_statement({logged.intent.job, no_journal, *identity, site.places.certificates});
    if (!saved) return std::move(saved).error();
    if (!*saved) return std::optional<IssuedDocument>{};
    auto receipt = site.log.append_document(
        {logged.intent.job, std::string(to_text((*saved)->type)), sha384_hex((*saved)->payload)});
    if (!receipt) return std::move(receipt).error().during("log of the statement");
    return std::optional(IssuedDocument{Verdict::indeterminate,
                                        Level::none,
                                        LevelBasis::host_read_back,
                                        {},
                                        (*saved)->path,
                                        (*saved)->type});
}

} // namespace

Result<IssuedDocument> certify_job(const std::string& job, const Site& site) {
    if (!is_job_id(job)) return Error{Fault::usage, "\"" + escaped(job) + "\" is no job"};
    auto gate = lock_jobs(site.places);
    if (!gate) return std::move(gate).error().during(job);
    auto logged = find_job(site.log, job);
    if (!logged) return std::move(logged).error();
    if (logged->document)
        return Error{Fault::refused,
                     job + ": its document has been issued (" + logged->document->type + ")"};
    if (logged->intent.technique == stated_destruction && !logged->result) {
        auto statement = log_statement(*logged, site);
        if (!statement) return std::move(statement).error().during(job);
        if (*statement) return std::move(**statement);
    }
    auto journal = finished_journal(*logged, site);
    if (!journal) return std::move(journal).error().during(job);
    { const auto begun = std::move(*gate); } // the journal is locked now
    // It may be why the document is missing.
    if (auto status = make_directories(site.places.certificates); !status)
        return std::move(status).error().during(job);
    auto issued = issue_document(job, **journal, site);
    if (!issued) return std::move(issued).error().during(job);
    return issued;
}

} // namespace quietus
