// Command ports of Linux, each on a descriptor that is already open and stays the caller's.
//
// Every port takes the ioctl that it calls, so that tests see each request as the kernel would.
#pragma once

#include "quietus/transport/mmc_port.hpp"
#include "quietus/transport/nvme_port.hpp"
#include "quietus/transport/scsi_port.hpp"

#include <functional>
#include <memory>
#include <span>

namespace quietus {

/// ioctl(2): not negative, or -1 and errno.
using Ioctl = std::function<int(int descriptor, unsigned long request, void* argument)>;
[[nodiscard]] Ioctl kernel_ioctl();

/// All requests that the ports below make, for a system-call filter: SG_IO (2285h), NVME_IOCTL_ID
/// (4E40h), NVME_IOCTL_ADMIN_CMD (C0484E41h), MMC_IOC_CMD (C048B300h); numbers as on x86 and Arm.
[[nodiscard]] std::span<const unsigned long> command_port_requests();

/// SG_IO, on a whole SCSI disk's node (needs CAP_SYS_RAWIO for most commands) or an sg node.
[[nodiscard]] std::unique_ptr<ScsiPort> make_sg_io_port(int descriptor,
                                                        Ioctl ioctl = kernel_ioctl());
/// NVME_IOCTL_ADMIN_CMD, on a namespace's or a controller's node. Needs CAP_SYS_ADMIN. The kernel
/// does not compare a command's NSID with the node: the caller does.
[[nodiscard]] std::unique_ptr<NvmePort> make_nvme_admin_port(int descriptor,
                                                             Ioctl ioctl = kernel_ioctl());
/// MMC_IOC_CMD, on a whole card's node. Needs CAP_SYS_RAWIO. Only commands with one block of data
/// from the card.
[[nodiscard]] std::unique_ptr<MmcPort> make_mmc_ioctl_port(int descriptor,
                                                           Ioctl ioctl = kernel_ioctl());

} // namespace quietus
