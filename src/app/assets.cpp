#include "quietus/app/assets.hpp"

#include "trust_directory.hpp"
#include "writers.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/file.hpp"
#include "quietus/core/toml.hpp"

#include <array>

namespace quietus {
namespace {

constexpr std::size_t assets_max = std::size_t{64} << 20U;

Error wrong(const Toml& value, const std::string& what) {
    return Error{Fault::invalid, "line " + std::to_string(value.line()) + ": " + what};
}

/// The texts of one entry: a serial, and one that may be said besides.
struct Entry {
    std::string serial;
    std::string other;
};

Result<Entry> read_entry(const Toml& toml, std::string_view other) {
    const auto* members = toml.as<Toml::Table>();
    if (members == nullptr) return wrong(toml, "not a table");
    Entry entry;
    for (const auto& [name, value] : *members) {
        const auto* text = value.as<std::string>();
        if (name != "serial" && name != other)
            return wrong(value, "unknown member \"" + escaped(name) + "\"");
        if (text == nullptr || text->empty()) return wrong(value, name + ": not a text");
        (name == "serial" ? entry.serial : entry.other) = *text;
    }
    if (entry.serial.empty()) return wrong(toml, "serial is missing");
    return entry;
}

using BySerial = std::map<std::string, std::string, std::less<>>;

Status read_entries(const Toml& list, std::string_view other, BySerial& entries) {
    const auto* array = list.as<Toml::Array>();
    if (array == nullptr) return wrong(list, "not a list of tables");
    for (const Toml& each : *array) {
        auto entry = read_entry(each, other);
        if (!entry) return std::move(entry).error();
        const std::string serial = entry->serial;
        if (!entries.emplace(std::move(entry->serial), std::move(entry->other)).second)
            return wrong(each, "a second entry for the serial \"" + escaped(serial) + "\"");
    }
    return {};
}

} // namespace

Result<Assets> Assets::from_toml(std::string_view text) {
    auto file = parse_toml(text, assets_max);
    if (!file) return std::move(file).error();
    Assets assets;
    for (const auto& [name, value] : *file->as<Toml::Table>()) {
        if (name != "expected" && name != "hold")
            return wrong(value, "unknown member \"" + escaped(name) + "\"");
        const bool expected = name == "expected";
        auto status = read_entries(value, expected ? "asset_tag" : "reason",
                                   expected ? assets.expected_ : assets.holds_);
        if (!status) return std::move(status).error().during(name);
    }
    for (const auto& [serial, reason] : assets.holds_)
        if (reason.empty())
            return Error{Fault::invalid, "hold: \"" + escaped(serial) + "\": reason is missing"};
    return assets;
}

Result<Assets> Assets::of(const std::string& state) {
    const std::string path = state + "/assets.toml";
    if (!exists(path)) return Assets{};
    if (auto status = check_writers(path); !status) return std::move(status).error();
    auto text = read_regular_file(path, assets_max);
    auto assets = text ? from_toml(*text) : Result<Assets>(text.error());
    if (assets) return assets;
    return Error{Fault::refused, path + ": " + assets.error().message};
}

void Assets::guard(Drive& drive) const {
    if (const auto hold = holds_.find(drive.serial); hold != holds_.end())
        drive.guards.push_back({Interlock::on_hold, hold->second, "", 0});
    if (!expected_.empty() && !expected_.contains(drive.serial))
        drive.guards.push_back({Interlock::not_expected,
                                drive.serial.empty()
                                    ? "it tells no serial, and only listed ones are expected here"
                                    : "its serial is not among those that are expected here",
                                "", 0});
}

std::string Assets::tag_of(const Drive& drive) const {
    const auto found = expected_.find(drive.serial);
    return found == expected_.end() ? "" : found->second;
}

} // namespace quietus
