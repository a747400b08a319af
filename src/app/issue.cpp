#include "quietus/app/issue.hpp"

#include "quietus/core/file.hpp"
#include "quietus/core/json_fields.hpp"
#include "quietus/core/version.hpp"
#include "quietus/policy/judge.hpp"
#include "quietus/signing/grounds.hpp"
#include "quietus/stream/digest.hpp"

#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>

namespace quietus {
namespace {

Tool this_tool() {
    utsname system{};
    ::uname(&system);
    return {version_text(), commit_text(), openssl_version(), libblkid_version(),
            std::string(system.sysname) + " " + system.release};
}

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

IssuedDocument describe(const ErasureRecord& record, std::string path) {
    const Judgement& judgement = record.judgement;
    return {judgement.verdict, judgement.level, judgement.level_basis, judgement.findings,
            std::move(path)};
}

// A crash between the intent and the first line leaves an intent about which nothing more is known.
// It gets its attempt record all the same: of a drive without a name.
Result<std::unique_ptr<FileJournal>> open_journal(const std::string& job, const Site& site) {
    const std::string directory = site.places.job(job);
    if (::access((directory + "/journal.jsonl").c_str(), F_OK) == 0)
        return FileJournal::reopen(directory);
    auto journal = FileJournal::create(directory);
    if (!journal) return journal;
    if (auto status = (*journal)->append(to_json(nothing_committed(job))); !status)
        return std::move(status).error();
    return journal;
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

Status close_journal(FileJournal& journal, const std::string& job, const Stop& stop, Clock& clock) {
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
    record.evidence.stopped = stop.reason;
    record.evidence.stop_text = stop.text;
    record.judgement = judge(record.drive, record.plan, record.evidence);
    const std::string now = to_rfc3339(clock.utc_seconds());
    record.timing = {now, now, 0};
    return journal.append(Json::object({{"event", "verdict"}, {"record", to_json(record)}}));
}

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
    auto identity = site.signer.identity();
    if (!identity) return std::move(identity).error().during("station key");
    auto testimony = site.log.testimony(job);
    if (!testimony) return std::move(testimony).error();
    const Tool tool = this_tool();
    DocumentSigner signer(site.signer, std::move(*identity),
                          {{}, {}, std::move(*text), tool, std::move(*testimony)});
    const Placement placement = placement_of(logged->intent, *committed, content->sha256);
    auto certificate =
        certify({record, committed->statements, placement, tool}, signer, site.clock);
    if (!certificate) return std::move(certificate).error().during("certify");
    auto path = save_certificate(*certificate, site.places.certificates);
    if (!path) return std::move(path).error().during("certify");
    auto receipt = site.log.append_document(
        {job, std::string(to_text(certificate->type)), sha384_hex(certificate->payload)});
    if (!receipt) return std::move(receipt).error().during("log of the document");
    return describe(record, std::move(*path));
}

Result<IssuedDocument> certify_job(const std::string& job, const Site& site) {
    if (!is_job_id(job)) return Error{Fault::usage, "\"" + escaped(job) + "\" is no job"};
    auto logged = find_job(site.log, job);
    if (!logged) return std::move(logged).error();
    if (logged->document)
        return Error{Fault::refused,
                     job + ": its document has been issued (" + logged->document->type + ")"};
    auto journal = open_journal(job, site);
    if (!journal) return std::move(journal).error().during(job);
    auto content = (*journal)->read();
    if (!content) return std::move(content).error().during(job);
    if (!content->record) {
        auto status = close_journal(
            **journal, job,
            {StopReason::interrupted, "the run ended without a verdict; closed from its journal"},
            site.clock);
        if (!status) return std::move(status).error().during(job);
    }
    // It may be why the document is missing.
    if (auto status = make_directories(site.places.certificates); !status)
        return std::move(status).error().during(job);
    auto issued = issue_document(job, **journal, site);
    if (!issued) return std::move(issued).error().during(job);
    return issued;
}

} // namespace quietus
