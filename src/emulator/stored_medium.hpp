// StoredMedium: a drive of a scenario, and the files that keep it from run to run.
#pragma once

#include "firmware_drive.hpp"

#include "quietus/core/result.hpp"
#include "quietus/emulator/emulated_host.hpp"

#include <memory>
#include <string>
#include <vector>

namespace quietus::emulator {

class EmulatedHost::StoredMedium {
  public:
    /// `path` is of the file with what its blocks hold; the others stand beside it. `drive` and
    /// `clock` outlive it.
    StoredMedium(const ScenarioDrive& drive, std::string path, SimulatedClock& clock);
    StoredMedium(const StoredMedium&) = delete;
    StoredMedium& operator=(const StoredMedium&) = delete;

    /// As it was saved last, then with its faults. Fault::invalid when the files are of no such
    /// drive.
    [[nodiscard]] Status load();
    /// False when it could not be.
    [[nodiscard]] bool save();
    [[nodiscard]] FirmwareDrive* firmware() { return firmware_.get(); } ///< null: it has none
    [[nodiscard]] std::uint64_t residue();
    /// Lent to one run; what a flush promises is in the files when it returns.
    [[nodiscard]] std::unique_ptr<BlockPort> open_block();
    /// The way for commands, null where there is none. What a command has changed is in the files
    /// before anybody hears of it.
    [[nodiscard]] std::unique_ptr<FirmwareBay> open_bay();

  private:
    class Port;
    class Bay;
    [[nodiscard]] std::vector<Media*> media();
    [[nodiscard]] std::string beside(const std::string& extension) const;
    [[nodiscard]] Status load_blocks();
    [[nodiscard]] Status load_memory();
    [[nodiscard]] Status load_unmapped();
    [[nodiscard]] bool save_unmapped();

    const ScenarioDrive& drive_;
    std::string path_;
    std::unique_ptr<FirmwareDrive> firmware_; ///< or
    std::unique_ptr<Media> plain_;            ///< a drive without firmware
};

} // namespace quietus::emulator
