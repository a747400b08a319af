// What an MMC card says of its areas. Its name and serial are in the CID, which the kernel has
// read.
#pragma once

#include "drive_identity.hpp"

#include "quietus/transport/mmc_port.hpp"

namespace quietus {

/// SEND_EXT_CSD. An SD card does not know it: that is a finding, and no more is learned.
[[nodiscard]] DriveIdentity ask_mmc(MmcPort& port);

} // namespace quietus
