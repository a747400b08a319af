// erase_by_firmware: has one drive erase itself, and sees whether it did.
//
// The way there is tried, the drive asked who it is and how it fares, what is hidden lifted,
// canaries put down; then the drive is told; then it is reset where that can be done, asked again,
// and read back in full. Where nothing is known of what it must return the host writes once more
// and reads that back: so every block that has an address is proven to hold nothing of before.
#pragma once

#include "quietus/core/clock.hpp"
#include "quietus/record/firmware_evidence.hpp"
#include "quietus/technique/firmware_watch.hpp"
#include "quietus/transport/block_port.hpp"
#include "quietus/transport/endurance.hpp"

#include <memory>

namespace quietus {

/// Where the drive is: as the commands that it takes, and as blocks.
class FirmwareBay {
  public:
    virtual ~FirmwareBay() = default;
    [[nodiscard]] virtual AtaPort& commands() = 0;
    /// Opened anew, past the host's caches, and of the size that the drive has now.
    [[nodiscard]] virtual Result<std::unique_ptr<BlockPort>> open_blocks() = 0;
    /// Whether it could be: what it and the host had cached is forgotten.
    [[nodiscard]] virtual bool reset() = 0;
};

struct FirmwareOrder {
    FirmwareMethod method = FirmwareMethod::ata_sanitize_overwrite;
    FirmwareOptions options = {};
};

/// None of it is owned.
struct FirmwareBench {
    FirmwareBay& bay;
    Clock& clock;
    FirmwareWatch& watch;
    Endurance endurance = {};
};

/// Never fails: what goes wrong is in the evidence, and judge_firmware() decides.
[[nodiscard]] FirmwareEvidence erase_by_firmware(const FirmwareOrder& order, FirmwareBench& bench);

} // namespace quietus
