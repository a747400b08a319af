// Scenario: the emulated drives of an exercise, read from a file that an instructor can write.
//
// TOML, read strictly; the format is in quietus-rehearse(1), SCENARIOS. Whatever the file calls a
// drive, its model, serial, worldwide name and firmware bear the mark of record/rehearsal.hpp.
#pragma once

#include "quietus/core/result.hpp"
#include "quietus/emulator/ata_traits.hpp"
#include "quietus/emulator/knob.hpp"
#include "quietus/emulator/media.hpp"
#include "quietus/emulator/nvme_traits.hpp"
#include "quietus/emulator/scsi_traits.hpp"
#include "quietus/record/drive.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quietus::emulator {

class AtaDrive;
class NvmeDrive;
class ScsiDrive;

/// The largest file that is read, and the largest drive, in bytes: all of it is in memory.
inline constexpr std::size_t scenario_limit = std::size_t{1} << 20U;
inline constexpr std::uint64_t drive_limit = std::uint64_t{256} << 20U;

/// What keeps the blocks between size and native_size from being addressed.
enum class HiddenBy : std::uint8_t { hpa, ama, dco, scsi };

struct ScenarioDrive {
    Drive facts; ///< as detection shows it: node "rehearsal:NAME"
    MediaTraits traits;
    std::string secret = "the secret of a rehearsal"; ///< in each of its blocks until it is erased
    std::vector<MediaFault> faults;
    // Of a drive with firmware, that of its language: [drive.ata] and the like, or knobs.
    std::optional<AtaTraits> ata;
    std::optional<ScsiTraits> scsi;
    std::optional<NvmeTraits> nvme;
    std::vector<Knob> knobs;
};

struct Scenario {
    std::string title;
    std::vector<ScenarioDrive> drives; ///< in the order of the file; at least one
};

/// Fault::invalid with the line: not TOML, a key missing, unknown or twice, a value of another form
/// or out of range, two drives of one name.
[[nodiscard]] Result<Scenario> parse_scenario(std::string_view toml);
/// The same of a file, which the message names. Fault::usage when it cannot be read.
[[nodiscard]] Result<Scenario> read_scenario(const std::string& path);

/// The drive, full of its secret and with its knobs turned, but without its faults. Null when it
/// has no firmware of this language. `clock` outlives it.
[[nodiscard]] std::unique_ptr<AtaDrive> make_ata_drive(const ScenarioDrive& drive,
                                                       SimulatedClock& clock);
[[nodiscard]] std::unique_ptr<ScsiDrive> make_scsi_drive(const ScenarioDrive& drive,
                                                         SimulatedClock& clock);
[[nodiscard]] std::unique_ptr<NvmeDrive> make_nvme_drive(const ScenarioDrive& drive,
                                                         SimulatedClock& clock);

/// The names of faults, as scenarios have them: "write-error", "vanish".
[[nodiscard]] std::vector<std::string_view> fault_names();

} // namespace quietus::emulator
