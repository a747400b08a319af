// ScsiEvidence: what was seen while a SCSI drive erased itself.
//
// SCSI keeps no mark of success: a drive that is idle has finished, or has never begun. What counts
// is what was seen on the way.
#pragma once

#include "quietus/core/enum_text.hpp"
#include "quietus/record/firmware_outcome.hpp"
#include "quietus/record/scsi_facts.hpp"
#include "quietus/record/step_record.hpp"

#include <cstdint>
#include <string>

namespace quietus {

/// A SANITIZE or a FORMAT UNIT, of one logical unit: a command to one is none to the others.
struct ScsiOperationRecord {
    std::uint64_t blocks = 0; ///< of the unit; those of all units together are the drive's
    SanitizePhase phase = SanitizePhase::none;
    ScsiCondition before = ScsiCondition::unknown;
    std::string sense_before = {}; ///< as it was answered, hexadecimal; empty: no answer
    std::string sense_begun = {};  ///< of a command that was refused
    std::string sense_after = {};  ///< the last answer
    bool accepted = false;         ///< GOOD status, at once
    bool seen_in_progress = false;
    /// Too short to be seen, and so ordered once more as a command that ends with the operation;
    /// and whether that has ended well.
    bool ordered_again = false;
    bool ended_with_command = false;
    std::uint32_t progress = 0; ///< of 65536, the highest that was seen
    bool went_backwards = false;
    std::uint64_t asked = 0;      ///< so often
    std::uint64_t unanswered = 0; ///< of these
    std::uint64_t attentions = 0; ///< unit attentions that were told
    std::uint64_t resets = 0;     ///< of these, those of a reset or of power
    ScsiCondition after = ScsiCondition::unknown;
    FirmwareOutcome outcome = FirmwareOutcome::not_started;
    std::string text;
    Timing timing;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("blocks", self.blocks);
        visit("phase", self.phase);
        visit("before", self.before);
        visit("sense_before", self.sense_before);
        visit("sense_begun", self.sense_begun);
        visit("sense_after", self.sense_after);
        visit("accepted", self.accepted);
        visit("seen_in_progress", self.seen_in_progress);
        visit("ordered_again", self.ordered_again);
        visit("ended_with_command", self.ended_with_command);
        visit("progress", self.progress);
        visit("went_backwards", self.went_backwards);
        visit("asked", self.asked);
        visit("unanswered", self.unanswered);
        visit("attentions", self.attentions);
        visit("resets", self.resets);
        visit("after", self.after);
        visit("outcome", self.outcome);
        visit("text", self.text);
        visit("timing", self.timing);
    }
};

} // namespace quietus
