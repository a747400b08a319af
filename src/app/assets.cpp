#include "quietus/app/assets.hpp"

#include "trust_directory.hpp"
#include "writers.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/file.hpp"
#include "quietus/core/toml.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace quietus {
namespace {

constexpr std::size_t assets_max = std::size_t{64} << 20U;

Error wrong(const Toml& value, const std::string& what) {
    return Error{Fault::invalid, "line " + std::to_string(value.line()) + ": " + what};
}

using BySerial = std::map<std::string, Assets::Entry, std::less<>>;

/// A member that an entry may have, and where it goes.
struct Member {
    std::string_view name;
    std::string Assets::Entry::*text;
};
constexpr std::array of_expected{Member{"asset_tag", &Assets::Entry::tag}};
constexpr std::array of_hold{Member{"reason", &Assets::Entry::reason},
                             Member{"cleared_by", &Assets::Entry::cleared_by}};

Status take_member(const std::string& name, const Toml& value, std::span<const Member> members,
                   std::pair<std::string, Assets::Entry>& entry) {
    const auto known = std::ranges::find(members, name, &Member::name);
    if (name != "serial" && known == members.end())
        return wrong(value, "unknown member \"" + escaped(name) + "\"");
    const auto* text = value.as<std::string>();
    if (text == nullptr || text->empty()) return wrong(value, name + ": not a text");
    (name == "serial" ? entry.first : entry.second.*known->text) = *text;
    return {};
}

Status read_entries(const Toml& list, std::span<const Member> members, BySerial& entries) {
    const auto* array = list.as<Toml::Array>();
    if (array == nullptr) return wrong(list, "not a list of tables");
    for (const Toml& each : *array) {
        const auto* table = each.as<Toml::Table>();
        if (table == nullptr) return wrong(each, "not a table");
        std::pair<std::string, Assets::Entry> entry;
        for (const auto& [name, value] : *table)
            if (auto status = take_member(name, value, members, entry); !status) return status;
        if (entry.first.empty()) return wrong(each, "serial is missing");
        if (entries.contains(entry.first))
            return wrong(each, "a second entry for the serial \"" + escaped(entry.first) + "\"");
        entries.insert(std::move(entry));
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
        auto status = expected ? read_entries(value, of_expected, assets.expected_)
                               : read_entries(value, of_hold, assets.holds_);
        if (!status) return std::move(status).error().during(name);
    }
    for (const auto& [serial, hold] : assets.holds_)
        if (hold.reason.empty())
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
    if (const auto hold = holds_.find(drive.serial);
        hold != holds_.end() && hold->second.cleared_by.empty())
        drive.guards.push_back({Interlock::on_hold, hold->second.reason, "", 0});
    if (!expected_.empty() && !expected_.contains(drive.serial))
        drive.guards.push_back({Interlock::not_expected,
                                drive.serial.empty()
                                    ? "it tells no serial, and only listed ones are expected here"
                                    : "its serial is not among those that are expected here",
                                "", 0});
}

std::string Assets::tag_of(const Drive& drive) const {
    const auto found = expected_.find(drive.serial);
    return found == expected_.end() ? "" : found->second.tag;
}

std::string Assets::clearance_of(const Drive& drive) const {
    const auto found = holds_.find(drive.serial);
    return found == holds_.end() ? "" : found->second.cleared_by;
}

} // namespace quietus
