// Technique, level and verdict: the words in which a result is stated.
#pragma once

#include "quietus/core/enum_text.hpp"

#include <cstdint>
#include <string>

namespace quietus {

/// A way to erase, in the catalogue's words.
enum class Technique : std::uint8_t {
    overwrite,
    ata_sanitize_crypto_scramble,
    ata_sanitize_block_erase,
    ata_sanitize_overwrite,
    ata_security_erase_enhanced,
    ata_security_erase,
    scsi_sanitize_crypto_erase,
    scsi_sanitize_block_erase,
    scsi_sanitize_overwrite,
    scsi_format_unit,
    nvme_sanitize_crypto_erase,
    nvme_sanitize_block_erase,
    nvme_sanitize_overwrite,
    nvme_format_crypto_erase,
    nvme_format_user_data,
    luks_erase,
};
template <>
inline constexpr auto enum_texts<Technique> = spellings(
    "overwrite", "ata-sanitize-crypto-scramble", "ata-sanitize-block-erase",
    "ata-sanitize-overwrite", "ata-security-erase-enhanced", "ata-security-erase",
    "scsi-sanitize-crypto-erase", "scsi-sanitize-block-erase", "scsi-sanitize-overwrite",
    "scsi-format-unit", "nvme-sanitize-crypto-erase", "nvme-sanitize-block-erase",
    "nvme-sanitize-overwrite", "nvme-format-crypto-erase", "nvme-format-user-data", "luks-erase");

/// The commands by which a technique is carried out; `none`: blocks are written, and that is all.
enum class CommandLanguage : std::uint8_t { none, ata, scsi, nvme };

[[nodiscard]] constexpr CommandLanguage language_of(Technique technique) {
    switch (technique) {
    case Technique::overwrite:
    case Technique::luks_erase:
        break;
    case Technique::ata_sanitize_crypto_scramble:
    case Technique::ata_sanitize_block_erase:
    case Technique::ata_sanitize_overwrite:
    case Technique::ata_security_erase_enhanced:
    case Technique::ata_security_erase:
        return CommandLanguage::ata;
    case Technique::scsi_sanitize_crypto_erase:
    case Technique::scsi_sanitize_block_erase:
    case Technique::scsi_sanitize_overwrite:
    case Technique::scsi_format_unit:
        return CommandLanguage::scsi;
    case Technique::nvme_sanitize_crypto_erase:
    case Technique::nvme_sanitize_block_erase:
    case Technique::nvme_sanitize_overwrite:
    case Technique::nvme_format_crypto_erase:
    case Technique::nvme_format_user_data:
        return CommandLanguage::nvme;
    }
    return CommandLanguage::none;
}

/// Whether the drive erases itself, by a command.
[[nodiscard]] constexpr bool is_by_firmware(Technique technique) {
    return language_of(technique) != CommandLanguage::none;
}

/// SANITIZE of ATA and SCSI, Sanitize of NVMe.
[[nodiscard]] constexpr bool is_any_sanitize(Technique method) {
    switch (method) {
    case Technique::ata_sanitize_crypto_scramble:
    case Technique::ata_sanitize_block_erase:
    case Technique::ata_sanitize_overwrite:
    case Technique::scsi_sanitize_crypto_erase:
    case Technique::scsi_sanitize_block_erase:
    case Technique::scsi_sanitize_overwrite:
    case Technique::nvme_sanitize_crypto_erase:
    case Technique::nvme_sanitize_block_erase:
    case Technique::nvme_sanitize_overwrite:
        return true;
    default:
        return false;
    }
}

/// Of an overwrite: what the field of its command can say (ACS-4: COUNT bits 3:0, of which 0 is 16,
/// and NVMe the same; SANITIZE of SCSI: five bits, of which 0 is none).
[[nodiscard]] constexpr std::uint32_t most_passes(Technique method) {
    return method == Technique::scsi_sanitize_overwrite ? 31 : 16;
}

/// What an erasure is good for, in the words of IEEE 2883; `none` for storage beneath which the
/// host cannot look. Per the shipped technique table, derived from published implementations; the
/// text of IEEE 2883 was not consulted.
enum class Level : std::uint8_t { none, clear, purge };
template <>
inline constexpr auto enum_texts<Level> = spellings("none", "clear", "purge");

/// Of a technique that reaches more by some vendors' implementation than by others ("possible
/// purge"): whether somebody who answers for it accepts what the vendor claims.
enum class VendorClaim : std::uint8_t { none, accepted };
template <>
inline constexpr auto enum_texts<VendorClaim> = spellings("none", "accepted");

/// What a level rests on.
enum class LevelBasis : std::uint8_t { host_read_back, drive_reported };
template <>
inline constexpr auto enum_texts<LevelBasis> = spellings("host_read_back", "drive_reported");

/// How a run ended for a drive. `failed` is first: it is what a record says until proof raises it.
enum class Verdict : std::uint8_t {
    failed,
    erased,
    unverified,
    indeterminate,
    interrupted,
    refused,
    unsupported,
    error,
};
template <>
inline constexpr auto enum_texts<Verdict> = spellings("failed", "erased", "unverified",
                                                      "indeterminate", "interrupted", "refused",
                                                      "unsupported", "error");

/// A technique on offer for a drive, or why it is not.
struct OfferedTechnique {
    Technique technique = Technique::overwrite;
    Level level = Level::none;
    bool available = false;
    std::string reason; ///< why not, or what the level rests on
};

} // namespace quietus
