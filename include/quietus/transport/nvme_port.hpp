// NvmePort: admin commands to one NVMe controller.
//
// Implemented by transport/linux/nvme_admin_port and by fakes. A status other than success is a
// reply: an Error means that no completion came.
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/core/result.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace quietus {

/// NVM Express Base 2.0 clause 3.3.3: an admin command; with `in_bytes` 0 it moves no data.
struct NvmeCommand {
    std::uint8_t opcode = 0;
    std::uint32_t nsid = 0;
    std::array<std::uint32_t, 6> cdw10_15{};
    std::size_t in_bytes = 0; ///< what the controller may send
    std::chrono::milliseconds timeout{};
};

struct NvmeReply {
    /// Status field without the phase bit: DNR, More, CRD, SCT << 8, SC. 0 is success.
    std::uint16_t status = 0;
    std::uint32_t result = 0; ///< completion dword 0
    Bytes data;               ///< `in_bytes` of it on success, else empty

    /// Status code type and status code alone, as tables of the standard list them.
    [[nodiscard]] std::uint16_t code() const { return status & 0x7FFU; }
};

class NvmePort {
  public:
    virtual ~NvmePort() = default;
    /// Fault::io: the command never arrived, or timed out, or the controller went away.
    [[nodiscard]] virtual Result<NvmeReply> execute(const NvmeCommand& command) = 0;
    /// The namespace that the opened node stands for. Fault::io when it stands for a controller or
    /// cannot tell.
    [[nodiscard]] virtual Result<std::uint32_t> namespace_id() = 0;
};

} // namespace quietus
