#include "quietus/transport/linux/command_ports.hpp"

#include <linux/major.h>
#include <linux/mmc/ioctl.h>
#include <linux/nvme_ioctl.h>
#include <scsi/sg.h>
#include <sys/ioctl.h>

#include <array>

namespace quietus {

Ioctl kernel_ioctl() {
    return [](int descriptor, unsigned long request, void* argument) {
        return ::ioctl(descriptor, request, argument);
    };
}

std::span<const unsigned long> command_port_requests() {
    static constexpr std::array<unsigned long, 4> requests{SG_IO, NVME_IOCTL_ID,
                                                           NVME_IOCTL_ADMIN_CMD, MMC_IOC_CMD};
    return requests;
}

} // namespace quietus
