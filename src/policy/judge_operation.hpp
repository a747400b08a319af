// What is said against a drive's own operation, by what was put down of it in its own language.
//
// For judge_firmware, which says what of its surroundings speaks against it: canaries, read-back,
// capacity, identity. The codes are listed in judge_firmware.hpp.
#pragma once

#include "quietus/record/erasure_record.hpp"
#include "quietus/record/firmware_evidence.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace quietus {

struct OperationRuling {
    Verdict verdict = Verdict::failed;
    std::string code;
    std::string text;
};

class OperationRulings {
  public:
    explicit OperationRulings(const FirmwareEvidence& evidence) : evidence_(evidence) {}
    void rule(Verdict verdict, std::string_view code, std::string text);
    /// Of an operation that has not begun: why, or in these words where that is not told.
    void refuse(std::string_view code, const std::string& text, const char* otherwise);
    /// Rules on every outcome but success; whether it is that.
    bool succeeded(FirmwareOutcome outcome, const std::string& text);
    [[nodiscard]] const std::vector<OperationRuling>& all() const { return rulings_; }

  private:
    const FirmwareEvidence& evidence_;
    std::vector<OperationRuling> rulings_;
};

/// Of that language, whether there is anything more to look at: the operation has ended well by the
/// drive's own word. What was not put down at all has been ruled on before.
[[nodiscard]] bool judge_ata_operation(const FirmwareEvidence& evidence, OperationRulings& rulings);
[[nodiscard]] bool judge_scsi_operation(const FirmwareEvidence& evidence,
                                        OperationRulings& rulings);
[[nodiscard]] bool judge_nvme_operation(const FirmwareEvidence& evidence,
                                        OperationRulings& rulings);

/// The same of the operation in whatever language, and whether it is the one that was asked for.
[[nodiscard]] bool judge_operation(const FirmwareEvidence& evidence, OperationRulings& rulings);

} // namespace quietus
