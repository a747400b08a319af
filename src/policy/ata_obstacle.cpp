#include "obstacles.hpp"

#include "quietus/record/ata_obstacles.hpp"

namespace quietus {
namespace {

std::optional<std::string> obstacle_of_sanitize(const AtaErasure& told, bool has_it) {
    if (!has_it) return no_such_operation;
    return sanitize_obstacle(told.sanitize);
}

} // namespace

std::optional<std::string> ata_obstacle(const Drive& drive, Technique technique) {
    if (!drive.ata_erasure) return "the drive takes no ATA commands";
    const AtaErasure& told = *drive.ata_erasure;
    switch (technique) {
    case Technique::ata_sanitize_crypto_scramble:
        return obstacle_of_sanitize(told, told.crypto_scramble);
    case Technique::ata_sanitize_block_erase:
        return obstacle_of_sanitize(told, told.block_erase);
    case Technique::ata_sanitize_overwrite:
        return obstacle_of_sanitize(told, told.overwrite);
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
