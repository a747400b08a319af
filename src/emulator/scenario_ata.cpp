#include "scenario_firmware.hpp"

#include "quietus/emulator/ata_drive.hpp"

#include <algorithm>
#include <chrono>

namespace quietus {

template <>
inline constexpr auto enum_texts<emulator::HiddenBy> = spellings("hpa", "ama", "dco", "scsi");

namespace emulator {
namespace {

/// What an operation of SANITIZE DEVICE is called in a scenario.
enum class Operation : std::uint8_t { crypto_scramble, block_erase, overwrite };

} // namespace
} // namespace emulator

template <>
inline constexpr auto enum_texts<emulator::Operation> = spellings("crypto-scramble", "block-erase",
                                                                  "overwrite");

namespace emulator {
namespace {

constexpr std::uint64_t most_minutes = 65534; // what words 89 and 90 can say

void read_times(TableReader& reader, SecurityTraits& security) {
    auto normal = static_cast<std::uint64_t>(security.normal_takes.count());
    auto enhanced = static_cast<std::uint64_t>(security.enhanced_takes.count());
    reader.number("normal_minutes", normal);
    reader.number("enhanced_minutes", enhanced);
    reader.require(normal <= most_minutes && enhanced <= most_minutes,
                   "normal_minutes, enhanced_minutes: more than 65534");
    security.normal_takes = std::chrono::minutes(std::min(normal, most_minutes));
    security.enhanced_takes = std::chrono::minutes(std::min(enhanced, most_minutes));
}

void read_sanitize(TableReader& reader, SanitizeTraits& sanitize) {
    const std::vector<Operation> operations = reader.choice<Operation>("sanitize");
    const auto offers = [&](Operation operation) {
        return std::ranges::find(operations, operation) != operations.end();
    };
    sanitize.supported = !operations.empty();
    sanitize.crypto_scramble = offers(Operation::crypto_scramble);
    sanitize.block_erase = offers(Operation::block_erase);
    sanitize.overwrite = offers(Operation::overwrite);
}

Status read_table(const Toml& table, AtaTraits& traits, HiddenBy& hidden) {
    TableReader reader(table);
    reader.word("hidden_by", hidden);
    reader.flag("encrypts", traits.encrypts);
    reader.flag("zoned", traits.zoned);
    reader.flag("definitive_ending", traits.sanitize.definitive_ending_pattern);
    reader.flag("stop_half_way", traits.stops_program);
    read_tcg(reader, traits.tcg);
    reader.flag("security", traits.security.supported);
    reader.flag("enhanced", traits.security.enhanced);
    reader.text("user_password", traits.security.user_password);
    reader.require(traits.security.user_password.size() <= 32,
                   "user_password: more than 32 octets");
    read_times(reader, traits.security);
    read_sanitize(reader, traits.sanitize);
    return reader.finish();
}

// What else is said of the drive, as IDENTIFY DEVICE has it. Nothing that is kept from run to run
// may be beyond the blocks: there are no spare ones and no stale copies.
void complete(AtaTraits& traits, const ScenarioDrive& drive, HiddenBy hidden) {
    const Drive& facts = drive.facts;
    traits.firmware = facts.firmware.substr(0, 8);
    traits.wwn = 0;
    traits.logical_bytes = traits.physical_bytes = drive.traits.block_bytes;
    traits.blocks = facts.native_size_bytes.value_or(facts.size_bytes) / traits.logical_bytes;
    const std::uint64_t shown = facts.size_bytes / traits.logical_bytes;
    (hidden == HiddenBy::dco    ? traits.dco_blocks
     : hidden == HiddenBy::scsi ? traits.scsi_blocks
                                : traits.accessible_blocks) = shown;
    traits.max_address = hidden == HiddenBy::ama ? MaxAddress::ama : MaxAddress::hpa;
    traits.rotates = facts.medium == Medium::magnetic || facts.medium == Medium::hybrid;
    traits.cached_writes = drive.traits.cached_writes;
    traits.bytes_a_second = drive.traits.bytes_a_second;
    traits.spare_blocks = 0;
}

} // namespace

Status read_ata(const Toml* table, ScenarioDrive& drive) {
    HiddenBy hidden = HiddenBy::hpa;
    if (table != nullptr)
        if (auto status = read_table(*table, *drive.ata, hidden); !status) return status;
    complete(*drive.ata, drive, hidden);
    return {};
}

std::unique_ptr<AtaDrive> make_ata_drive(const ScenarioDrive& drive, SimulatedClock& clock) {
    if (!drive.ata) return nullptr;
    AtaTraits traits = *drive.ata;
    traits.serial = drive.facts.serial;
    traits.model = drive.facts.model;
    return make_filled<AtaDrive>(traits, drive, clock);
}

} // namespace emulator
} // namespace quietus
