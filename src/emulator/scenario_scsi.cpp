#include "scenario_firmware.hpp"

#include "quietus/emulator/scsi_drive.hpp"

#include <algorithm>
#include <chrono>

namespace quietus::emulator {
namespace {

constexpr std::uint64_t most_minutes = 65535;
constexpr std::uint64_t most_units = 8;
constexpr std::uint64_t key_of_another_host = 0x0123456789ABCDEF;

Status read_table(const Toml& table, ScsiTraits& traits) {
    TableReader reader(table);
    std::uint64_t units = 1;
    bool reserved = false;
    std::uint64_t minutes = 20;
    read_operations(reader, traits.sanitize);
    reader.number("units", units);
    reader.require(units >= 1 && units <= most_units, "units: not 1 to 8");
    traits.units = static_cast<unsigned>(std::clamp<std::uint64_t>(units, 1, most_units));
    reader.flag("exit_failure", traits.sanitize.exit_failure);
    reader.flag("format", traits.format.supported);
    reader.number("format_minutes", minutes);
    reader.flag("encrypts", traits.encrypts);
    reader.flag("descriptor_sense", traits.descriptor_sense);
    reader.flag("reserved", reserved);
    reader.flag("stop_half_way", traits.stops_program);
    read_tcg(reader, traits.tcg);
    reader.require(minutes != 0 && minutes <= most_minutes, "format_minutes: not 1 to 65535");
    traits.format.takes = std::chrono::minutes(std::clamp<std::uint64_t>(minutes, 1, most_minutes));
    if (reserved) traits.reserved_by = key_of_another_host;
    return reader.finish();
}

// What else is said of the drive. Nothing that is kept from run to run may be beyond the blocks:
// there are no spare ones and no stale copies.
void complete(ScsiTraits& traits, const ScenarioDrive& drive) {
    const Drive& facts = drive.facts;
    traits.revision = facts.firmware.substr(0, 4);
    traits.wwn = 0x5000C500A0B0C0D0;
    traits.block_bytes = drive.traits.block_bytes;
    traits.blocks =
        facts.native_size_bytes.value_or(facts.size_bytes) / traits.block_bytes / traits.units;
    const std::uint64_t shown = facts.size_bytes / traits.block_bytes / traits.units;
    traits.shown_blocks = shown == traits.blocks ? 0 : shown;
    if (!traits.encrypts) traits.sanitize.crypto_erase = false;
    traits.rotates = facts.medium == Medium::magnetic || facts.medium == Medium::hybrid;
    traits.cached_writes = drive.traits.cached_writes;
    traits.bytes_a_second = drive.traits.bytes_a_second;
    traits.spare_blocks = 0;
}

Status check_units(const ScsiTraits& traits, const ScenarioDrive& drive) {
    const Drive& facts = drive.facts;
    const bool one_is_left = std::ranges::find(drive.knobs, Knob::lun_left) != drive.knobs.end();
    if (one_is_left && traits.units == 1)
        return Error{Fault::invalid, "knobs: lun-left is of drives with several units"};
    if (facts.size_bytes % (std::uint64_t{traits.units} * drive.traits.block_bytes) != 0)
        return Error{Fault::invalid, "scsi, units: the drive's blocks are not so many equal parts"};
    if (traits.units > 1 && facts.native_size_bytes.value_or(facts.size_bytes) != facts.size_bytes)
        return Error{Fault::invalid, "scsi, units: a drive with several hides nothing"};
    return {};
}

} // namespace

Status read_scsi(const Toml* table, ScenarioDrive& drive) {
    if (table != nullptr)
        if (auto status = read_table(*table, *drive.scsi); !status) return status;
    if (auto status = check_units(*drive.scsi, drive); !status) return status;
    complete(*drive.scsi, drive);
    return {};
}

std::unique_ptr<ScsiDrive> make_scsi_drive(const ScenarioDrive& drive, SimulatedClock& clock) {
    if (!drive.scsi) return nullptr;
    ScsiTraits traits = *drive.scsi;
    traits.serial = drive.facts.serial;
    traits.vendor = "";
    traits.product = drive.facts.model;
    return make_filled<ScsiDrive>(traits, drive, clock);
}

} // namespace quietus::emulator
