// Level0: what TCG Level 0 Discovery says of a drive that refuses to erase itself.
//
// Descriptors by the TCG Storage Architecture Core Specification 2.01 (3.3.6) and the Block SID
// Authentication feature set (feature 0402h), as sedutil reads them.
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/core/result.hpp"

namespace quietus::nvme {

struct Level0 {
    bool locking = false; ///< the drive has the Locking feature
    bool locking_enabled = false;
    bool locked = false;
    bool block_sid = false;            ///< the drive has the Block SID feature
    bool sid_blocked = false;          ///< firmware of the computer has made use of it
    bool until_hardware_reset = false; ///< a reset of the hardware ends that, not only power off
};

/// Fault::drive when it is cut short.
[[nodiscard]] Result<Level0> parse_level_0(ByteView data);

} // namespace quietus::nvme
