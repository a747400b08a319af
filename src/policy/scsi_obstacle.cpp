#include "quietus/policy/scsi_obstacle.hpp"

#include "obstacles.hpp"

#include "quietus/core/bytes.hpp"

#include <algorithm>
#include <cstddef>

namespace quietus {
namespace {

// What Linux makes block devices of: sd knows 512, 1024, 2048 and 4096.
bool has_blocks_for_a_host(std::uint32_t octets) {
    return octets == 512 || octets == 1024 || octets == 2048 || octets == 4096;
}

std::optional<std::string> obstacle_of(ScsiCondition condition) {
    switch (condition) {
    case ScsiCondition::sanitizing:
        return "it is sanitizing: wait until it has finished";
    case ScsiCondition::formatting:
        return "it is being formatted: wait until it has finished";
    case ScsiCondition::sanitize_failed:
        return "an earlier operation has failed: quietus recover ends that state";
    case ScsiCondition::format_failed:
        return "a FORMAT UNIT has failed: quietus recover formats it again";
    case ScsiCondition::not_ready:
        return "it is not ready";
    case ScsiCondition::unknown:
    case ScsiCondition::idle:
    case ScsiCondition::attention:
        break;
    }
    return std::nullopt;
}

std::optional<std::string> obstacle_of(const ScsiUnitFacts& unit, std::uint32_t within_reach) {
    if (unit.units > within_reach)
        return "it has " + std::to_string(unit.units) +
               " logical units, which are one drive, and " + std::to_string(within_reach) +
               (within_reach == 1 ? " of them is" : " of them are") +
               " within reach: this would leave the others, or erase them unseen";
    if (unit.reserved_by)
        return "another host has reserved it, with the key " + escaped(*unit.reserved_by) +
               ": it has to release it";
    if (unit.write_protected)
        return "it is write-protected: take that off, by its switch or SWP of its control mode "
               "page";
    return std::nullopt;
}

ScsiOffer offer_of(const ScsiErasure& told, Technique technique) {
    switch (technique) {
    case Technique::scsi_sanitize_crypto_erase:
        return told.crypto_erase;
    case Technique::scsi_sanitize_block_erase:
        return told.block_erase;
    case Technique::scsi_sanitize_overwrite:
        return told.overwrite;
    case Technique::scsi_format_unit:
        return told.format;
    default:
        break;
    }
    return ScsiOffer::no;
}

} // namespace

std::optional<std::string> scsi_format_obstacle(const ScsiUnitFacts& unit) {
    if (unit.block_bytes == 0) return "it does not tell how it is formatted";
    if (has_blocks_for_a_host(unit.block_bytes)) return std::nullopt;
    return "it is formatted with blocks of " + std::to_string(unit.block_bytes) +
           " octets, which no host can read back: format it with 512 first, by sg_format --format "
           "--size=512 of sg3_utils";
}

// How it is comes first: a drive that is busy with itself tells little else.
std::optional<std::string> scsi_obstacle(const ScsiErasure& told, const ScsiUnitFacts& unit,
                                         std::uint32_t within_reach, Technique technique) {
    if (auto found = obstacle_of(told.condition)) return found;
    if (offer_of(told, technique) == ScsiOffer::no) return "the drive does not have this operation";
    if (auto found = scsi_format_obstacle(unit)) return found;
    return obstacle_of(unit, within_reach);
}

std::optional<std::string> scsi_obstacle(const Drive& drive, Technique technique) {
    if (!drive.scsi_erasure) return "the drive takes no SCSI commands";
    const auto nodes = static_cast<std::uint32_t>(std::max<std::size_t>(drive.members.size(), 1));
    return scsi_obstacle(*drive.scsi_erasure, drive.scsi_unit.value_or(ScsiUnitFacts{}), nodes,
                         technique);
}

} // namespace quietus
