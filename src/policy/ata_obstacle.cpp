#include "obstacles.hpp"

namespace quietus {
namespace {

// Words 82, 85 and 128 of IDENTIFY DEVICE (ACS-4 clause 7.13).
std::optional<std::string> security_obstacle(const AtaErasure& told, bool enhanced) {
    constexpr std::uint32_t enabled = 0x0002;
    constexpr std::uint32_t frozen = 0x0008;
    constexpr std::uint32_t count_expired = 0x0010;
    if (!told.security) return "the drive does not have the security commands";
    if ((told.security_word & enabled) != 0)
        return "a password is set already; if an interrupted run has left it, quietus recover "
               "takes it off";
    if ((told.security_word & count_expired) != 0)
        return "too many wrong passwords: it takes none before a power cycle";
    if ((told.security_word & frozen) != 0)
        return "security is frozen, as firmware of computers does at start: suspend to memory and "
               "wake it, or plug it in while the computer runs";
    if (enhanced && !told.enhanced) return "the drive does not have the enhanced mode";
    return std::nullopt;
}

std::optional<std::string> sanitize_obstacle(const AtaErasure& told, bool has_it) {
    if (!has_it) return "the drive does not have this operation";
    switch (told.sanitize) {
    case SanitizeState::frozen:
        return "sanitize is frozen until a power cycle";
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

} // namespace

std::optional<std::string> ata_obstacle(const Drive& drive, Technique technique) {
    if (!drive.ata_erasure) return "the drive takes no ATA commands";
    const AtaErasure& told = *drive.ata_erasure;
    switch (technique) {
    case Technique::ata_sanitize_crypto_scramble:
        return sanitize_obstacle(told, told.crypto_scramble);
    case Technique::ata_sanitize_block_erase:
        return sanitize_obstacle(told, told.block_erase);
    case Technique::ata_sanitize_overwrite:
        return sanitize_obstacle(told, told.overwrite);
    case Technique::ata_security_erase_enhanced:
        return security_obstacle(told, true);
    case Technique::ata_security_erase:
        return security_obstacle(told, false);
    default:
        break;
    }
    return "no ATA command does that";
}

} // namespace quietus
