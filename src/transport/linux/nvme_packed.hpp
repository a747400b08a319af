// An NVMe command as the kernel takes it: struct nvme_passthru_cmd (linux/nvme_ioctl.h).
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/transport/nvme_port.hpp"

#include <linux/nvme_ioctl.h>

#include <cstdint>

namespace quietus {

/// `data` outlives what is done with it.
[[nodiscard]] inline nvme_passthru_cmd packed_command(const NvmeCommand& command, Bytes& data) {
    nvme_passthru_cmd packed{};
    packed.opcode = command.opcode;
    packed.nsid = command.nsid;
    packed.addr = reinterpret_cast<std::uintptr_t>(data.empty() ? nullptr : data.data());
    packed.data_len = static_cast<std::uint32_t>(data.size());
    packed.cdw10 = command.cdw10_15[0];
    packed.cdw11 = command.cdw10_15[1];
    packed.cdw12 = command.cdw10_15[2];
    packed.cdw13 = command.cdw10_15[3];
    packed.cdw14 = command.cdw10_15[4];
    packed.cdw15 = command.cdw10_15[5];
    packed.timeout_ms = static_cast<std::uint32_t>(command.timeout.count());
    return packed;
}

} // namespace quietus
