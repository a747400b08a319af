// FirmwareWatch: the door through which an operation of a drive's own firmware is waited for.
//
// The drive erases without us. Whoever waits may let go: the operation goes on, and is found again
// by asking the drive.
#pragma once

#include "quietus/core/clock.hpp"
#include "quietus/core/result.hpp"
#include "quietus/record/firmware_evidence.hpp"
#include "quietus/transport/ata_port.hpp"

#include <chrono>
#include <cstdint>

namespace quietus {

class FirmwareWatch {
  public:
    virtual ~FirmwareWatch() = default;
    /// Sleeps that long, or until somebody asks to let go.
    virtual void wait(std::chrono::milliseconds at_most) = 0;
    /// By the drive's own word, of 65536.
    virtual void progressed(std::uint32_t /*done*/) {}
    /// Once true it stays true.
    [[nodiscard]] virtual bool release_requested() = 0;
    /// Puts it on stable storage. When that fails nothing more is begun.
    [[nodiscard]] virtual Status reached(const SanitizeRecord& record) = 0;
    [[nodiscard]] virtual Status reached(const SecurityRecord& record) = 0;
};

/// What an operation is carried out with; none of it is owned.
struct FirmwareDesk {
    AtaPort& port;
    Clock& clock;
    FirmwareWatch& watch;
};

} // namespace quietus
