#include "scenario_firmware.hpp"

#include "quietus/emulator/nvme_drive.hpp"

#include <algorithm>
#include <chrono>

namespace quietus::emulator {
namespace {

constexpr std::uint64_t most_minutes = 65535;
constexpr std::uint64_t unallocated_block = 512;

Status read_table(const Toml& table, NvmeTraits& traits) {
    TableReader reader(table);
    std::uint64_t minutes = 2;
    bool keeps_allocated = true;
    read_operations(reader, traits.sanitize);
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

// What else is said of the drive: one namespace, and what none has. Nothing that is kept from run
// to run may be beyond those blocks: there are no spare ones and no stale copies.
void complete(NvmeTraits& traits, const ScenarioDrive& drive) {
    const Drive& facts = drive.facts;
    const std::uint64_t native = facts.native_size_bytes.value_or(facts.size_bytes);
    const bool large = drive.traits.block_bytes == 4096;
    traits.firmware = facts.firmware.substr(0, 8);
    traits.namespaces = {{.nsid = 1,
                          .blocks = facts.size_bytes / drive.traits.block_bytes,
                          .format = static_cast<std::uint8_t>(large ? 1 : 0)}};
    traits.unallocated_blocks = (native - facts.size_bytes) / unallocated_block;
    if (!traits.encrypts) traits.sanitize.crypto_erase = traits.format.crypto_erase = false;
    traits.cached_writes = drive.traits.cached_writes;
    traits.bytes_a_second = drive.traits.bytes_a_second;
    traits.spare_blocks = 0;
}

} // namespace

Status read_nvme(const Toml* table, ScenarioDrive& drive) {
    if (table != nullptr)
        if (auto status = read_table(*table, *drive.nvme); !status) return status;
    complete(*drive.nvme, drive);
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
