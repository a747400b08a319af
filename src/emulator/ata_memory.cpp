#include "quietus/emulator/ata_memory.hpp"

#include "read_memory.hpp"

#include "quietus/core/bytes.hpp"

namespace quietus::emulator {
namespace {

constexpr std::uint32_t sanitize_states = 6;
constexpr std::uint32_t security_states = 5;
constexpr std::uint32_t sanitizing = 2; // SD2
constexpr std::size_t password_octets = 32;
constexpr std::size_t longest_serial = 20;

bool is_octets(const std::string& text, std::size_t octets) {
    const auto read = from_hex(text);
    return read && read->size() == octets;
}

// Of a drive that could be in this state.
bool is_possible(const AtaMemory& memory, const AtaTraits& traits) {
    const std::uint64_t blocks = traits.blocks;
    const bool capacity = memory.native <= blocks && memory.accessible <= memory.native &&
                          memory.kept <= memory.native && memory.accessible != 0 &&
                          memory.scsi_blocks.value_or(1) != 0;
    const bool sanitizes = memory.running && memory.running->sanitizes;
    return memory.sanitize < sanitize_states && memory.security < security_states &&
           (memory.sanitize == sanitizing) == sanitizes &&
           is_octets(memory.user_password, password_octets) &&
           is_octets(memory.master_password, password_octets) &&
           memory.serial.size() <= longest_serial && memory.master_identifier <= 0xFFFF &&
           capacity &&
           (!memory.running || is_sound(*memory.running, blocks * traits.logical_bytes));
}

} // namespace

std::string written(const AtaMemory& memory) {
    return to_line(to_json(memory)) + "\n";
}

Result<AtaMemory> read_ata_memory(std::string_view text, const AtaTraits& traits) {
    return read_memory<AtaMemory>(text, traits, is_possible);
}

} // namespace quietus::emulator
