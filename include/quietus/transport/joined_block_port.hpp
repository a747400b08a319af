// JoinedBlockPort: several nodes of one drive as one run of bytes, one behind the other.
//
// A drive is the whole unit: all namespaces of an NVMe subsystem, all logical units of a SCSI
// target. Who writes canaries, reads back or counts coverage then need not know that there are
// several. What is transferred is copied once more than with a single node.
#pragma once

#include "quietus/core/result.hpp"
#include "quietus/transport/block_port.hpp"

#include <memory>
#include <vector>

namespace quietus {

/// In this order; a single one comes back as it is. Fault::unsupported when their blocks are not of
/// one size, or one of them has an odd tail: offsets would not be those of blocks. There is at
/// least one.
[[nodiscard]] Result<std::unique_ptr<BlockPort>>
join_blocks(std::vector<std::unique_ptr<BlockPort>> members);

} // namespace quietus
