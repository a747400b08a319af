#include "obstacles.hpp"

namespace quietus {

std::optional<std::string> scsi_obstacle(const Drive& drive, Technique /*technique*/) {
    if (!drive.scsi_erasure) return "the drive takes no SCSI commands";
    return "this version tells no SCSI drive to erase itself";
}

} // namespace quietus
