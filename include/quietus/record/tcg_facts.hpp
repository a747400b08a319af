// TcgFacts: what a drive tells of the keys that it encrypts itself with, by TCG Level 0 Discovery.
#pragma once

#include "quietus/core/enum_text.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace quietus {

/// The rules (security subsystem classes) that a drive's locking follows.
enum class SecuritySubsystem : std::uint8_t {
    enterprise,
    opal_1,
    opal_2,
    opalite,
    pyrite_1, ///< locks, and need not encrypt
    pyrite_2,
    ruby,
    key_per_io, ///< keys come with each command; the drive keeps none
};
template <>
inline constexpr auto enum_texts<SecuritySubsystem> = spellings("enterprise", "opal-1", "opal-2",
                                                                "opalite", "pyrite-1", "pyrite-2",
                                                                "ruby", "key-per-io");

/// What a drive may do when it is reverted, if it tells.
enum class RemovalMechanism : std::uint8_t {
    overwrite,
    block_erase,
    crypto_erase,
    unmap, ///< no erasure: a hint that blocks are not needed
    reset_write_pointers,
    vendor_specific,
};
template <>
inline constexpr auto
    enum_texts<RemovalMechanism> = spellings("overwrite", "block-erase", "crypto-erase", "unmap",
                                             "reset-write-pointers", "vendor-specific");

struct TcgFacts {
    std::vector<SecuritySubsystem> subsystems = {};
    bool locking = false;         ///< the drive has the Locking feature
    bool locking_enabled = false; ///< somebody has taken its keys into use
    bool locked = false;          ///< at least one range is out of reach now
    bool media_encryption = false;
    bool shadow_mbr = false;           ///< other blocks are shown in place of the first ones
    bool block_sid = false;            ///< the drive has the Block SID feature
    bool sid_blocked = false;          ///< firmware of the computer has made use of it
    bool until_hardware_reset = false; ///< a reset of the hardware ends that, not only power off
    /// Absent where the drive does not tell.
    std::optional<std::vector<RemovalMechanism>> removal = {};
    bool removal_under_way = false;
    std::string text = {}; ///< why nothing is known

    friend bool operator==(const TcgFacts&, const TcgFacts&) = default;
    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("subsystems", self.subsystems);
        visit("locking", self.locking);
        visit("locking_enabled", self.locking_enabled);
        visit("locked", self.locked);
        visit("media_encryption", self.media_encryption);
        visit("shadow_mbr", self.shadow_mbr);
        visit("block_sid", self.block_sid);
        visit("sid_blocked", self.sid_blocked);
        visit("until_hardware_reset", self.until_hardware_reset);
        visit("removal", self.removal);
        visit("removal_under_way", self.removal_under_way);
        visit("text", self.text);
    }
};

/// What a revert would do to what is on the medium.
enum class RevertEffect : std::uint8_t {
    unknown,  ///< the drive has no such rules, or did not tell
    new_keys, ///< it encrypts, and its keys are in use: they are made anew
    no_keys,  ///< it encrypts, and nobody has taken its keys into use: they may stay as they are
    removal,  ///< it does not encrypt, and tells of another way to erase
    nothing,  ///< it does not encrypt: locks alone are taken off
};

[[nodiscard]] inline RevertEffect revert_effect(const TcgFacts& facts) {
    if (!facts.locking || !facts.text.empty()) return RevertEffect::unknown;
    if (facts.media_encryption)
        return facts.locking_enabled ? RevertEffect::new_keys : RevertEffect::no_keys;
    if (!facts.removal) return RevertEffect::nothing;
    for (const RemovalMechanism each : *facts.removal)
        if (each == RemovalMechanism::overwrite || each == RemovalMechanism::block_erase)
            return RevertEffect::removal;
    return RevertEffect::nothing;
}

} // namespace quietus
