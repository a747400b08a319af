#include "judge_operation.hpp"

namespace quietus {

// Nothing that has come to such evidence was carried out by this program.
bool judge_scsi_operation(const FirmwareEvidence& /*evidence*/, OperationRulings& rulings) {
    rulings.rule(Verdict::indeterminate, "firmware-indeterminate",
                 "of an operation by SCSI commands nothing is judged yet");
    return false;
}

} // namespace quietus
