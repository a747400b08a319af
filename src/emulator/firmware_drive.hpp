// FirmwareDrive: a drive of a scenario that erases itself, whatever its language, as who keeps it
// from run to run sees it.
#pragma once

#include "quietus/core/result.hpp"
#include "quietus/emulator/media.hpp"
#include "quietus/emulator/scenario.hpp"
#include "quietus/emulator/simulated_clock.hpp"
#include "quietus/transport/firmware_bay.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace quietus::emulator {

class FirmwareDrive {
  public:
    virtual ~FirmwareDrive() = default;
    /// All that it stores on, in an order that lasts; the first is what has addresses.
    [[nodiscard]] virtual std::vector<Media*> media() = 0;
    /// What its firmware knows, as a file.
    [[nodiscard]] virtual std::string memory() = 0;
    /// The same but for how far an operation is: that is no news at every question.
    [[nodiscard]] virtual std::string state() = 0;
    /// Goes on from there. Fault::invalid when no such drive can have written it.
    [[nodiscard]] virtual Status recall(std::string_view memory) = 0;
    /// What it tells of itself now.
    [[nodiscard]] virtual Status tell(Drive& facts) = 0;
    /// As the kernel opens them: of the size that they have now. One at a time.
    [[nodiscard]] virtual std::unique_ptr<BlockPort> open_block() = 0;
    /// The way for its commands, written down as they go. The drive outlives it.
    [[nodiscard]] virtual std::unique_ptr<FirmwareBay> open_commands() = 0;
};

/// Null when it has no firmware. `clock` outlives it.
[[nodiscard]] std::unique_ptr<FirmwareDrive> make_firmware_drive(const ScenarioDrive& drive,
                                                                 SimulatedClock& clock);

} // namespace quietus::emulator
