// What a SCSI drive tells of itself, besides who it is: whether it can erase itself, how it is
// formatted, who else uses it.
#pragma once

#include "quietus/core/enum_text.hpp"
#include "quietus/record/ata_facts.hpp"

#include <cstdint>
#include <optional>
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

/// Why no block of it can be read or written for now; nothing when they can.
[[nodiscard]] inline std::optional<std::string> why_without_blocks(const ScsiErasure& told) {
    switch (told.condition) {
    case ScsiCondition::sanitizing:
        return "it is erasing itself";
    case ScsiCondition::formatting:
        return "it is being formatted";
    case ScsiCondition::sanitize_failed:
        return "it has failed to erase itself; quietus recover ends that state";
    case ScsiCondition::format_failed:
        return "a FORMAT UNIT has failed; quietus recover formats it again";
    case ScsiCondition::unknown:
    case ScsiCondition::idle:
    case ScsiCondition::attention:
    case ScsiCondition::not_ready:
        break;
    }
    return std::nullopt;
}

/// How a logical unit is formatted, who else uses it, and how it fares.
struct ScsiUnitFacts {
    std::uint64_t blocks = 0; ///< READ CAPACITY (16); 0: not told
    std::uint32_t block_bytes = 0;
    std::uint32_t protection = 0; ///< type of protection information; 0: none
    std::uint32_t protection_interval = 0;
    bool write_protected = false;
    std::uint32_t units = 0; ///< logical units of the drive, this one among them; 0: not told
    std::uint32_t ports = 0; ///< ways into the drive; 0: not told
    std::uint32_t registered_hosts = 0;     ///< keys that are registered with it
    std::optional<std::string> reserved_by; ///< the key of who has reserved it, hexadecimal
    HealthRecord health = {};

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("blocks", self.blocks);
        visit("block_bytes", self.block_bytes);
        visit("protection", self.protection);
        visit("protection_interval", self.protection_interval);
        visit("write_protected", self.write_protected);
        visit("units", self.units);
        visit("ports", self.ports);
        visit("registered_hosts", self.registered_hosts);
        visit("reserved_by", self.reserved_by);
        visit("health", self.health);
    }
};

} // namespace quietus
