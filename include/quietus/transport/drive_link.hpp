// DriveLink: an opened drive as the command languages it speaks. A null port: does not speak it.
#pragma once

#include "quietus/transport/block_port.hpp"
#include "quietus/transport/firmware_bay.hpp"

#include <memory>

namespace quietus {

struct DriveLink {
    std::unique_ptr<BlockPort> block;
    std::unique_ptr<FirmwareBay> firmware =
        nullptr; ///< of a drive that can erase itself; closed first
};

} // namespace quietus
