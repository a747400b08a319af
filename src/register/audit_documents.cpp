#include "audit_documents.hpp"

#include "quietus/certificate/certificate.hpp"
#include "quietus/certificate/check.hpp"
#include "quietus/certificate/stated.hpp"
#include "quietus/core/bytes.hpp"
#include "quietus/core/file.hpp"
#include "quietus/core/json.hpp"
#include "quietus/stream/digest.hpp"

#include <array>
#include <filesystem>

namespace quietus {
namespace {

std::string payload_end(DocumentType type) {
    return std::string(suffix_of(type)) + ".json";
}

// The code that first broke it says more than that it is broken.
std::string first_code(const DocumentReport& report) {
    return report.findings.empty() ? "" : ": " + report.findings.front().code;
}

} // namespace

std::string DocumentFolder::file_of(const DocumentEntry& entry) const {
    return *directory_ + "/" + entry.job + payload_end(entry.document);
}

std::optional<Resumption> DocumentFolder::gone_on_from(const DocumentEntry& entry) const {
    if (!directory_ || entry.job.find('/') != entry.job.npos) return std::nullopt;
    const auto payload = read_regular_file(file_of(entry), payload_limit);
    // Few have it, and reading them all once more would take long.
    if (!payload || payload->find("\"resumed\":") == std::string::npos) return std::nullopt;
    const auto stated = read_stated(*payload);
    if (!stated || stated->evidence.resumed.empty()) return std::nullopt;
    return stated->evidence.resumed.back();
}

std::optional<CheckFinding> DocumentFolder::check(const DocumentEntry& entry) const {
    if (!directory_) return std::nullopt;
    const bool certificate = entry.document == DocumentType::certificate;
    // The name comes out of the log, which nobody has vouched for yet.
    if (entry.job.find('/') != entry.job.npos) return std::nullopt;
    const std::string file = file_of(entry);
    const auto payload = read_regular_file(file, payload_limit);
    if (!payload)
        return CheckFinding{"I_REGISTER_DOCUMENT_MISSING", escaped(payload.error().message)};
    if (sha384_hex(*payload) != entry.payload_sha384)
        return CheckFinding{"E_REGISTER_DOCUMENT_CHANGED",
                            escaped(file) + ": not the payload whose digest the log has"};
    const DocumentReport report = check_file(file, anchors_, profiles_);
    // One that was rejected is as good a document as it was.
    const bool rejected =
        report.validation && report.validation->decision == ValidationDecision::rejected;
    const auto good =
        certificate && !rejected ? DocumentVerdict::valid : DocumentVerdict::not_an_erasure;
    if (report.verdict == good) return std::nullopt;
    const bool undecided = report.verdict == DocumentVerdict::indeterminate;
    return CheckFinding{undecided ? "I_REGISTER_DOCUMENT_UNDECIDED" : "E_REGISTER_DOCUMENT_INVALID",
                        escaped(file) + first_code(report)};
}

std::optional<CheckFinding> DocumentFolder::check(const StatementEntry& entry) {
    if (directory_) statements_.insert(entry.statement_sha384);
    const bool of_this_station = entry.document.starts_with("QTS-" + entry.head.station + "-");
    if (!directory_ || !of_this_station || entry.document.find('/') != entry.document.npos)
        return std::nullopt;
    const std::string file = *directory_ + "/" + entry.document +
                             std::string(suffix_of(DocumentType::certificate)) +
                             std::string(validation_payload_suffix);
    const auto payload = read_regular_file(file, payload_limit);
    if (!payload)
        return CheckFinding{"I_REGISTER_DOCUMENT_MISSING", escaped(payload.error().message)};
    if (sha384_hex(*payload) != entry.statement_sha384)
        return CheckFinding{"E_REGISTER_DOCUMENT_CHANGED",
                            escaped(file) + ": not the statement whose digest the log has"};
    return std::nullopt;
}

bool DocumentFolder::is_unlogged_statement(const std::string& name, const LogState& state) const {
    const std::string ending =
        std::string(suffix_of(DocumentType::certificate)) + std::string(validation_payload_suffix);
    if (!name.ends_with(ending)) return false;
    const auto payload = read_regular_file(*directory_ + "/" + name, payload_limit);
    if (!payload || statements_.contains(sha384_hex(*payload))) return false;
    // Whoever has no log here may have been told of it elsewhere.
    const auto stated = parse_json(*payload);
    return !stated || !state.latest_document(std::string(stated->text_of("station"))).empty();
}

void DocumentFolder::check_unlogged(const LogState& state,
                                    const std::function<void(CheckFinding)>& find) const {
    if (!directory_)
        return find({"I_REGISTER_NO_DOCUMENTS", "documents were not looked at: no --documents"});
    const std::array endings{
        payload_end(DocumentType::certificate), payload_end(DocumentType::attempt),
        payload_end(DocumentType::rehearsal), payload_end(DocumentType::destruction)};
    std::error_code failure;
    for (std::filesystem::directory_iterator each(*directory_, failure), end;
         !failure && each != end; each.increment(failure)) {
        const std::string name = each->path().filename();
        for (const std::string& ending : endings)
            if (name.ends_with(ending) &&
                !state.is_closed(name.substr(0, name.size() - ending.size())))
                find({"E_REGISTER_DOCUMENT_UNLOGGED", escaped(name) + ": not in the log"});
        if (is_unlogged_statement(name, state))
            find({"E_REGISTER_DOCUMENT_UNLOGGED",
                  escaped(name) + ": a statement of validation that is not in the log"});
    }
    if (failure) find({"I_REGISTER_NO_DOCUMENTS", escaped(*directory_) + ": " + failure.message()});
}

} // namespace quietus
