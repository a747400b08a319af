// TracedNvme: as TracedScsi, of the admin commands that an NVMe drive is sent.
//
//   nvme 84 nsid 00000000 cdw 00000402 00000000 00000000 00000000 00000000 00000000 -> 0000
//   00000000 # 12 ms
//
// Opcode, namespace and dwords 10 to 15; the status field without its phase bit and dword 0 of the
// completion; `data` and what the drive tells of itself: Identify, Get Log Page and Level 0
// Discovery. Never anything that it stores. A command without a completion is `lost`, with the
// reason behind its time.
#pragma once

#include "quietus/core/clock.hpp"
#include "quietus/transport/nvme_port.hpp"
#include "quietus/transport/traced_scsi.hpp"

namespace quietus {

class TracedNvme final : public NvmePort {
  public:
    /// All of them outlive it.
    TracedNvme(NvmePort& port, Clock& clock, WireLog& log)
        : port_(port), clock_(clock), log_(log) {}
    [[nodiscard]] Result<NvmeReply> execute(const NvmeCommand& command) override;
    /// No command to the drive: the host knows it.
    [[nodiscard]] Result<std::uint32_t> namespace_id() override { return port_.namespace_id(); }

  private:
    NvmePort& port_;
    Clock& clock_;
    WireLog& log_;
};

} // namespace quietus
