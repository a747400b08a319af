#include "judge_operation.hpp"

namespace quietus {
namespace {

// A block erase, or a new key, may be over before anybody has asked.
bool may_be_ordered_again(Technique method) {
    return method == Technique::scsi_sanitize_block_erase ||
           method == Technique::scsi_sanitize_crypto_erase;
}

bool may_begin_in(ScsiCondition condition) {
    return condition == ScsiCondition::idle || condition == ScsiCondition::sanitize_failed ||
           condition == ScsiCondition::format_failed;
}

bool is_recorded_so_by_no_engine(Technique method, const ScsiOperationRecord& record) {
    if (record.ended_with_command && !record.ordered_again) return true;
    if (record.ordered_again && (!record.accepted || !may_be_ordered_again(method))) return true;
    if (record.resets > record.attentions || record.unanswered > record.asked) return true;
    return record.phase != SanitizePhase::ended || !may_begin_in(record.before);
}

// SCSI keeps no mark of success: a unit that is idle has finished only if it was seen to begin, or
// has ended a command that does not end before the operation.
void judge_unit(Technique method, const ScsiOperationRecord& record, OperationRulings& rulings) {
    if (!record.seen_in_progress && !record.ended_with_command)
        rulings.rule(Verdict::indeterminate, "no-transition",
                     "the drive was not seen to be at work, and has no mark of success");
    if (record.after != ScsiCondition::idle)
        rulings.rule(Verdict::failed, "inconsistent-evidence",
                     "success of a drive that does not say it has finished");
    if (is_recorded_so_by_no_engine(method, record))
        rulings.rule(Verdict::failed, "inconsistent-evidence",
                     "an operation that no engine records so");
    if (record.went_backwards)
        rulings.rule(Verdict::indeterminate, "progress-backwards",
                     "the drive's own progress went backwards");
}

} // namespace

// Each of them has to have done it: a command to one is none to the others.
bool judge_scsi_operation(const FirmwareEvidence& evidence, OperationRulings& rulings) {
    const auto& units = evidence.scsi;
    bool all_succeeded = true;
    for (const ScsiOperationRecord& each : units)
        all_succeeded = rulings.succeeded(each.outcome, each.text) && all_succeeded;
    if (!all_succeeded) return false;
    for (const ScsiOperationRecord& each : units)
        judge_unit(evidence.method, each, rulings);
    if (!make_up(units, evidence.identity_before ? evidence.identity_before->sectors : 0))
        rulings.rule(Verdict::failed, "inconsistent-evidence",
                     "logical units whose blocks are not those of the drive");
    return true;
}

} // namespace quietus
