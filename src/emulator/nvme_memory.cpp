#include "quietus/emulator/nvme_memory.hpp"

#include "nvme_pages.hpp"
#include "nvme_sanitize.hpp"
#include "read_memory.hpp"

#include <algorithm>

namespace quietus::emulator {
namespace {

constexpr std::uint32_t states = 7;
constexpr std::uint32_t most_passes = 16;
constexpr std::size_t longest_serial = 20;
constexpr std::uint64_t most_ns = std::uint64_t{1} << 62U;

std::uint64_t bytes_of(std::uint32_t medium, const NvmeTraits& traits) {
    constexpr std::uint64_t unallocated_block = 512;
    if (medium == traits.namespaces.size()) return traits.unallocated_blocks * unallocated_block;
    if (medium > traits.namespaces.size()) return 0;
    const NvmeNamespaceTraits& each = traits.namespaces[medium];
    return each.blocks << nvme_lba_format(each.format).value_or(NvmeLbaFormat{9, 0}).exponent;
}

// A sanitize operation processes while it runs; a format runs in no state of that machine. What is
// deallocated is deallocated after it.
bool is_possible(const NvmeMemory& memory, const NvmeTraits& traits) {
    const NvmeSanitizeMemory& machine = memory.sanitize;
    const auto is = [&](NvmeState state) {
        return machine.state == static_cast<std::uint32_t>(state);
    };
    const bool processes =
        is(NvmeState::restricted_processing) || is(NvmeState::unrestricted_processing);
    const auto is_part = [&](const NvmePartMemory& each) {
        const std::uint64_t bytes = bytes_of(each.medium, traits);
        return bytes != 0 && each.operation.sanitizes == processes &&
               is_sound(each.operation, bytes);
    };
    const bool runs = !memory.running.empty();
    return memory.serial.size() <= longest_serial && machine.state < states &&
           machine.failed_in < states && (processes ? runs : !runs || is(NvmeState::idle)) &&
           std::ranges::all_of(memory.running, is_part) && memory.passes <= most_passes &&
           memory.passes_done <= most_passes &&
           memory.deallocates_ns.has_value() == is(NvmeState::post_verification) &&
           memory.deallocates_ns.value_or(0) < most_ns;
}

} // namespace

std::string written(const NvmeMemory& memory) {
    return to_line(to_json(memory)) + "\n";
}

Result<NvmeMemory> read_nvme_memory(std::string_view text, const NvmeTraits& traits) {
    return read_memory<NvmeMemory>(text, traits, is_possible);
}

} // namespace quietus::emulator
