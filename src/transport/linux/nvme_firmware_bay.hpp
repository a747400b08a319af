// The bay of an NVMe drive: commands to its controller by the node of its first namespace, and to
// each namespace by its own.
#pragma once

#include "lent_blocks.hpp"

#include "quietus/core/result.hpp"
#include "quietus/record/drive.hpp"
#include "quietus/transport/firmware_bay.hpp"
#include "quietus/transport/linux/open_firmware.hpp"

#include <memory>

namespace quietus {

/// Which controller answers follows from the node, by the kernel's own topology and not by names.
/// Fault::unsupported for a drive that has more namespaces than are opened: they could not be read
/// back. Fault::refused when a node stands for another one than was looked at.
[[nodiscard]] Result<std::unique_ptr<FirmwareBay>>
make_nvme_firmware_bay(const Drive& drive, SharedNodes nodes, const FirmwareOpening& opening);

} // namespace quietus
