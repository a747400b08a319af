#include "toml_fields.hpp"

#include "quietus/core/normal_form.hpp"

namespace quietus {
namespace {

// What stands on documents as it is: no longer than they take, and spelled in one way alone.
constexpr std::size_t text_max = 500;

const std::string* text_in(const Toml& value) {
    const auto* held = value.as<std::string>();
    const bool fits = held != nullptr && !held->empty() && held->size() <= text_max &&
                      escaped(*held) == *held && is_nfc(*held);
    return fits ? held : nullptr;
}

constexpr std::string_view a_text =
    "a text of 1 to 500 octets without control characters and backslashes";

} // namespace

const Toml* TomlFields::take(std::string_view name, Need need) {
    asked_.insert(name);
    const Toml* found = table_.find(name);
    if (found == nullptr && need == Need::required)
        add(table_.line(), "missing", std::string(name) + " is missing");
    return found;
}

void TomlFields::add(std::uint32_t line, std::string_view code, std::string text) {
    flaws_.push_back({line, std::string(code), std::move(text)});
}

void TomlFields::wrong(const Toml& value, std::string_view name, std::string_view what) {
    add(value.line(), "wrong-value", std::string(name) + ": not " + std::string(what));
}

LinedText TomlFields::lined_text(std::string_view name, Need need) {
    const Toml* value = take(name, need);
    if (value == nullptr) return {{}, table_.line()};
    const auto* held = text_in(*value);
    if (held == nullptr) {
        wrong(*value, name, a_text);
        return {{}, value->line()};
    }
    return {*held, value->line()};
}

std::string TomlFields::text(std::string_view name, Need need) {
    return lined_text(name, need).text;
}

std::vector<LinedText> TomlFields::texts(std::string_view name, Need need) {
    std::vector<LinedText> all;
    const Toml* value = take(name, need);
    if (value == nullptr) return all;
    const auto* list = value->as<Toml::Array>();
    if (list == nullptr || (list->empty() && need == Need::required)) {
        wrong(*value, name, "a list of texts");
        return all;
    }
    for (const Toml& each : *list)
        if (const auto* held = text_in(each))
            all.push_back({*held, each.line()});
        else
            wrong(each, name, a_text);
    return all;
}

std::vector<std::string> TomlFields::plain_texts(std::string_view name, Need need) {
    std::vector<std::string> all;
    for (LinedText& each : texts(name, need))
        all.push_back(std::move(each.text));
    return all;
}

std::optional<std::int64_t> TomlFields::number(std::string_view name, NumberRange range,
                                               Need need) {
    const Toml* value = take(name, need);
    if (value == nullptr) return std::nullopt;
    const auto* held = value->as<std::int64_t>();
    if (held != nullptr && *held >= range.least && *held <= range.most) return *held;
    wrong(*value, name,
          "a whole number from " + std::to_string(range.least) + " to " +
              std::to_string(range.most));
    return std::nullopt;
}

std::optional<bool> TomlFields::flag(std::string_view name) {
    const Toml* value = take(name, Need::optional);
    if (value == nullptr) return std::nullopt;
    const auto* held = value->as<bool>();
    if (held != nullptr) return *held;
    wrong(*value, name, "true or false");
    return std::nullopt;
}

const Toml* TomlFields::table(std::string_view name) {
    const Toml* value = take(name, Need::required);
    if (value == nullptr || value->as<Toml::Table>() != nullptr) return value;
    wrong(*value, name, "a table");
    return nullptr;
}

const Toml::Array& TomlFields::array(std::string_view name, Need need) {
    static const Toml::Array none;
    const Toml* value = take(name, need);
    if (value == nullptr) return none;
    const auto* list = value->as<Toml::Array>();
    if (list != nullptr) return *list;
    wrong(*value, name, "a list");
    return none;
}

void TomlFields::refuse_others() {
    const auto* members = table_.as<Toml::Table>();
    if (members == nullptr) return add(table_.line(), "wrong-value", "not a table");
    for (const auto& [name, value] : *members)
        if (!asked_.contains(name))
            add(value.line(), "unknown-member", "unknown member \"" + escaped(name) + "\"");
}

} // namespace quietus
