#include "quietus/policy/offers.hpp"

#include "firmware_plan.hpp"
#include "limits.hpp"
#include "obstacles.hpp"

#include "quietus/policy/firmware_expectation.hpp"
#include "quietus/policy/reach.hpp"
#include "quietus/policy/scsi_obstacle.hpp"
#include "quietus/policy/volumes.hpp"

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
    else if (const auto why = why_without_blocks(drive))
        offer = {Technique::overwrite, Level::none, false, "no block can be written: " + *why};
    else if (!storage_is_known(drive))
        offer.reason = "level none: the storage beneath is unknown to the host";
    else if (!drive.native_size_bytes)
        offer.reason = "native capacity unknown: the verdict can only be indeterminate";
    else
        offer.reason = "read back by the host; spare and remapped blocks are not reached";
    return offer;
}

OfferedTechnique offer_luks_erase(const Drive& drive) {
    const OfferedTechnique plain = offer_overwrite(drive);
    OfferedTechnique offer{Technique::luks_erase, Level::none, false, ""};
    if (auto obstacle = luks_obstacle(drive))
        offer.reason = std::move(*obstacle);
    else if (!plain.available)
        offer.reason = plain.reason;
    else
        offer = {Technique::luks_erase, Level::none, true,
                 "level none unless a rule accepts it as a clear: the keys go, ciphertext stays"};
    return offer;
}

std::optional<std::string> own_obstacle(const Drive& drive, Technique technique) {
    switch (language_of(technique)) {
    case CommandLanguage::none:
        break;
    case CommandLanguage::ata:
        return ata_obstacle(drive, technique);
    case CommandLanguage::scsi:
        return scsi_obstacle(drive, technique);
    case CommandLanguage::nvme:
        return nvme_obstacle(drive, technique);
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
    // A drive that is formatted with blocks of 520 octets has no size that a host would tell.
    if (drive.size_bytes == 0 && drive.scsi_unit)
        if (auto odd = scsi_format_obstacle(*drive.scsi_unit)) return odd;
    if (drive.size_bytes == 0) return "it has no blocks that could be read back";
    const std::vector<Part> beyond = parts_out_of_reach(drive);
    if (!beyond.empty()) return unreached(beyond);
    return own_obstacle(drive, technique);
}

OfferedTechnique offer_by_firmware(const Drive& drive, Technique technique) {
    const Level level = firmware_level(drive, technique, VendorClaim::none);
    if (auto obstacle = obstacle_of(drive, technique))
        return {technique, level, false, std::move(*obstacle)};
    if (level == Level::purge)
        return {technique, level, true,
                "purge by the drive's own word; what is read back proves clear"};
    return {technique, level, true, "read back by the host"};
}

} // namespace

OfferedTechnique offer_of(const Drive& drive, Technique technique) {
    if (technique == Technique::luks_erase) return offer_luks_erase(drive);
    return is_by_firmware(technique) ? offer_by_firmware(drive, technique) : offer_overwrite(drive);
}

std::vector<OfferedTechnique> offered_techniques(const Drive& drive) {
    std::vector<OfferedTechnique> offers{offer_of(drive, Technique::overwrite)};
    for (std::size_t index = 0; index < enum_texts<Technique>.size(); ++index) {
        const auto technique = static_cast<Technique>(index);
        if (is_by_firmware(technique) && language_of(technique) == language_of(drive))
            offers.push_back(offer_of(drive, technique));
    }
    if (!drive.luks.empty()) offers.push_back(offer_of(drive, Technique::luks_erase));
    return offers;
}

} // namespace quietus
