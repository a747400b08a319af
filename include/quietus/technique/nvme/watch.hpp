// NvmeWatch: as FirmwareWatch, for operations of an NVMe drive's own firmware.
#pragma once

#include "quietus/core/clock.hpp"
#include "quietus/core/result.hpp"
#include "quietus/record/nvme_evidence.hpp"
#include "quietus/transport/nvme_port.hpp"

#include <chrono>
#include <cstdint>

namespace quietus {

class NvmeWatch {
  public:
    virtual ~NvmeWatch() = default;
    /// Sleeps that long, or until somebody asks to let go.
    virtual void wait(std::chrono::milliseconds at_most) = 0;
    /// By the drive's own word, of 65536.
    virtual void progressed(std::uint32_t /*done*/) {}
    /// Once true it stays true.
    [[nodiscard]] virtual bool release_requested() = 0;
    /// Puts it on stable storage. When that fails nothing more is begun.
    [[nodiscard]] virtual Status reached(const NvmeSanitizeRecord& record) = 0;
    [[nodiscard]] virtual Status reached(const NvmeFormatRecord& record) = 0;
};

/// What an operation is carried out with; none of it is owned.
struct NvmeDesk {
    NvmePort& port;
    Clock& clock;
    NvmeWatch& watch;
};

} // namespace quietus
