// FirmwareBay: an open drive as the commands that it takes, and what a command may ask of the host.
#pragma once

#include "quietus/core/result.hpp"
#include "quietus/transport/ata_port.hpp"
#include "quietus/transport/block_port.hpp"

#include <memory>
#include <string>

namespace quietus {

class FirmwareBay {
  public:
    virtual ~FirmwareBay() = default;
    [[nodiscard]] virtual AtaPort& commands() = 0;
    /// Opened anew, past the host's caches, and of the size that the drive has now: the host looks
    /// at it again first. One at a time.
    [[nodiscard]] virtual Result<std::unique_ptr<BlockPort>> open_blocks() = 0;
    /// Whether it could be: what it and the host had cached is forgotten.
    [[nodiscard]] virtual bool reset() = 0;
    /// What was sent and answered since this was asked last, as TracedScsi writes it; empty where
    /// nobody writes it down.
    [[nodiscard]] virtual std::string take_transcript() { return {}; }
};

} // namespace quietus
