#include "audit_beside.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/file.hpp"
#include "quietus/record/job_id.hpp"

#include <filesystem>

namespace quietus::audit {
namespace {

constexpr auto proof_suffix = ".tlog-proof";

bool is_there(const std::optional<std::string>& stem, const char* suffix) {
    std::error_code failure;
    return stem && std::filesystem::exists(*stem + suffix, failure);
}

} // namespace

Result<Vouchers> Vouchers::open(const CheckOptions& options,
                                const std::optional<std::string>& log) {
    Vouchers vouchers(options);
    if (!log) return vouchers;
    std::error_code failure;
    if (std::filesystem::is_directory(*log, failure)) {
        vouchers.log_ = DocumentLog::in_directory(*log, options.trust.logs);
        return vouchers;
    }
    auto proof = read_regular_file(*log, log_proof_limit);
    if (!proof) return Error{Fault::usage, "--log: " + proof.error().message};
    vouchers.proof_ = std::move(*proof);
    return vouchers;
}

void Vouchers::check(DocumentReport& report) {
    // Of any other document nothing is known that could be looked for.
    if (!report.trace) return;
    for (CheckFinding& each : check_log(report))
        report.findings.push_back(std::move(each));
    for (CheckFinding& each : check_validation(report))
        report.findings.push_back(std::move(each));
    report.verdict = verdict_of(report.findings, report.type);
}

// A proof beside the document is looked at by whoever has the key of a log.
std::vector<CheckFinding> Vouchers::check_log(const DocumentReport& report) {
    const DocumentTrace& trace = *report.trace;
    const LoggedDocument document{job_id(trace.station, trace.number), report.type, trace,
                                  report.validation ? &*report.validation : nullptr};
    const auto& logs = options_.trust.logs;
    if (log_) return log_->check(document);
    if (proof_) return check_log_proof(*proof_, document, logs);
    const auto stem = document_stem(report.file);
    if (is_there(stem, proof_suffix) && (options_.required.logged || !logs.empty())) {
        const auto proof = read_regular_file(*stem + proof_suffix, log_proof_limit);
        if (proof) return check_log_proof(*proof, document, logs);
        return {{"I_FILE", escaped(proof.error().message)}};
    }
    if (!options_.required.logged) return {};
    return {{"I_NOT_LOGGED", "no --log, and no proof beside the document"}};
}

std::vector<CheckFinding> Vouchers::check_validation(const DocumentReport& report) const {
    if (!options_.required.validated || report.type != DocumentType::certificate) return {};
    if (!report.validation)
        return {{"I_NOT_VALIDATED", "no statement of validation beside the document that holds"}};
    if (report.validation->decision == ValidationDecision::accepted) return {};
    return {{"E_REQUIRED_VALIDATION", "rejected by its validator, where it has to be accepted"}};
}

} // namespace quietus::audit
