// DriveLink: an opened drive as the command languages it speaks. A null port: does not speak it.
#pragma once

#include "quietus/transport/block_port.hpp"

#include <memory>

namespace quietus {

struct DriveLink {
    std::unique_ptr<BlockPort> block;
};

} // namespace quietus
