// Why a SATA drive would not begin to erase itself, in words for people: the same on a plan, by
// what the drive told when it was found, and in a run, by what it tells then.
//
// A power-on reset or a hardware reset ends both frozen states (SANITIZE: Ultrastar DC HC580
// specification, 10.20; SECURITY: Hitachi DK23CA manual, SECURITY FREEZE LOCK). But COMRESET, which
// is the hardware reset of SATA, leaves that of SECURITY where the drive preserves software
// settings, as it does unless told otherwise (HC580, 10.15; Fujitsu MHZ2 BJ manual, 6.1.2.2).
#pragma once

#include "quietus/record/ata_facts.hpp"

#include <optional>
#include <string>

namespace quietus {

inline constexpr const char* sanitize_frozen = "frozen until a power cycle or a hardware reset";
inline constexpr const char* security_frozen =
    "security is frozen, as firmware of computers does at start, until a power cycle (a SATA drive "
    "mostly keeps that over a reset): suspend to memory and wake it, or plug it in while the "
    "computer runs";
inline constexpr const char* too_many_wrong_passwords =
    "too many wrong passwords: it takes none before a power cycle";
inline constexpr const char* no_such_operation = "the drive does not have this operation";
inline constexpr const char* no_definitive_end =
    "the drive does not say that it ends an inverted overwrite in a pattern as given";

/// Nothing when a SANITIZE can be begun in this state.
[[nodiscard]] inline std::optional<std::string> sanitize_obstacle(SanitizeState state) {
    switch (state) {
    case SanitizeState::frozen:
        return std::string("sanitize is ") + sanitize_frozen;
    case SanitizeState::in_progress:
        return "the drive has an operation under way already";
    case SanitizeState::failed:
        return "an earlier operation has failed: quietus recover ends that state";
    case SanitizeState::unknown:
        return "the drive does not say how its last operation has ended";
    case SanitizeState::idle:
    case SanitizeState::completed:
        break;
    }
    return std::nullopt;
}

/// The same of SECURITY ERASE UNIT (ACS-4: IDENTIFY DEVICE word 128), in its enhanced mode or not.
[[nodiscard]] inline std::optional<std::string> security_obstacle(const AtaErasure& told,
                                                                  bool enhanced) {
    constexpr std::uint32_t enabled_or_locked = 0x0006;
    constexpr std::uint32_t frozen = 0x0008;
    constexpr std::uint32_t count_expired = 0x0010;
    if (!told.security) return "the drive does not have the security commands";
    if ((told.security_word & enabled_or_locked) != 0)
        return "a password is set already; if an interrupted run has left it, quietus recover "
               "takes it off";
    if ((told.security_word & count_expired) != 0) return too_many_wrong_passwords;
    if ((told.security_word & frozen) != 0) return security_frozen;
    if (enhanced && !told.enhanced) return "the drive does not have the enhanced mode";
    return std::nullopt;
}

} // namespace quietus
