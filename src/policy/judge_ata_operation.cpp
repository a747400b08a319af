#include "judge_operation.hpp"

namespace quietus {
namespace {

void judge_untried(const FirmwareEvidence& evidence, OperationRulings& rulings) {
    const PassThroughRecord way = evidence.pass_through.value_or(PassThroughRecord{});
    if (evidence.sanitize || evidence.security)
        rulings.rule(Verdict::failed, "inconsistent-evidence",
                     "begun over a way that was not trusted");
    if (way.echoes == 0)
        rulings.refuse("firmware-refused", evidence.stop_text,
                       "the way to the drive was not tried");
    else
        rulings.refuse("transport-untrusted", way.text, "registers do not pass");
}

std::string no_transition(bool marked_before) {
    return std::string("the drive was not seen to be at work, and ") +
           (marked_before ? "the mark of success was there before"
                          : "nobody knows whether the mark of success was there before");
}

// A mark of success that stood there before is proof of nothing. One that has come since is,
// whoever has heard the drive take the command: a run may be killed as it sends that. A new key may
// be made within the command itself, and then what shows it is that the canaries have gone.
bool judge_sanitize(const FirmwareEvidence& evidence, const SanitizeRecord& record,
                    OperationRulings& rulings) {
    if (!rulings.succeeded(record.outcome, record.text)) return false;
    const bool marked_before = record.before == SanitizeState::completed;
    const bool transition =
        record.seen_in_progress || (!marked_before && record.before != SanitizeState::unknown);
    const bool at_once =
        record.accepted && evidence.method == Technique::ata_sanitize_crypto_scramble;
    if (!transition && !at_once)
        rulings.rule(Verdict::indeterminate, "no-transition", no_transition(marked_before));
    if (record.after != SanitizeState::completed && record.after != SanitizeState::frozen)
        rulings.rule(Verdict::failed, "inconsistent-evidence",
                     "success without the drive's mark of it");
    if (record.went_backwards)
        rulings.rule(Verdict::indeterminate, "progress-backwards",
                     "the drive's own progress went backwards");
    return true;
}

bool judge_security(const FirmwareEvidence& evidence, const SecurityRecord& record,
                    OperationRulings& rulings) {
    if (record.password_left)
        rulings.rule(
            Verdict::indeterminate, "password-left",
            "the drive may still have the temporary password; quietus recover takes it off");
    if (!rulings.succeeded(record.outcome, record.text)) return false;
    constexpr std::uint32_t enabled_or_locked = 0x0006;
    if ((record.word_after & enabled_or_locked) != 0)
        rulings.rule(Verdict::indeterminate, "password-left", "security is still enabled");
    const bool enhanced = evidence.method == Technique::ata_security_erase_enhanced;
    if (!record.password_proven || record.enhanced != enhanced ||
        (!record.command_succeeded && !record.end_unseen))
        rulings.rule(Verdict::failed, "inconsistent-evidence",
                     "an erasure that no engine records so");
    return true;
}

} // namespace

bool judge_ata_operation(const FirmwareEvidence& evidence, OperationRulings& rulings) {
    if (!evidence.pass_through || !evidence.pass_through->trusted) {
        judge_untried(evidence, rulings);
        return false;
    }
    return evidence.sanitize ? judge_sanitize(evidence, *evidence.sanitize, rulings)
                             : judge_security(evidence, *evidence.security, rulings);
}

} // namespace quietus
