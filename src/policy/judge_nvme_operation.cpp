#include "judge_operation.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/policy/firmware_expectation.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace quietus {
namespace {

// Dword 10 of Sanitize (NVM Express Base 2.1, figure 372). Whether all is deallocated, and whether
// the medium can be read before, is not asked for: it follows from what the drive has.
constexpr std::uint32_t no_deallocate = 1U << 9U;
constexpr std::uint32_t verification = 1U << 10U;

std::uint32_t asked_of(const FirmwareEvidence& evidence) {
    constexpr std::uint32_t block_erase = 2;
    constexpr std::uint32_t overwrite = 3;
    constexpr std::uint32_t crypto_erase = 4;
    const FirmwareOptions& options = evidence.options;
    const std::uint32_t restricted = options.may_leave_failed ? 1U << 3U : 0;
    if (evidence.method == Technique::nvme_sanitize_crypto_erase) return crypto_erase | restricted;
    if (evidence.method == Technique::nvme_sanitize_block_erase) return block_erase | restricted;
    return overwrite | restricted | (options.passes & 0x0FU) << 4U |
           (options.invert_between ? 1U << 8U : 0);
}

bool is_what_was_asked(const FirmwareEvidence& evidence, const NvmeSanitizeRecord& record) {
    const bool overwrites = evidence.method == Technique::nvme_sanitize_overwrite;
    const bool kept = (record.command & no_deallocate) != 0;
    const bool verifies = (record.command & verification) != 0;
    return (record.command & ~(no_deallocate | verification)) == asked_of(evidence) &&
           record.pattern == (overwrites ? evidence.options.pattern : 0) &&
           !(verifies && (kept || overwrites));
}

/// Of the Sanitize Status log (figure 291) as it came.
struct Told {
    unsigned state = 0;        ///< SOS
    bool data_erased = false;  ///< GDE
    std::uint32_t command = 0; ///< SCDW10
};

std::optional<Told> read_told(const std::string& log) {
    auto page = from_hex(log);
    if (!page) return std::nullopt;
    page->resize(std::max<std::size_t>(page->size(), 8)); // zeros at its end are left out
    const Bytes& octets = *page;
    Told told;
    told.state = octets[2] & 7U;
    told.data_erased = (octets[3] & 1U) != 0;
    for (std::size_t at = 8; at-- > 4;)
        told.command = told.command << 8U | octets[at];
    return told;
}

constexpr unsigned state_sanitized = 1;
constexpr unsigned state_unexpected = 4;

// The log tells of the last operation for ever: a success that was there before is proof of
// nothing. A new key may be made within the command itself, and then what shows it is that the
// canaries have gone.
bool was_seen_to_run(const FirmwareEvidence& evidence, const NvmeSanitizeRecord& record) {
    if (record.seen_in_progress) return true;
    const bool crypto = evidence.method == Technique::nvme_sanitize_crypto_erase;
    if (record.accepted && crypto) return true;
    const auto before = read_told(record.log_before);
    const bool same = before && before->command == record.command &&
                      (before->state == state_sanitized || before->state == state_unexpected);
    return before && !same;
}

// What was drawn from the log, against the log as it came.
bool bears_out(const NvmeSanitizeRecord& record) {
    const auto told = read_told(record.log_after);
    if (!told || !told->data_erased || told->command != record.command) return false;
    const bool well = record.after == NvmeSanitizeState::sanitized;
    const bool deallocated = record.after == NvmeSanitizeState::unexpected_deallocate;
    return (well && told->state == state_sanitized) ||
           (deallocated && told->state == state_unexpected);
}

bool has_left_every_state(const NvmeSanitizeRecord& record) {
    const bool idle = record.stage == NvmeSanitizeStage::idle ||
                      record.stage == NvmeSanitizeStage::unknown; // it does not tell
    return idle && record.verification != MediaVerification::entered;
}

bool judge_sanitize(const FirmwareEvidence& evidence, const NvmeSanitizeRecord& record,
                    OperationRulings& rulings) {
    if (!rulings.succeeded(record.outcome, record.text)) return false;
    if (!is_what_was_asked(evidence, record))
        rulings.rule(Verdict::failed, "inconsistent-evidence",
                     "the command is not what was asked for");
    if (!record.echoed || !record.data_erased || !bears_out(record) ||
        !has_left_every_state(record))
        rulings.rule(Verdict::failed, "inconsistent-evidence",
                     "success that the drive's own log does not tell of");
    if (!was_seen_to_run(evidence, record))
        rulings.rule(Verdict::indeterminate, "no-transition",
                     "the drive was not seen to be at work, and the same success was in its log "
                     "before");
    if (record.went_backwards)
        rulings.rule(Verdict::indeterminate, "progress-backwards",
                     "the drive's own progress went backwards");
    return true;
}

// Which namespaces a command reaches is the drive's affair: FNA bit 1 says that one with erasure
// reaches all of them.
bool reaches_all(const NvmeFormatRecord& record) {
    constexpr std::uint32_t erases_all = 1U << 1U;
    constexpr std::uint32_t all_namespaces = 0xFFFFFFFF;
    if ((record.attributes & erases_all) != 0)
        return record.commands.size() == 1 && !record.namespaces.empty() &&
               (record.commands.front().nsid == all_namespaces ||
                record.commands.front().nsid == record.namespaces.front());
    return std::ranges::equal(record.commands, record.namespaces, {}, &FormatCommandRecord::nsid);
}

bool is_sound(const FirmwareEvidence& evidence, const NvmeFormatRecord& record) {
    const bool crypto = evidence.method == Technique::nvme_format_crypto_erase;
    const auto erases = [&](const FormatCommandRecord& each) {
        return each.succeeded && (each.command >> 9U & 7U) == (crypto ? 2U : 1U);
    };
    const bool same_scope = evidence.scope_before &&
                            std::ranges::equal(record.namespaces, evidence.scope_before->namespaces,
                                               {}, {}, &NvmeNamespaceRecord::nsid);
    return (record.erase == FormatErase::crypto) == crypto && !record.end_unseen && same_scope &&
           reaches_all(record) && std::ranges::all_of(record.commands, erases);
}

bool judge_format(const FirmwareEvidence& evidence, const NvmeFormatRecord& record,
                  OperationRulings& rulings) {
    if (!rulings.succeeded(record.outcome, record.text)) return false;
    if (!is_sound(evidence, record))
        rulings.rule(Verdict::failed, "inconsistent-evidence",
                     "an erasure that no engine records so");
    if (!record.formats_kept)
        rulings.rule(Verdict::indeterminate, "drive-changed",
                     "its namespaces are not formatted as they were");
    return true;
}

// All of them one behind the other are what was read back.
bool is_what_was_reached(const NvmeScopeRecord& scope, const FirmwareEvidence& evidence) {
    const auto whole = joined(scope);
    const auto& identity = evidence.identity_before;
    return whole && identity && whole->blocks == identity->sectors &&
           whole->block_bytes == identity->logical_bytes;
}

// What is not accounted for the judge finds in what was hidden, where it stands as well.
void judge_scope(const FirmwareEvidence& evidence, OperationRulings& rulings) {
    if (!evidence.scope_before || !evidence.scope_after) {
        rulings.rule(Verdict::indeterminate, "missing-record",
                     "the drive was not asked which namespaces it has");
        return;
    }
    const NvmeScopeRecord& before = *evidence.scope_before;
    const NvmeScopeRecord& after = *evidence.scope_after;
    for (const NvmeScopeRecord* scope : {&before, &after}) {
        if (!scope->complete || !scope->accounted)
            rulings.rule(Verdict::indeterminate, "native-capacity-unknown",
                         "its namespaces do not make up what it says that it has");
        for (const NvmeNamespaceRecord& each : scope->namespaces)
            if (!each.attached)
                rulings.rule(Verdict::indeterminate, "hidden-area",
                             "namespace " + std::to_string(each.nsid) + " was out of reach");
    }
    if (!is_what_was_reached(before, evidence))
        rulings.rule(Verdict::failed, "inconsistent-evidence",
                     "its namespaces are not what was read back");
    if (before.namespaces != after.namespaces)
        rulings.rule(Verdict::indeterminate, "drive-changed",
                     "it has other namespaces afterwards than it had before");
}

} // namespace

bool judge_nvme_operation(const FirmwareEvidence& evidence, OperationRulings& rulings) {
    const bool ended_well = evidence.nvme_sanitize
                                ? judge_sanitize(evidence, *evidence.nvme_sanitize, rulings)
                                : judge_format(evidence, *evidence.nvme_format, rulings);
    if (ended_well) judge_scope(evidence, rulings);
    return ended_well;
}

} // namespace quietus
