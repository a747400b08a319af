// NvmeEvidence: what was seen while an NVMe drive erased itself, before anybody judges it.
//
// As firmware_evidence.hpp has it for ATA: each part is written down when it is known and before
// the next command is sent. The unit is the NVM subsystem, with all its namespaces.
#pragma once

#include "quietus/core/enum_text.hpp"
#include "quietus/record/firmware_evidence.hpp"
#include "quietus/record/step_record.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace quietus {

/// Sanitize Operation Status in the Sanitize Status log (NVM Express Base 2.1 figure 291).
enum class NvmeSanitizeState : std::uint8_t {
    unknown,
    never,                 ///< none was ever started
    sanitized,             ///< the most recent one ended well
    in_progress,           ///< processing, verified by the host, or deallocating
    failed,                ///< the most recent one failed
    unexpected_deallocate, ///< it ended well, and deallocated what it was asked not to
};
template <>
inline constexpr auto enum_texts<NvmeSanitizeState> = spellings("unknown", "never", "sanitized",
                                                                "in-progress", "failed",
                                                                "unexpected-deallocate");

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

/// One namespace, as Identify Namespace has it.
struct NvmeNamespaceRecord {
    std::uint32_t nsid = 0;
    bool attached = false;  ///< to the controller that was asked
    bool described = false; ///< the drive told what follows
    std::uint64_t blocks = 0;
    std::uint32_t block_bytes = 0;
    std::uint32_t format = 0; ///< index of its LBA format
    std::uint32_t metadata_bytes = 0;
    bool metadata_extended = false; ///< it lies behind each block, not in a buffer of its own
    std::uint32_t protection = 0;   ///< type of its protection information; 0: none
    bool protection_first = false;  ///< that is at the beginning of the metadata
    bool write_protected = false;
    bool shared = false; ///< other controllers may have it attached

    friend bool operator==(const NvmeNamespaceRecord&, const NvmeNamespaceRecord&) = default;
    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("nsid", self.nsid);
        visit("attached", self.attached);
        visit("described", self.described);
        visit("blocks", self.blocks);
        visit("block_bytes", self.block_bytes);
        visit("format", self.format);
        visit("metadata_bytes", self.metadata_bytes);
        visit("metadata_extended", self.metadata_extended);
        visit("protection", self.protection);
        visit("protection_first", self.protection_first);
        visit("write_protected", self.write_protected);
        visit("shared", self.shared);
    }
};

/// All that is behind a controller. Capacities are decimal: they may be larger than 2^64.
struct NvmeScopeRecord {
    std::vector<NvmeNamespaceRecord> namespaces = {};
    std::string total_bytes = {};       ///< TNVMCAP; empty: not told
    std::string unallocated_bytes = {}; ///< UNVMCAP; empty: not told
    std::string namespace_bytes = {};   ///< of all namespaces together
    bool complete = false;  ///< every namespace is listed and described; none was left out
    bool accounted = false; ///< what is unallocated and what namespaces have make up the total
    bool other_controllers = false; ///< the subsystem may have more of them, or more ports
    /// What a drive's own erasure does not reach, or may not: RPMB, boot partitions, host memory.
    std::vector<std::string> excluded = {};
    std::vector<std::string> notes = {}; ///< what could not be asked, or does not add up

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("namespaces", self.namespaces);
        visit("total_bytes", self.total_bytes);
        visit("unallocated_bytes", self.unallocated_bytes);
        visit("namespace_bytes", self.namespace_bytes);
        visit("complete", self.complete);
        visit("accounted", self.accounted);
        visit("other_controllers", self.other_controllers);
        visit("excluded", self.excluded);
        visit("notes", self.notes);
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

/// By the SMART / Health Information log. Counts beyond 2^64 are told as that, less one.
struct NvmeHealthRecord {
    std::uint32_t critical_warning = 0;
    std::uint32_t percentage_used = 0; ///< of what the maker expects; may pass 100
    std::uint32_t available_spare = 0; ///< in hundredths
    std::uint32_t spare_threshold = 0;
    std::uint64_t media_errors = 0;
    std::uint64_t power_on_hours = 0;
    std::uint64_t unsafe_shutdowns = 0;
    std::uint64_t bytes_written = 0; ///< by hosts, in 512 000 each
    std::string text = {};           ///< why nothing is known

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("critical_warning", self.critical_warning);
        visit("percentage_used", self.percentage_used);
        visit("available_spare", self.available_spare);
        visit("spare_threshold", self.spare_threshold);
        visit("media_errors", self.media_errors);
        visit("power_on_hours", self.power_on_hours);
        visit("unsafe_shutdowns", self.unsafe_shutdowns);
        visit("bytes_written", self.bytes_written);
        visit("text", self.text);
    }
};

/// Of erasing itself, as it stood when it was asked.
struct NvmeErasure {
    bool crypto_erase = false; ///< Sanitize
    bool block_erase = false;
    bool overwrite = false;
    bool verification = false;            ///< VERS
    bool no_deallocate_inhibited = false; ///< NDI
    std::uint32_t modifies_media = 0;     ///< NODMMAS: 0 not told, 1 no, 2 yes
    NvmeSanitizeState sanitize = NvmeSanitizeState::unknown;
    std::uint32_t sanitize_progress = 0; ///< of 65536, of one that is in progress
    bool format = false;                 ///< Format NVM
    bool format_crypto = false;
    std::uint32_t format_attributes = 0; ///< FNA
    bool sid_blocked = false;            ///< TCG Block SID: why the drive may refuse all of that
    std::string text = {};               ///< what could not be asked

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("crypto_erase", self.crypto_erase);
        visit("block_erase", self.block_erase);
        visit("overwrite", self.overwrite);
        visit("verification", self.verification);
        visit("no_deallocate_inhibited", self.no_deallocate_inhibited);
        visit("modifies_media", self.modifies_media);
        visit("sanitize", self.sanitize);
        visit("sanitize_progress", self.sanitize_progress);
        visit("format", self.format);
        visit("format_crypto", self.format_crypto);
        visit("format_attributes", self.format_attributes);
        visit("sid_blocked", self.sid_blocked);
        visit("text", self.text);
    }
};

} // namespace quietus
