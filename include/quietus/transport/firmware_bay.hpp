// FirmwareBay: an open drive as the commands that it takes, and what a command may ask of the host.
#pragma once

#include "quietus/core/result.hpp"
#include "quietus/transport/ata_port.hpp"
#include "quietus/transport/block_port.hpp"
#include "quietus/transport/nvme_io_port.hpp"
#include "quietus/transport/nvme_port.hpp"
#include "quietus/transport/scsi_port.hpp"

#include <memory>
#include <string>
#include <vector>

namespace quietus {

class FirmwareBay {
  public:
    virtual ~FirmwareBay() = default;
    /// The languages that are spoken on the way to it, the bay's own; null: not that one. A way for
    /// SCSI commands has one for ATA commands too, which the drive need not understand.
    [[nodiscard]] virtual AtaPort* ata() { return nullptr; }
    [[nodiscard]] virtual ScsiPort* scsi() { return nullptr; }
    /// To each of its logical units, in the order of their blocks; the first is scsi().
    [[nodiscard]] virtual std::vector<ScsiPort*> scsi_units() {
        ScsiPort* const only = scsi();
        return only == nullptr ? std::vector<ScsiPort*>{} : std::vector<ScsiPort*>{only};
    }
    [[nodiscard]] virtual NvmePort* nvme() { return nullptr; }
    /// To its namespaces, past the host's block layer; null where there is no such way.
    [[nodiscard]] virtual NvmeIoPort* nvme_io() { return nullptr; }
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
