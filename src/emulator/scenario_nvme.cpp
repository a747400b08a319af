#include "scenario_firmware.hpp"

#include "quietus/emulator/nvme_drive.hpp"

#include <algorithm>
#include <chrono>

namespace quietus::emulator {
namespace {

constexpr std::uint64_t most_minutes = 65535;
constexpr std::uint64_t unallocated_block = 512;
constexpr std::uint64_t most_namespaces = 64;

Status read_table(const Toml& table, NvmeTraits& traits, std::uint64_t& namespaces) {
    TableReader reader(table);
    std::uint64_t minutes = 2;
    bool keeps_allocated = true;
    read_operations(reader, traits.sanitize);
    reader.number("namespaces", namespaces);
    reader.require(namespaces >= 1 && namespaces <= most_namespaces, "namespaces: not 1 to 64");
    reader.flag("verification", traits.sanitize.verification);
    reader.flag("no_deallocate", keeps_allocated);
    reader.flag("format", traits.format.supported);
    reader.flag("crypto_format", traits.format.crypto_erase);
    reader.number("format_minutes", minutes);
    reader.flag("encrypts", traits.encrypts);
    reader.flag("stop_half_way", traits.stops_program);
    read_tcg(reader, traits.tcg);
    reader.require(minutes != 0 && minutes <= most_minutes, "format_minutes: not 1 to 65535");
    traits.format.user_takes =
        std::chrono::minutes(std::clamp<std::uint64_t>(minutes, 1, most_minutes));
    traits.sanitize.no_deallocate_inhibited = !keeps_allocated;
    return reader.finish();
}

/// Of so many equal parts, but for the last, which has what is left over.
std::vector<NvmeNamespaceTraits> parts_of(const ScenarioDrive& drive, std::uint64_t namespaces) {
    const std::uint64_t blocks = drive.facts.size_bytes / drive.traits.block_bytes;
    const bool large = drive.traits.block_bytes == 4096;
    std::vector<NvmeNamespaceTraits> parts;
    for (std::uint32_t nsid = 1; nsid <= namespaces; ++nsid)
        parts.push_back({.nsid = nsid,
                         .blocks = blocks / namespaces,
                         .format = static_cast<std::uint8_t>(large ? 1 : 0)});
    parts.back().blocks += blocks % namespaces;
    return parts;
}

// What else is said of the drive: its namespaces, and what none has. Nothing that is kept from run
// to run may be beyond those blocks: there are no spare ones and no stale copies.
void complete(NvmeTraits& traits, const ScenarioDrive& drive, std::uint64_t namespaces) {
    const Drive& facts = drive.facts;
    const std::uint64_t native = facts.native_size_bytes.value_or(facts.size_bytes);
    traits.firmware = facts.firmware.substr(0, 8);
    traits.namespaces = parts_of(drive, namespaces);
    traits.unallocated_blocks = (native - facts.size_bytes) / unallocated_block;
    if (!traits.encrypts) traits.sanitize.crypto_erase = traits.format.crypto_erase = false;
    traits.cached_writes = drive.traits.cached_writes;
    traits.bytes_a_second = drive.traits.bytes_a_second;
    traits.spare_blocks = 0;
}

} // namespace

Status read_nvme(const Toml* table, ScenarioDrive& drive) {
    std::uint64_t namespaces = 1;
    if (table != nullptr)
        if (auto status = read_table(*table, *drive.nvme, namespaces); !status) return status;
    if (namespaces > drive.facts.size_bytes / drive.traits.block_bytes)
        return Error{Fault::invalid, "nvme, namespaces: more than the drive has blocks"};
    const bool one_is_left =
        std::ranges::find(drive.knobs, Knob::one_namespace_left) != drive.knobs.end();
    if (one_is_left && namespaces == 1)
        return Error{Fault::invalid, "knobs: one-namespace-left is of drives with several"};
    complete(*drive.nvme, drive, namespaces);
    return {};
}

std::unique_ptr<NvmeDrive> make_nvme_drive(const ScenarioDrive& drive, SimulatedClock& clock) {
    if (!drive.nvme) return nullptr;
    NvmeTraits traits = *drive.nvme;
    traits.serial = drive.facts.serial;
    traits.model = drive.facts.model;
    return make_filled<NvmeDrive>(traits, drive, clock);
}

} // namespace quietus::emulator
