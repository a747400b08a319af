// What an ATA drive tells of itself, besides who it is: what is hidden, how it fares, and whether
// it can erase itself.
#pragma once

#include "quietus/core/enum_text.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace quietus {

enum class SanitizeState : std::uint8_t {
    unknown,
    idle,        ///< SD0, and never completed an operation that it remembers
    frozen,      ///< SD1
    in_progress, ///< SD2
    failed,      ///< SD3
    completed,   ///< SD4, or SD0 with the mark of an earlier operation
};
template <>
inline constexpr auto enum_texts<SanitizeState> = spellings("unknown", "idle", "frozen",
                                                            "in-progress", "failed", "completed");

/// How much of a drive is out of reach, in logical blocks. Counts, not last addresses.
struct HiddenAreas {
    std::uint64_t accessible = 0;
    std::optional<std::uint64_t> protected_area; ///< by READ NATIVE MAX ADDRESS: HPA
    std::optional<std::uint64_t> accessible_max; ///< by GET NATIVE MAX ADDRESS EXT: AMAC
    std::optional<std::uint64_t> overlay;        ///< by DEVICE CONFIGURATION IDENTIFY: DCO
    /// What the drive has and would not tell; then nobody knows how large it is.
    std::vector<std::string> unreadable;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("accessible", self.accessible);
        visit("protected_area", self.protected_area);
        visit("accessible_max", self.accessible_max);
        visit("overlay", self.overlay);
        visit("unreadable", self.unreadable);
    }
};

/// The largest that any of them tells; nothing when one would not.
[[nodiscard]] inline std::optional<std::uint64_t> native_sectors(const HiddenAreas& areas) {
    if (!areas.unreadable.empty() || areas.accessible == 0) return std::nullopt;
    std::uint64_t native = areas.accessible;
    for (const auto& each : {areas.protected_area, areas.accessible_max, areas.overlay})
        if (each && *each > native) native = *each;
    return native;
}

/// Of ATA by SMART data, whose attributes are the makers' own: numbers 5, 197 and 9 as all that are
/// known use them; of SCSI by defect lists and log pages; of NVMe, which counts no remapped blocks,
/// by the SMART / Health Information log. Absent: not told.
struct HealthRecord {
    std::optional<std::uint64_t> reallocated = {};
    std::optional<std::uint64_t> pending = {};
    std::optional<std::uint64_t> power_on_hours = {};
    std::optional<std::uint64_t> media_errors = {};     ///< NVMe: what could not be recovered
    std::optional<std::uint64_t> critical_warning = {}; ///< NVMe: bits; 0: none
    std::string text = {};                              ///< why nothing is known

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("reallocated", self.reallocated);
        visit("pending", self.pending);
        visit("power_on_hours", self.power_on_hours);
        visit("media_errors", self.media_errors);
        visit("critical_warning", self.critical_warning);
        visit("text", self.text);
    }
};

/// Of erasing itself, as it stood when it was asked (ACS-4: IDENTIFY DEVICE words 59, 82, 89, 90
/// and 128; SANITIZE STATUS EXT; IDENTIFY DEVICE data log).
struct AtaErasure {
    bool crypto_scramble = false;
    bool block_erase = false;
    bool overwrite = false;
    SanitizeState sanitize = SanitizeState::unknown; ///< unknown where it has none of these
    std::uint32_t sanitize_progress = 0;             ///< of 65536, of one that is in progress
    bool security = false;                           ///< it has the security feature set
    bool enhanced = false;            ///< and SECURITY ERASE UNIT takes its enhanced mode
    std::uint32_t security_word = 0;  ///< 128
    std::uint64_t normal_minutes = 0; ///< announced for SECURITY ERASE UNIT; 0: not told
    std::uint64_t enhanced_minutes = 0;
    /// Whether its overwrite can be told to end in the pattern as it is given; absent: not told.
    std::optional<bool> definitive_end = {};

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("crypto_scramble", self.crypto_scramble);
        visit("block_erase", self.block_erase);
        visit("overwrite", self.overwrite);
        visit("sanitize", self.sanitize);
        visit("sanitize_progress", self.sanitize_progress);
        visit("security", self.security);
        visit("enhanced", self.enhanced);
        visit("security_word", self.security_word);
        visit("normal_minutes", self.normal_minutes);
        visit("enhanced_minutes", self.enhanced_minutes);
        visit("definitive_end", self.definitive_end);
    }
};

/// Why no block of it can be read or written for now; nothing when they can.
[[nodiscard]] inline std::optional<std::string> why_without_blocks(const AtaErasure& told) {
    constexpr std::uint32_t locked = 0x0004; // ACS-4: IDENTIFY DEVICE word 128
    if (told.sanitize == SanitizeState::in_progress) return "it is erasing itself";
    if (told.sanitize == SanitizeState::failed)
        return "it has failed to erase itself; quietus recover ends that state";
    if (told.security && (told.security_word & locked) != 0)
        return "it is locked by a password; one of ours quietus recover takes off";
    return std::nullopt;
}

} // namespace quietus
