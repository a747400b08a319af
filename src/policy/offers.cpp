#include "quietus/policy/offers.hpp"

#include "firmware_plan.hpp"
#include "limits.hpp"

#include "quietus/policy/firmware_expectation.hpp"
#include "quietus/policy/reach.hpp"

#include <optional>
#include <string>
#include <utility>

namespace quietus {
namespace {

std::string unreached(const std::vector<Part>& beyond) {
    return "it does not reach " + part_in_words(beyond.front()) +
           (beyond.size() == 1 ? "" : " and further parts");
}

OfferedTechnique offer_overwrite(const Drive& drive) {
    OfferedTechnique offer{Technique::overwrite, overwrite_level(drive), true, ""};
    const std::vector<Part> beyond = parts_out_of_reach(drive);
    if (drive.size_bytes == 0)
        offer = {Technique::overwrite, Level::none, false, "nothing to write to: size 0"};
    else if (!beyond.empty())
        offer = {Technique::overwrite, Level::none, false, unreached(beyond)};
    else if (const auto why = why_without_blocks(drive.ata_erasure.value_or(AtaErasure{})))
        offer = {Technique::overwrite, Level::none, false, "no block can be written: " + *why};
    else if (!storage_is_known(drive))
        offer.reason = "level none: the storage beneath is unknown to the host";
    else if (!drive.native_size_bytes)
        offer.reason = "native capacity unknown: the verdict can only be indeterminate";
    else
        offer.reason = "read back by the host; spare and remapped blocks are not reached";
    return offer;
}

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

std::optional<std::string> own_obstacle(const AtaErasure& told, Technique technique) {
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
    case Technique::overwrite:
        break;
    }
    return std::nullopt;
}

// Of a RAID volume the drives answer behind the controller's back, if at all, and the volume is not
// they.
std::optional<std::string> obstacle_of(const Drive& drive, Technique technique) {
    if (drive.backing == Backing::raid_volume)
        return "a RAID controller's volume: attach the drives themselves to a plain adapter";
    if (!storage_is_known(drive)) return "no drive, but storage that something else presents";
    if (!drive.fabric.empty()) return "it is reached over a network";
    if (!drive.ata_erasure) return "the drive takes no ATA commands";
    if (drive.size_bytes == 0) return "it has no blocks that could be read back";
    const std::vector<Part> beyond = parts_out_of_reach(drive);
    if (!beyond.empty()) return unreached(beyond);
    return own_obstacle(*drive.ata_erasure, technique);
}

OfferedTechnique offer_by_firmware(const Drive& drive, Technique technique) {
    const Level level = firmware_level(drive, technique);
    if (auto obstacle = obstacle_of(drive, technique))
        return {technique, level, false, std::move(*obstacle)};
    if (level == Level::purge)
        return {technique, level, true,
                "purge by the drive's own word; what is read back proves clear"};
    return {technique, level, true, "read back by the host"};
}

} // namespace

OfferedTechnique offer_of(const Drive& drive, Technique technique) {
    return is_by_firmware(technique) ? offer_by_firmware(drive, technique) : offer_overwrite(drive);
}

std::vector<OfferedTechnique> offered_techniques(const Drive& drive) {
    std::vector<OfferedTechnique> offers{offer_of(drive, Technique::overwrite)};
    if (!drive.ata_erasure) return offers;
    for (const auto technique :
         {Technique::ata_sanitize_crypto_scramble, Technique::ata_sanitize_block_erase,
          Technique::ata_sanitize_overwrite, Technique::ata_security_erase_enhanced,
          Technique::ata_security_erase})
        offers.push_back(offer_of(drive, technique));
    return offers;
}

} // namespace quietus
