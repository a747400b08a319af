#include "quietus/emulator/scenario.hpp"

#include "scenario_firmware.hpp"
#include "table_reader.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/file.hpp"
#include "quietus/core/toml.hpp"
#include "quietus/record/rehearsal.hpp"

#include <algorithm>
#include <cerrno>
#include <functional>
#include <map>
#include <optional>

namespace quietus {

template <>
inline constexpr auto enum_texts<emulator::FaultKind> =
    spellings("write-error", "read-error", "flush-error", "write-slow", "read-slow", "write-hang",
              "read-hang", "flush-hang", "write-dropped", "write-misplaced", "write-torn",
              "read-flicker", "read-lazy", "power-cut", "vanish", "offline", "shrink", "grow",
              "read-only", "replaced", "alias", "write-stop");

namespace emulator {
namespace {

std::optional<int> error_number(std::string_view name) {
    static const std::map<std::string_view, int> numbers{
        {"EIO", EIO},         {"ENODEV", ENODEV},       {"ENXIO", ENXIO},
        {"ENOSPC", ENOSPC},   {"EROFS", EROFS},         {"ETIMEDOUT", ETIMEDOUT},
        {"ENODATA", ENODATA}, {"EREMOTEIO", EREMOTEIO}, {"ENOMEM", ENOMEM}};
    const auto found = numbers.find(name);
    if (found == numbers.end()) return std::nullopt;
    return found->second;
}

Result<MediaFault> read_fault(const Toml& table, const ScenarioDrive& drive) {
    TableReader reader(table);
    MediaFault fault;
    std::uint64_t first = 0;
    std::uint64_t blocks = 0;
    std::uint64_t delay = 0;
    std::string error = "EIO";
    reader.need({"kind"});
    reader.word("kind", fault.kind);
    reader.number("first_block", first);
    reader.number("blocks", blocks);
    reader.number("after", fault.after);
    reader.number("times", fault.times);
    reader.number("amount", fault.amount);
    reader.number("delay_ms", delay);
    reader.text("error", error);
    const auto number = error_number(error);
    reader.require(number.has_value(), "error: not one that drives are known by, such as EIO");
    const std::uint64_t block = drive.traits.block_bytes;
    const std::uint64_t all = drive.traits.size_bytes / block;
    reader.require(first < all && blocks <= all - std::min(first, all),
                   "first_block and blocks: beyond the drive");
    reader.require(fault.kind != FaultKind::alias || fault.amount != 0,
                   "alias: amount, the bytes that there really are, is missing");
    if (auto status = reader.finish(); !status) return std::move(status).error();
    fault.error = *number;
    fault.delay = std::chrono::milliseconds(delay);
    fault.where = {first * block, (blocks == 0 ? all - first : blocks) * block};
    return fault;
}

Result<Guard> read_guard(const Toml& table) {
    TableReader reader(table);
    Guard guard;
    reader.need({"interlock", "reason"});
    reader.word("interlock", guard.interlock);
    reader.text("reason", guard.reason);
    reader.text("release", guard.release);
    if (auto status = reader.finish(); !status) return std::move(status).error();
    return guard;
}

// Part of a node and of the name of a file.
bool is_plain_name(std::string_view text) {
    constexpr std::string_view others = "-_.";
    return !text.empty() && text.front() != '.' &&
           std::ranges::all_of(text, [&](unsigned char each) {
               return (each < 0x80 && std::isalnum(each) != 0) ||
                      others.find(static_cast<char>(each)) != others.npos;
           });
}

void read_facts(TableReader& reader, Drive& facts) {
    reader.word("kind", facts.kind);
    reader.word("medium", facts.medium);
    reader.text("model", facts.model);
    reader.text("serial", facts.serial);
    reader.text("firmware", facts.firmware);
    reader.text("wwn", facts.wwn);
    reader.flag("removable", facts.removable);
    std::uint64_t native = facts.size_bytes;
    reader.number("native_size", native);
    facts.native_size_bytes = native;
    reader.require(native >= facts.size_bytes, "native_size: less than size");
    reader.require(is_plain_name(facts.serial), "serial: other than letters, digits, - _ .");
}

void read_traits(TableReader& reader, ScenarioDrive& drive) {
    std::uint64_t block = 512;
    std::uint64_t cached = 0;
    reader.number("size", drive.traits.size_bytes);
    reader.number("block", block);
    reader.number("cached_writes", cached);
    reader.number("bytes_a_second", drive.traits.bytes_a_second);
    reader.text("secret", drive.secret);
    reader.require(block == 512 || block == 4096, "block: neither 512 nor 4096");
    if (block != 4096) block = 512; // what follows counts in blocks, right or wrong
    const std::uint64_t size = drive.traits.size_bytes;
    reader.require(size != 0 && size <= drive_limit && size % block == 0,
                   "size: not blocks of up to 256 MiB");
    reader.require(cached <= 1024, "cached_writes: more than 1024");
    drive.traits.block_bytes = static_cast<std::uint32_t>(block);
    drive.traits.cached_writes = static_cast<unsigned>(cached);
    drive.facts.size_bytes = size;
    drive.facts.logical_block_bytes = drive.facts.physical_block_bytes = drive.traits.block_bytes;
}

// What an operator sees, a document states and a file is called: all of it bears the word.
void mark(const std::string& name, Drive& facts) {
    facts.node = "rehearsal:" + name;
    facts.model = marked(facts.model);
    facts.firmware = marked(facts.firmware);
    for (std::string* each : {&facts.serial, &facts.wwn})
        if (!each->empty() && !is_marked(*each)) each->insert(0, std::string(rehearsal_mark) + "-");
    facts.serial_raw_hex = to_hex(as_bytes(facts.serial));
    facts.identity_source = IdentitySource::drive;
    facts.medium_evidence = facts.backing_evidence = "the scenario";
    facts.backing = Backing::physical;
    facts.zoned = Zoned::none;
    facts.probe = ProbeOutcome::answered;
    facts.port = "emulated";
    facts.provenance = Provenance::rehearsal;
}

Result<ScenarioDrive> read_drive(const Toml& table, std::uint64_t number) {
    TableReader reader(table);
    ScenarioDrive drive;
    std::string name;
    drive.facts.kind = DriveKind::ata;
    drive.facts.medium = Medium::magnetic;
    drive.facts.model = "emulated drive";
    reader.need({"name", "serial", "size"});
    reader.text("name", name);
    reader.require(is_plain_name(name), "name: other than letters, digits, - _ .");
    read_traits(reader, drive);
    read_facts(reader, drive.facts);
    read_firmware(reader, drive);
    reader.tables("guard", [&](const Toml& one) -> Status {
        auto guard = read_guard(one);
        if (!guard) return std::move(guard).error();
        drive.facts.guards.push_back(std::move(*guard));
        return {};
    });
    reader.tables("fault", [&](const Toml& one) -> Status {
        auto fault = read_fault(one, drive);
        if (!fault) return std::move(fault).error();
        drive.faults.push_back(*fault);
        return {};
    });
    if (auto status = reader.finish(); !status) return std::move(status).error();
    mark(name, drive.facts);
    drive.facts.diskseq = number;
    return drive;
}

Status refuse_doubles(const std::vector<ScenarioDrive>& drives) {
    for (auto one = drives.begin(); one != drives.end(); ++one)
        for (auto other = std::next(one); other != drives.end(); ++other)
            if (one->facts.node == other->facts.node || one->facts.serial == other->facts.serial)
                return Error{Fault::invalid, escaped(other->facts.node) +
                                                 ": a name or a serial that is taken already"};
    return {};
}

Result<Scenario> scenario_in(const Toml& file) {
    TableReader reader(file);
    Scenario scenario;
    reader.need({"title", "drive"});
    reader.text("title", scenario.title);
    reader.tables("drive", [&](const Toml& one) -> Status {
        auto drive = read_drive(one, scenario.drives.size() + 1);
        if (!drive) return std::move(drive).error();
        scenario.drives.push_back(std::move(*drive));
        return {};
    });
    if (auto status = reader.finish(); !status) return std::move(status).error();
    if (scenario.drives.empty()) return wrong(file, "no drive in it");
    if (auto status = refuse_doubles(scenario.drives); !status) return std::move(status).error();
    return scenario;
}

} // namespace

Result<Scenario> parse_scenario(std::string_view toml) {
    auto file = parse_toml(toml, scenario_limit);
    return file ? scenario_in(*file) : Result<Scenario>(std::move(file).error());
}

Result<Scenario> read_scenario(const std::string& path) {
    auto text = read_regular_file(path, scenario_limit);
    if (!text) return Error{Fault::usage, escaped(text.error().message)};
    auto scenario = parse_scenario(*text);
    if (!scenario) return std::move(scenario).error().during(escaped(path));
    return scenario;
}

std::vector<std::string_view> fault_names() {
    return {enum_texts<FaultKind>.begin(), enum_texts<FaultKind>.end()};
}

} // namespace emulator
} // namespace quietus
