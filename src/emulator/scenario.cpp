#include "quietus/emulator/scenario.hpp"

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

constexpr std::uint64_t most_number = std::uint64_t{1} << 53U;
constexpr std::size_t longest_text = 64;

Error wrong(const Toml& value, const std::string& what) {
    return Error{Fault::invalid, "line " + std::to_string(value.line()) + ": " + what};
}

/// The keys of one table: each is taken once, by what it is for; one that nobody takes is unknown.
class TableReader {
  public:
    /// `table` is one.
    explicit TableReader(const Toml& table) : table_(table) {}

    /// What is there under this key; null when nothing is.
    const Toml* take(std::string_view key) {
        taken_.emplace_back(key);
        return table_.find(key);
    }
    void number(std::string_view key, std::uint64_t& into) {
        const Toml* node = take(key);
        if (node == nullptr) return;
        const auto* value = node->as<std::int64_t>();
        if (value == nullptr || *value < 0 || static_cast<std::uint64_t>(*value) > most_number)
            return fail(*node, std::string(key) + ": not a number from 0 to 2^53");
        into = static_cast<std::uint64_t>(*value);
    }
    void text(std::string_view key, std::string& into) {
        const Toml* node = take(key);
        if (node == nullptr) return;
        const auto* value = node->as<std::string>();
        if (value == nullptr || value->empty() || value->size() > longest_text ||
            escaped(*value) != *value)
            return fail(*node, std::string(key) + ": not a text of 1 to 64 printable octets");
        into = *value;
    }
    void flag(std::string_view key, bool& into) {
        const Toml* node = take(key);
        if (node == nullptr) return;
        const auto* value = node->as<bool>();
        if (value == nullptr) return fail(*node, std::string(key) + ": neither true nor false");
        into = *value;
    }
    template <SpelledEnum Enum>
    void word(std::string_view key, Enum& into) {
        const Toml* node = take(key);
        if (node == nullptr) return;
        const auto* value = node->as<std::string>();
        const auto known = value == nullptr ? std::nullopt : from_text<Enum>(*value);
        if (!known) return fail(*node, std::string(key) + ": none of " + all_of<Enum>());
        into = *known;
    }
    /// Each [[key]] of it.
    void tables(std::string_view key, const std::function<Status(const Toml&)>& each) {
        const Toml* node = take(key);
        if (node == nullptr) return;
        const auto* array = node->as<Toml::Array>();
        if (array == nullptr) return fail(*node, std::string(key) + ": not written as [[...]]");
        for (const Toml& one : *array) {
            if (one.as<Toml::Table>() == nullptr)
                return fail(one, std::string(key) + ": not written as [[...]]");
            if (auto status = each(one); !status) return keep(std::move(status).error());
        }
    }
    void need(std::initializer_list<std::string_view> keys) {
        for (const std::string_view key : keys)
            if (table_.find(key) == nullptr) fail(table_, std::string(key) + " is missing");
    }
    void require(bool holds, const std::string& otherwise) {
        if (!holds) fail(table_, otherwise);
    }

    /// The first thing that was wrong, an unknown key last.
    Status finish() {
        for (const auto& [key, value] : *table_.as<Toml::Table>())
            if (std::ranges::find(taken_, key) == taken_.end())
                fail(value, "unknown key \"" + escaped(key) + "\"");
        return problem_ ? Status(std::move(*problem_)) : Status{};
    }

  private:
    template <SpelledEnum Enum>
    static std::string all_of() {
        std::string all;
        for (const std::string_view each : enum_texts<Enum>)
            all += (all.empty() ? "" : ", ") + std::string(each);
        return all;
    }
    void fail(const Toml& node, const std::string& what) { keep(wrong(node, what)); }
    void keep(Error problem) {
        if (!problem_) problem_ = std::move(problem);
    }

    const Toml& table_;
    std::vector<std::string> taken_;
    std::optional<Error> problem_;
};

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
    ScenarioDrive drive{{}, {}, "the secret of a rehearsal", {}};
    std::string name;
    drive.facts.kind = DriveKind::ata;
    drive.facts.medium = Medium::magnetic;
    drive.facts.model = "emulated drive";
    reader.need({"name", "serial", "size"});
    reader.text("name", name);
    reader.require(is_plain_name(name), "name: other than letters, digits, - _ .");
    read_traits(reader, drive);
    read_facts(reader, drive.facts);
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
