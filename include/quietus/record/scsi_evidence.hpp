// ScsiEvidence: what a SCSI drive says of erasing itself, and what was seen while it did.
//
// SCSI keeps no mark of success: a drive that is idle has finished, or has never begun. What counts
// is what was seen on the way.
#pragma once

#include "quietus/core/enum_text.hpp"
#include "quietus/record/firmware_evidence.hpp"

#include <cstdint>
#include <string>

namespace quietus {

/// How a logical unit is, by the sense data that it gives when it is asked.
enum class ScsiCondition : std::uint8_t {
    unknown,
    idle,            ///< nothing to tell
    attention,       ///< something has happened to it since it was asked last: a reset, for one
    not_ready,       ///< for another reason than an operation that is listed here
    sanitizing,      ///< 2/04h/1Bh
    formatting,      ///< 2/04h/04h
    sanitize_failed, ///< 3/31h/03h: it takes next to nothing else
    format_failed,   ///< 3/31h/00h or 01h: its medium cannot be used before another
};
template <>
inline constexpr auto enum_texts<ScsiCondition> = spellings("unknown", "idle", "attention",
                                                            "not-ready", "sanitizing", "formatting",
                                                            "sanitize-failed", "format-failed");

/// Whether a drive takes a command, by its own word.
enum class ScsiOffer : std::uint8_t { unknown, no, yes };
template <>
inline constexpr auto enum_texts<ScsiOffer> = spellings("unknown", "no", "yes");

/// WABEREQ and WACEREQ (VPD page B1h): what comes of reading a block that a block erase, or a
/// cryptographic erase, has left, before it was written again.
enum class ScsiReadAfterErase : std::uint8_t { unspecified, succeeds, fails, write_required };
template <>
inline constexpr auto enum_texts<ScsiReadAfterErase> = spellings("unspecified", "succeeds", "fails",
                                                                 "write-required");

/// Of erasing itself, as it stood when it was asked (SBC-4: SANITIZE, FORMAT UNIT).
struct ScsiErasure {
    ScsiOffer overwrite = ScsiOffer::unknown;
    ScsiOffer block_erase = ScsiOffer::unknown;
    ScsiOffer crypto_erase = ScsiOffer::unknown;
    ScsiOffer exit_failure = ScsiOffer::unknown;
    ScsiOffer format = ScsiOffer::unknown;
    /// Bits of SANITIZE that it looks at, by the usage map of its CDB; unknown without one.
    ScsiOffer returns_at_once = ScsiOffer::unknown;  ///< IMMED
    ScsiOffer may_leave_failed = ScsiOffer::unknown; ///< AUSE
    ScsiOffer zoned_no_reset = ScsiOffer::unknown;   ///< ZNR
    ScsiReadAfterErase after_block_erase = ScsiReadAfterErase::unspecified;
    ScsiReadAfterErase after_crypto_erase = ScsiReadAfterErase::unspecified;
    ScsiCondition condition = ScsiCondition::unknown;
    std::uint32_t progress = 0;  ///< of 65536, of an operation that is under way
    std::string learned_by = {}; ///< in words: how the offers are known

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("overwrite", self.overwrite);
        visit("block_erase", self.block_erase);
        visit("crypto_erase", self.crypto_erase);
        visit("exit_failure", self.exit_failure);
        visit("format", self.format);
        visit("returns_at_once", self.returns_at_once);
        visit("may_leave_failed", self.may_leave_failed);
        visit("zoned_no_reset", self.zoned_no_reset);
        visit("after_block_erase", self.after_block_erase);
        visit("after_crypto_erase", self.after_crypto_erase);
        visit("condition", self.condition);
        visit("progress", self.progress);
        visit("learned_by", self.learned_by);
    }
};

/// A SANITIZE or a FORMAT UNIT.
struct ScsiOperationRecord {
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
