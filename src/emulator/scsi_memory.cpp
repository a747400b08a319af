#include "quietus/emulator/scsi_memory.hpp"

#include "read_memory.hpp"
#include "scsi_states.hpp"

#include <algorithm>

namespace quietus::emulator {
namespace {

constexpr std::uint32_t states = 7;
constexpr std::size_t longest_serial = 20;

bool is_possible(const ScsiUnitMemory& unit, const ScsiTraits& traits) {
    const std::uint64_t bytes = traits.blocks * traits.block_bytes;
    const bool sanitizes = unit.state == static_cast<std::uint32_t>(ScsiState::sanitizing);
    const bool formats = unit.state == static_cast<std::uint32_t>(ScsiState::formatting);
    const bool runs = unit.running.has_value();
    const bool fits =
        !runs || (unit.running->sanitizes == sanitizes && is_sound(*unit.running, bytes));
    return unit.state < states && (sanitizes || formats) == runs && fits &&
           unit.shown_blocks != 0 && unit.shown_blocks <= traits.blocks &&
           std::ranges::all_of(unit.unwritten,
                               [&](const Extent& each) { return is_inside(each, bytes); });
}

bool is_possible(const ScsiMemory& memory, const ScsiTraits& traits) {
    return memory.serial.size() <= longest_serial && memory.units.size() == traits.units &&
           std::ranges::all_of(
               memory.units, [&](const ScsiUnitMemory& each) { return is_possible(each, traits); });
}

} // namespace

std::string written(const ScsiMemory& memory) {
    return to_line(to_json(memory)) + "\n";
}

Result<ScsiMemory> read_scsi_memory(std::string_view text, const ScsiTraits& traits) {
    return read_memory<ScsiMemory>(text, traits, is_possible);
}

} // namespace quietus::emulator
