// FirmwareEvidence: what was seen while a drive erased itself, before anybody judges it.
//
// Each part is written down when it is known and before the next command is sent, so that a run
// which ends half-way leaves behind what it was doing to the drive.
#pragma once

#include "quietus/core/enum_text.hpp"
#include "quietus/record/ata_facts.hpp"
#include "quietus/record/firmware_outcome.hpp"
#include "quietus/record/nvme_evidence.hpp"
#include "quietus/record/scsi_evidence.hpp"
#include "quietus/record/step_record.hpp"
#include "quietus/record/technique.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace quietus {

/// Whether commands and their answers come through unharmed.
struct PassThroughRecord {
    std::uint32_t echoes = 0;    ///< NOPs that were sent
    bool trusted = false;        ///< each came back as it was sent, and the drive answered in words
    bool addresses_seen = false; ///< those of aborted commands came back too
    std::string power_mode = {}; ///< hexadecimal, as CHECK POWER MODE gave it
    std::string text = {};       ///< why not trusted

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("echoes", self.echoes);
        visit("trusted", self.trusted);
        visit("addresses_seen", self.addresses_seen);
        visit("power_mode", self.power_mode);
        visit("text", self.text);
    }
};

/// Who the drive says it is: asked before and after, since only of the same drive something is
/// proven.
struct FirmwareIdentity {
    std::string model;
    std::string serial;
    std::uint64_t sectors = 0;
    std::uint32_t logical_bytes = 0;
    std::uint32_t security_word = 0; ///< 128 of IDENTIFY DEVICE; 0 of a drive that has none
    std::string sha256;              ///< of all that it told of itself: IDENTIFY DEVICE data

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("model", self.model);
        visit("serial", self.serial);
        visit("sectors", self.sectors);
        visit("logical_bytes", self.logical_bytes);
        visit("security_word", self.security_word);
        visit("sha256", self.sha256);
    }
};

enum class HiddenState : std::uint8_t {
    unknown,
    none,               ///< everything was within reach from the beginning
    lifted,             ///< and read again: everything is within reach now
    power_cycle_needed, ///< the drive has accepted the change, or will after being off
    refused,            ///< it would not
};
template <>
inline constexpr auto enum_texts<HiddenState> = spellings("unknown", "none", "lifted",
                                                          "power-cycle-needed", "refused");

struct HiddenAreaRecord {
    HiddenState state = HiddenState::unknown;
    std::string text;
    HiddenAreas before;
    std::optional<HiddenAreas> lifted; ///< after lifting
    std::optional<HiddenAreas> after;  ///< after the erasure

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("state", self.state);
        visit("text", self.text);
        visit("before", self.before);
        visit("lifted", self.lifted);
        visit("after", self.after);
    }
};

/// Keyed blocks that were on the medium before, and must not be afterwards.
struct CanaryRecord {
    std::vector<Extent> written; ///< read back, past the host's caches, and found there
    std::vector<Extent> unwritable;
    std::vector<Extent> not_stored; ///< read back as something else, or not at all
    std::vector<Extent> gone;       ///< afterwards: read, and holds nothing of it
    std::vector<Extent> left;       ///< afterwards: still there, all or part
    std::vector<Extent> elsewhere;  ///< blocks where one was found that was not written there
    std::vector<Extent> unreadable; ///< afterwards
    std::uint64_t hidden_from = 0;  ///< what lies behind this offset was hidden before; 0: nothing
    bool checked = false;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("written", self.written);
        visit("unwritable", self.unwritable);
        visit("not_stored", self.not_stored);
        visit("gone", self.gone);
        visit("left", self.left);
        visit("elsewhere", self.elsewhere);
        visit("unreadable", self.unreadable);
        visit("hidden_from", self.hidden_from);
        visit("checked", self.checked);
    }
};

struct SanitizeRecord {
    SanitizePhase phase = SanitizePhase::none;
    SanitizeState before = SanitizeState::unknown; ///< completed: the mark of an earlier operation
    /// Of the answers to SANITIZE STATUS EXT before anything was begun and last, hexadecimal:
    /// STATUS, ERROR, DEVICE, COUNT (one octet where bits 15:8 were left out on the way), LBA (six,
    /// or none where it was); empty when no registers came.
    std::string registers_before = {};
    std::string registers_after = {};
    bool accepted = false;
    bool seen_in_progress = false;
    std::uint32_t progress = 0; ///< of 65536, the highest that was seen
    bool went_backwards = false;
    std::uint64_t asked = 0;      ///< so often
    std::uint64_t unanswered = 0; ///< of these; resets of drive or bus among them
    SanitizeState after = SanitizeState::unknown;
    FirmwareOutcome outcome = FirmwareOutcome::not_started;
    std::string text;
    Timing timing;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("phase", self.phase);
        visit("before", self.before);
        visit("registers_before", self.registers_before);
        visit("registers_after", self.registers_after);
        visit("accepted", self.accepted);
        visit("seen_in_progress", self.seen_in_progress);
        visit("progress", self.progress);
        visit("went_backwards", self.went_backwards);
        visit("asked", self.asked);
        visit("unanswered", self.unanswered);
        visit("after", self.after);
        visit("outcome", self.outcome);
        visit("text", self.text);
        visit("timing", self.timing);
    }
};

enum class SecurityPhase : std::uint8_t {
    none,
    setting_password, ///< from here on the drive may hold the temporary password
    password_proven,  ///< set, and taken off and set again
    erasing,
    clearing, ///< unlocking, and taking the password off, after a failure
    ended,
};
template <>
inline constexpr auto enum_texts<SecurityPhase> = spellings("none", "setting-password",
                                                            "password-proven", "erasing",
                                                            "clearing", "ended");

struct SecurityRecord {
    SecurityPhase phase = SecurityPhase::none;
    bool enhanced = false;
    std::uint32_t word_before = 0; ///< IDENTIFY DEVICE word 128
    std::uint32_t word_after = 0;
    std::uint64_t announced_minutes = 0; ///< words 89 and 90; 0: not told
    std::uint64_t timeout_seconds = 0;
    bool password_proven = false;
    bool command_succeeded = false; ///< the drive said so itself
    bool end_unseen = false;        ///< the command's own end did not reach us
    bool password_left = false;     ///< `recover` takes it off
    FirmwareOutcome outcome = FirmwareOutcome::not_started;
    std::string text;
    Timing timing;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("phase", self.phase);
        visit("enhanced", self.enhanced);
        visit("word_before", self.word_before);
        visit("word_after", self.word_after);
        visit("announced_minutes", self.announced_minutes);
        visit("timeout_seconds", self.timeout_seconds);
        visit("password_proven", self.password_proven);
        visit("command_succeeded", self.command_succeeded);
        visit("end_unseen", self.end_unseen);
        visit("password_left", self.password_left);
        visit("outcome", self.outcome);
        visit("text", self.text);
        visit("timing", self.timing);
    }
};

/// What a drive must return when it has done what it was told.
enum class Expectation : std::uint8_t {
    pattern,       ///< these octets, repeated
    either,        ///< these octets or their complement, the same all over: the drive chooses
    zeros_or_ones, ///< each block all 00h or all FFh
    host_pass,     ///< anything; so the host writes once more, and reads that back
};
template <>
inline constexpr auto enum_texts<Expectation> = spellings("pattern", "either", "zeros-or-ones",
                                                          "host-pass");

/// Of a read-back that did not read everything: what makes it one that can be repeated.
struct FirmwareSample {
    std::uint32_t percent = 0;
    std::string seed;              ///< hexadecimal: which blocks were drawn
    std::uint64_t strata = 0;      ///< one sample block drawn from each
    std::uint64_t block_bytes = 0; ///< of a sample block
    /// Read, and as they must be. Where they lie follows from the seed: `matched` stays empty.
    std::uint64_t bytes_matched = 0;

    friend bool operator==(const FirmwareSample&, const FirmwareSample&) = default;
    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("percent", self.percent);
        visit("seed", self.seed);
        visit("strata", self.strata);
        visit("block_bytes", self.block_bytes);
        visit("bytes_matched", self.bytes_matched);
    }
};

struct FirmwareReadBack {
    Expectation expectation = Expectation::pattern;
    std::string bytes;                         ///< of a pattern, hexadecimal
    std::optional<FirmwareSample> sample = {}; ///< absent: everything was read
    std::vector<Extent> matched;               ///< of a sample none
    std::vector<Extent> mismatched;
    std::vector<Extent> unreadable;
    bool completed = false;
    Timing timing;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("expectation", self.expectation);
        visit("bytes", self.bytes);
        visit("sample", self.sample);
        visit("matched", self.matched);
        visit("mismatched", self.mismatched);
        visit("unreadable", self.unreadable);
        visit("completed", self.completed);
        visit("timing", self.timing);
    }
};

/// What stood on the medium when the drive had come to the end of its work, where it lets that be
/// read before it deallocates all (NVMe, the Media Verification state).
struct MediumReadRecord {
    bool canaries_checked = false;
    std::vector<Extent> canaries_left;      ///< still there, all or part
    std::vector<Extent> canaries_elsewhere; ///< blocks where one was found that was not put there
    /// All of it. Where nothing is known of what must be there (`host_pass`) whatever is not the
    /// beginning of a canary is as it must be.
    FirmwareReadBack read_back;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("canaries_checked", self.canaries_checked);
        visit("canaries_left", self.canaries_left);
        visit("canaries_elsewhere", self.canaries_elsewhere);
        visit("read_back", self.read_back);
    }
};

/// Everything a verdict on an erasure by the drive itself may be derived from.
struct FirmwareEvidence {
    Technique method = Technique::ata_sanitize_overwrite;
    FirmwareOptions options;
    std::optional<PassThroughRecord> pass_through; ///< of ATA commands; absent: not tried
    std::optional<FirmwareIdentity> identity_before;
    std::optional<FirmwareIdentity> identity_after;
    HiddenAreaRecord hidden;
    std::optional<HealthRecord> health_before;
    std::optional<HealthRecord> health_after;
    std::optional<ProbeRecord> probe; ///< whether every address leads to a place of its own
    std::optional<CanaryRecord> canaries;
    std::optional<SanitizeRecord> sanitize; ///< exactly one of these kinds
    std::optional<SecurityRecord> security;
    std::vector<ScsiOperationRecord> scsi; ///< of each logical unit, in the order of their blocks
    std::optional<NvmeScopeRecord> scope_before; ///< of an NVMe drive
    std::optional<NvmeScopeRecord> scope_after;
    std::optional<NvmeSanitizeRecord> nvme_sanitize;
    std::optional<NvmeFormatRecord> nvme_format;
    std::optional<MediumReadRecord> medium_read; ///< of an NVMe drive that can show it
    std::optional<PassRecord> host_pass;
    std::optional<FirmwareReadBack> read_back;
    bool was_reset = false; ///< the drive, before anything was read back
    /// Of all that was sent and answered, as the journal's `transcript` lines have it; empty
    /// where the way to the drive keeps none.
    std::string transcript_sha256;
    bool page_cache = false; ///< the canaries or the read-back went through the host's
    StopReason stopped = StopReason::none;
    std::string stop_text;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("method", self.method);
        visit("options", self.options);
        visit("pass_through", self.pass_through);
        visit("identity_before", self.identity_before);
        visit("identity_after", self.identity_after);
        visit("hidden", self.hidden);
        visit("health_before", self.health_before);
        visit("health_after", self.health_after);
        visit("probe", self.probe);
        visit("canaries", self.canaries);
        visit("sanitize", self.sanitize);
        visit("security", self.security);
        visit("scsi", self.scsi);
        visit("scope_before", self.scope_before);
        visit("scope_after", self.scope_after);
        visit("nvme_sanitize", self.nvme_sanitize);
        visit("nvme_format", self.nvme_format);
        visit("medium_read", self.medium_read);
        visit("host_pass", self.host_pass);
        visit("read_back", self.read_back);
        visit("was_reset", self.was_reset);
        visit("transcript_sha256", self.transcript_sha256);
        visit("page_cache", self.page_cache);
        visit("stopped", self.stopped);
        visit("stop_text", self.stop_text);
    }
};

/// Whether the blocks of these units, one behind the other, are all that a drive of so many has.
[[nodiscard]] inline bool make_up(const std::vector<ScsiOperationRecord>& units,
                                  std::uint64_t sectors) {
    for (const ScsiOperationRecord& each : units) {
        if (each.blocks == 0 || each.blocks > sectors) return false;
        sectors -= each.blocks;
    }
    return !units.empty() && sectors == 0;
}

/// From the first of them to the last, which ran side by side.
[[nodiscard]] inline std::optional<Timing>
timing_of(const std::vector<ScsiOperationRecord>& records) {
    if (records.empty()) return std::nullopt;
    Timing all = records.front().timing;
    for (const ScsiOperationRecord& each : records) {
        all.started_at = std::min(all.started_at, each.timing.started_at);
        all.ended_at = std::max(all.ended_at, each.timing.ended_at);
        all.milliseconds = std::max(all.milliseconds, each.timing.milliseconds);
    }
    return all;
}

/// The offsets at which one namespace, or logical unit, ends and the next one begins, where these
/// are all of the drive.
[[nodiscard]] inline std::vector<std::uint64_t> borders_of(const FirmwareEvidence& evidence) {
    if (evidence.scope_before) {
        auto whole = joined(*evidence.scope_before);
        return whole ? std::move(whole->borders) : std::vector<std::uint64_t>{};
    }
    std::vector<std::uint64_t> borders;
    if (!evidence.identity_before || !make_up(evidence.scsi, evidence.identity_before->sectors))
        return borders;
    std::uint64_t blocks = 0;
    for (auto unit = evidence.scsi.begin(); unit + 1 != evidence.scsi.end(); ++unit) {
        blocks += unit->blocks;
        borders.push_back(blocks * evidence.identity_before->logical_bytes);
    }
    return borders;
}

/// When the drive's own operation ran; none before one was begun.
[[nodiscard]] inline std::optional<Timing> operation_timing(const FirmwareEvidence& evidence) {
    if (evidence.sanitize) return evidence.sanitize->timing;
    if (evidence.security) return evidence.security->timing;
    if (evidence.nvme_sanitize) return evidence.nvme_sanitize->timing;
    if (evidence.nvme_format) return evidence.nvme_format->timing;
    return timing_of(evidence.scsi);
}

} // namespace quietus
