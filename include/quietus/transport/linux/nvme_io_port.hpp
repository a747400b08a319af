// NVME_IOCTL_IO_CMD as a port, on a descriptor that is already open and stays the caller's.
#pragma once

#include "quietus/transport/linux/command_ports.hpp"
#include "quietus/transport/nvme_io_port.hpp"

#include <memory>

namespace quietus {

/// On the node of a namespace, whose number the kernel compares with that of the command. Needs
/// CAP_SYS_ADMIN.
[[nodiscard]] std::unique_ptr<NvmeIoPort> make_nvme_io_port(int descriptor,
                                                            Ioctl ioctl = kernel_ioctl());

} // namespace quietus
