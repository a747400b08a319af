// Opening a drive that can erase itself: as blocks and as commands, over one descriptor.
#pragma once

#include "quietus/core/clock.hpp"
#include "quietus/core/result.hpp"
#include "quietus/record/drive.hpp"
#include "quietus/transport/drive_link.hpp"
#include "quietus/transport/linux/command_ports.hpp"
#include "quietus/transport/transfer_bytes.hpp"

#include <span>
#include <string>
#include <vector>

namespace quietus {

struct FirmwareOpening {
    /// Of its members in their order, or of the one node that it has; as for open_block_port.
    std::vector<std::string> paths;
    Transfers transfers = {};
    Clock& clock; ///< times the commands; outlives the link
    Ioctl ioctl = kernel_ioctl();
};

/// As open_block_port for each of its nodes, whose blocks are joined, and the drive's FirmwareBay
/// besides; of an NVMe drive only where they are all the namespaces that it has (Fault::unsupported
/// else). Descriptors, claims, locks, rings or threads and buffers are the same for both, made now
/// and kept until the last of them is gone: a process that is confined afterwards can still close
/// its blocks and open them anew. The bay cannot reset the drive and does not have the kernel look
/// at it again: both are for who may (Bay).
[[nodiscard]] Result<DriveLink> open_firmware_link(const Drive& drive,
                                                   const FirmwareOpening& opening);

/// The ioctl(2) requests by which its commands go, for a system-call filter: SG_IO, which needs
/// CAP_SYS_RAWIO; of an NVMe drive those for its controller and its namespace, which need
/// CAP_SYS_ADMIN.
[[nodiscard]] std::span<const unsigned long> firmware_requests(const Drive& drive);

} // namespace quietus
