// Plan: what will be done to one drive, step by step, and why. A fact that can be shown, stored by
// its digest, and carried out as it stands.
#pragma once

#include "quietus/core/extent.hpp"
#include "quietus/record/drive.hpp"
#include "quietus/record/luks_facts.hpp"
#include "quietus/record/policy_decision.hpp"
#include "quietus/record/technique.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace quietus {

enum class StepKind : std::uint8_t {
    address_probe,
    write,
    verify,
    canaries,          ///< keyed blocks, which must be gone after the next step
    firmware,          ///< the drive erases itself
    lift_hidden_areas, ///< before all others, so that they reach what was hidden
};
template <>
inline constexpr auto enum_texts<StepKind> = spellings("address-probe", "write", "verify",
                                                       "canaries", "firmware", "lift-hidden-areas");

/// What a write step writes.
enum class StepData : std::uint8_t {
    none,          ///< no write step
    fixed,         ///< the bytes in `bytes`, repeated from offset 0
    random_char,   ///< one random byte, drawn when the run starts
    complement,    ///< the complement of the step named in `of`
    random_stream, ///< AES-256-CTR under a fresh key
    lba_stamp,     ///< each block holds its own number over a base byte
};
template <>
inline constexpr auto enum_texts<StepData> = spellings("none", "fixed", "random_char", "complement",
                                                       "random_stream", "lba_stamp");

enum class VerificationMode : std::uint8_t { full, sample, none };
template <>
inline constexpr auto enum_texts<VerificationMode> = spellings("full", "sample", "none");

/// How much is read back after the last write.
struct Verification {
    VerificationMode mode = VerificationMode::full;
    std::uint32_t percent = 100; ///< of the blocks; 1 to 99 for a sample, 0 for none

    friend bool operator==(const Verification&, const Verification&) = default;
    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("mode", self.mode);
        visit("percent", self.percent);
    }
};

/// What a sample draws: blocks of this many bytes, the last one of a drive may be shorter.
inline constexpr std::uint64_t sample_block_bytes = 65536;

/// The strata of a sample of `percent` (1 to 99) of a drive: its share of the sample blocks,
/// rounded up. One sample block is drawn from each.
[[nodiscard]] constexpr std::uint64_t sample_strata(std::uint64_t size_bytes,
                                                    std::uint32_t percent) {
    const std::uint64_t blocks =
        size_bytes / sample_block_bytes + (size_bytes % sample_block_bytes != 0 ? 1 : 0);
    // In this order, since blocks * percent may not fit for sizes near 2^64.
    return blocks / 100 * percent + (blocks % 100 * percent + 99) / 100;
}

struct PlanStep {
    StepKind kind = StepKind::write;
    StepData data = StepData::none;
    /// fixed: the pattern; lba_stamp: the base byte. Lower-case hexadecimal, else empty.
    std::string bytes;
    /// complement and verify: the number (from 1) of the step in this plan it refers to; a second
    /// random_char that is to reuse the byte of an earlier one names it here too. 0 when none.
    std::uint32_t of = 0;
    Verification verification = {VerificationMode::none, 0}; ///< verify steps only

    friend bool operator==(const PlanStep&, const PlanStep&) = default;
    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("kind", self.kind);
        visit("data", self.data);
        visit("bytes", self.bytes);
        visit("of", self.of);
        visit("verification", self.verification);
    }
};

/// Which rule asked for this, or that none did.
struct PolicyBasis {
    bool applied = false; ///< false in direct mode: the operator chose, no policy was applied
    std::string profile;
    std::string rule;
    std::string source;
    std::optional<PolicyDecision> decision = {}; ///< there exactly when one was applied

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("applied", self.applied);
        visit("profile", self.profile);
        visit("rule", self.rule);
        visit("source", self.source);
        visit("decision", self.decision);
    }
};

/// What a drive is told, besides what it is to do.
struct FirmwareOptions {
    std::uint32_t pattern = 0; ///< of an overwrite, as the command has it
    std::uint32_t passes = 1;  ///< 1 to 16
    bool invert_between = false;
    bool definitive_end = false;   ///< inverted or not, the last pass leaves the pattern as given
    bool may_leave_failed = false; ///< a failed operation may be left without one that succeeds
    bool zoned_no_reset = false;   ///< zones stay full, so that they can be read afterwards

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("pattern", self.pattern);
        visit("passes", self.passes);
        visit("invert_between", self.invert_between);
        visit("definitive_end", self.definitive_end);
        visit("may_leave_failed", self.may_leave_failed);
        visit("zoned_no_reset", self.zoned_no_reset);
    }
};

struct Plan {
    Technique technique = Technique::overwrite;
    std::string scheme; ///< catalogue id: "uk.is5.enhanced"; empty when the drive erases itself
    std::string scheme_title;
    std::string scheme_status; ///< "current", "legacy", "withdrawn 2009" ...
    Level level = Level::none; ///< the most this plan can reach on this drive
    PolicyBasis policy;
    std::vector<PlanStep> steps;
    Verification verification;            ///< of the final state
    std::vector<std::string> not_reached; ///< limits known beforehand, as codes
    std::uint64_t estimated_seconds = 0;
    std::optional<FirmwareOptions> firmware = {}; ///< there exactly when the drive erases itself
    /// Of luks-erase alone, ascending: what follows from them is left alone (policy/volumes.hpp).
    std::vector<LuksVolume> volumes = {};

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("technique", self.technique);
        visit("scheme", self.scheme);
        visit("scheme_title", self.scheme_title);
        visit("scheme_status", self.scheme_status);
        visit("level", self.level);
        visit("policy", self.policy);
        visit("steps", self.steps);
        visit("verification", self.verification);
        visit("not_reached", self.not_reached);
        visit("estimated_seconds", self.estimated_seconds);
        visit("firmware", self.firmware);
        visit("volumes", self.volumes);
    }
};

/// Whether its first step puts what the drive hides within reach.
[[nodiscard]] inline bool lifts_hidden_areas(const Plan& plan) {
    return !plan.steps.empty() && plan.steps.front().kind == StepKind::lift_hidden_areas;
}

} // namespace quietus
