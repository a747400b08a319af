// What an NVMe controller says of itself, and of the namespaces of its subsystem.
#pragma once

#include "drive_identity.hpp"

#include "quietus/transport/nvme_port.hpp"

namespace quietus {

/// The port's own namespace fills the identity; all others, attached or not, become parts. Where a
/// controller cannot list what is not attached, and should, that is a finding.
[[nodiscard]] DriveIdentity ask_nvme(NvmePort& port);

} // namespace quietus
