#include "obstacles.hpp"

namespace quietus {

std::optional<std::string> nvme_obstacle(const Drive& drive, Technique /*technique*/) {
    if (!drive.nvme_erasure) return "the drive takes no NVMe commands";
    return "this version tells no NVMe drive to erase itself";
}

} // namespace quietus
