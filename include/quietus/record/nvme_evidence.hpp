// NvmeEvidence: what was seen while an NVMe drive erased itself, before anybody judges it.
//
// As firmware_evidence.hpp has it for ATA: each part is written down when it is known and before
// the next command is sent. The unit is the NVM subsystem, with all its namespaces.
#pragma once

#include "quietus/core/enum_text.hpp"
#include "quietus/record/firmware_outcome.hpp"
#include "quietus/record/nvme_facts.hpp"
#include "quietus/record/step_record.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace quietus {

/// The state of the Sanitize Operation State Machine, which only controllers with VERS tell.
enum class NvmeSanitizeStage : std::uint8_t {
    unknown,
    idle,
    restricted_processing,
    restricted_failure,
    unrestricted_processing,
    unrestricted_failure,
    media_verification,
    post_verification_deallocation,
};
template <>
inline constexpr auto enum_texts<NvmeSanitizeStage> = spellings(
    "unknown", "idle", "restricted-processing", "restricted-failure", "unrestricted-processing",
    "unrestricted-failure", "media-verification", "post-verification-deallocation");

enum class NvmeSanitizePhase : std::uint8_t {
    none,
    starting,
    running,
    verifying, ///< it has come to an end, and waits until the host has read what is left
    leaving,   ///< told to deallocate
    ended,
};
template <>
inline constexpr auto enum_texts<NvmeSanitizePhase> = spellings("none", "starting", "running",
                                                                "verifying", "leaving", "ended");

/// What became of the Media Verification state.
enum class MediaVerification : std::uint8_t {
    not_asked,
    entered,
    cancelled, ///< by a reset or a loss of power: nothing could be read in it
    left,      ///< after the host had read, and said so
};
template <>
inline constexpr auto enum_texts<MediaVerification> = spellings("not-asked", "entered", "cancelled",
                                                                "left");

struct NvmeSanitizeRecord {
    NvmeSanitizePhase phase = NvmeSanitizePhase::none;
    std::uint32_t command = 0; ///< dword 10 of the Sanitize command
    std::uint32_t pattern = 0; ///< dword 11
    NvmeSanitizeState before = NvmeSanitizeState::unknown;
    /// The Sanitize Status log before anything was begun and last, hexadecimal, without the zeros
    /// at its end; empty when it could not be read.
    std::string log_before = {};
    std::string log_after = {};
    std::uint64_t announced_seconds = 0; ///< by the log; 0: none, or at once
    std::string status = {};             ///< of the Sanitize command, hexadecimal
    bool accepted = false;
    bool seen_in_progress = false;
    std::uint32_t progress = 0; ///< of 65536, the highest that was seen
    bool went_backwards = false;
    std::uint64_t asked = 0;      ///< so often
    std::uint64_t unanswered = 0; ///< of these
    MediaVerification verification = MediaVerification::not_asked;
    NvmeSanitizeState after = NvmeSanitizeState::unknown;
    NvmeSanitizeStage stage = NvmeSanitizeStage::unknown; ///< last
    bool echoed = false;      ///< SCDW10 of the last answer is `command`
    bool data_erased = false; ///< GDE of the last answer
    std::uint32_t passes = 0; ///< completed, of an overwrite
    FirmwareOutcome outcome = FirmwareOutcome::not_started;
    std::string text = {};
    Timing timing = {};

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("phase", self.phase);
        visit("command", self.command);
        visit("pattern", self.pattern);
        visit("before", self.before);
        visit("log_before", self.log_before);
        visit("log_after", self.log_after);
        visit("announced_seconds", self.announced_seconds);
        visit("status", self.status);
        visit("accepted", self.accepted);
        visit("seen_in_progress", self.seen_in_progress);
        visit("progress", self.progress);
        visit("went_backwards", self.went_backwards);
        visit("asked", self.asked);
        visit("unanswered", self.unanswered);
        visit("verification", self.verification);
        visit("after", self.after);
        visit("stage", self.stage);
        visit("echoed", self.echoed);
        visit("data_erased", self.data_erased);
        visit("passes", self.passes);
        visit("outcome", self.outcome);
        visit("text", self.text);
        visit("timing", self.timing);
    }
};

/// Secure Erase Settings of Format NVM.
enum class FormatErase : std::uint8_t { user_data, crypto };
template <>
inline constexpr auto enum_texts<FormatErase> = spellings("user-data", "crypto");

enum class FormatPhase : std::uint8_t { none, running, ended };
template <>
inline constexpr auto enum_texts<FormatPhase> = spellings("none", "running", "ended");

/// One Format NVM command.
struct FormatCommandRecord {
    std::uint32_t nsid = 0;    ///< FFFFFFFFh: all that it reaches
    std::uint32_t command = 0; ///< dword 10
    std::string status = {};   ///< hexadecimal; empty: no completion came
    bool succeeded = false;    ///< the drive said so itself

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("nsid", self.nsid);
        visit("command", self.command);
        visit("status", self.status);
        visit("succeeded", self.succeeded);
    }
};

struct NvmeFormatRecord {
    FormatPhase phase = FormatPhase::none;
    FormatErase erase = FormatErase::user_data;
    std::uint32_t attributes = 0;               ///< FNA, which says what a command reaches
    std::vector<std::uint32_t> namespaces = {}; ///< that are to be erased: all that there are
    std::vector<FormatCommandRecord> commands = {};
    std::uint64_t timeout_seconds = 0; ///< of each
    bool end_unseen = false;           ///< a command's own end did not reach us
    bool formats_kept = false; ///< afterwards size, block, metadata and protection are as before
    FirmwareOutcome outcome = FirmwareOutcome::not_started;
    std::string text = {};
    Timing timing = {};

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("phase", self.phase);
        visit("erase", self.erase);
        visit("attributes", self.attributes);
        visit("namespaces", self.namespaces);
        visit("commands", self.commands);
        visit("timeout_seconds", self.timeout_seconds);
        visit("end_unseen", self.end_unseen);
        visit("formats_kept", self.formats_kept);
        visit("outcome", self.outcome);
        visit("text", self.text);
        visit("timing", self.timing);
    }
};

} // namespace quietus
