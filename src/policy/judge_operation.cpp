#include "judge_operation.hpp"

#include "lifted_areas.hpp"

#include "quietus/policy/firmware_expectation.hpp"

#include <array>
#include <utility>

namespace quietus {
namespace {

/// The kinds of record that a drive's own operation leaves, one each.
enum class RecordKind : std::uint8_t { sanitize, security, scsi, nvme_sanitize, nvme_format };

RecordKind kind_of(Technique method) {
    switch (language_of(method)) {
    case CommandLanguage::none:
    case CommandLanguage::ata:
        break;
    case CommandLanguage::scsi:
        return RecordKind::scsi;
    case CommandLanguage::nvme:
        return is_nvme_format(method) ? RecordKind::nvme_format : RecordKind::nvme_sanitize;
    }
    return is_sanitize(method) ? RecordKind::sanitize : RecordKind::security;
}

std::vector<RecordKind> kinds_in(const FirmwareEvidence& evidence) {
    const std::array there{evidence.sanitize.has_value(), evidence.security.has_value(),
                           !evidence.scsi.empty(), evidence.nvme_sanitize.has_value(),
                           evidence.nvme_format.has_value()};
    std::vector<RecordKind> kinds;
    for (std::size_t index = 0; index < there.size(); ++index)
        if (there[index]) kinds.push_back(static_cast<RecordKind>(index));
    return kinds;
}

bool judge_language(const FirmwareEvidence& evidence, OperationRulings& rulings) {
    switch (language_of(evidence.method)) {
    case CommandLanguage::none:
        break;
    case CommandLanguage::ata:
        return judge_ata_operation(evidence, rulings);
    case CommandLanguage::scsi:
        return judge_scsi_operation(evidence, rulings);
    case CommandLanguage::nvme:
        return judge_nvme_operation(evidence, rulings);
    }
    rulings.rule(Verdict::failed, "inconsistent-evidence", "nothing that a drive does by itself");
    return false;
}

std::string text_or(const std::string& text, const char* otherwise) {
    return text.empty() ? otherwise : text;
}

} // namespace

void OperationRulings::rule(Verdict verdict, std::string_view code, std::string text) {
    rulings_.push_back({verdict, std::string(code), std::move(text)});
}

// Once something was written a drive is not what it was, whatever has refused to go on.
void OperationRulings::refuse(std::string_view code, const std::string& text,
                              const char* otherwise) {
    const bool written = evidence_.probe || evidence_.canaries;
    rule(written ? Verdict::failed : Verdict::refused, code, text_or(text, otherwise));
}

bool OperationRulings::succeeded(FirmwareOutcome outcome, const std::string& text) {
    switch (outcome) {
    case FirmwareOutcome::succeeded:
        return true;
    case FirmwareOutcome::not_started:
    case FirmwareOutcome::refused:
        refuse("firmware-refused", text, "nothing was begun");
        return false;
    case FirmwareOutcome::under_way:
        rule(Verdict::interrupted, "firmware-under-way",
             text_or(text, "the drive goes on without us"));
        return false;
    case FirmwareOutcome::failed:
        rule(Verdict::failed, "firmware-failed", text_or(text, "the drive says so"));
        return false;
    case FirmwareOutcome::indeterminate:
        break;
    }
    rule(Verdict::indeterminate, "firmware-indeterminate",
         text_or(text, "nobody knows how it ended"));
    return false;
}

bool judge_operation(const FirmwareEvidence& evidence, OperationRulings& rulings) {
    const auto kinds = kinds_in(evidence);
    const RecordKind asked = kind_of(evidence.method);
    if (kinds.size() > 1 || (kinds.size() == 1 && kinds.front() != asked)) {
        rulings.rule(Verdict::failed, "inconsistent-evidence",
                     "an operation that was not asked for");
        return false;
    }
    const bool ata = language_of(evidence.method) == CommandLanguage::ata;
    if (evidence.pass_through && !ata)
        rulings.rule(Verdict::failed, "inconsistent-evidence", "a test of another language's way");
    if (ata && (!evidence.pass_through || !evidence.pass_through->trusted))
        return judge_language(evidence, rulings);
    if (!kinds.empty()) return judge_language(evidence, rulings);
    const bool off = evidence.hidden.state == HiddenState::power_cycle_needed;
    rulings.refuse(off ? obstacle_code(evidence.hidden.state) : "firmware-refused",
                   evidence.stop_text, "nothing was begun");
    return false;
}

} // namespace quietus
