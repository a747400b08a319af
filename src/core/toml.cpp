#include "quietus/core/toml.hpp"

#include "quietus/core/bytes.hpp"

#include <toml++/toml.h>

#include <exception>

namespace quietus {
namespace {

std::uint32_t line_of(const toml::source_region& source) {
    return source.begin.line == 0 ? 1 : source.begin.line;
}

Toml converted(const toml::node& node);

Toml::Array converted_array(const toml::array& array) {
    Toml::Array values;
    values.reserve(array.size());
    for (const toml::node& each : array)
        values.push_back(converted(each));
    return values;
}

Toml::Table converted_table(const toml::table& table) {
    Toml::Table members;
    for (const auto& [key, value] : table)
        members.emplace_hint(members.end(), std::string(key.str()), converted(value));
    return members;
}

// No deeper than the library reads, which is 256 levels.
Toml converted(const toml::node& node) {
    const std::uint32_t line = line_of(node.source());
    if (const auto* table = node.as_table()) return {converted_table(*table), line};
    if (const auto* array = node.as_array()) return {converted_array(*array), line};
    if (const auto* text = node.as_string()) return {text->get(), line};
    if (const auto* number = node.as_integer()) return {number->get(), line};
    if (const auto* flag = node.as_boolean()) return {flag->get(), line};
    return {Toml::Other{}, line};
}

TomlReading flawed(std::uint32_t line, std::string text) {
    return {Toml(Toml::Table{}, 1), {{line, std::move(text)}}};
}

} // namespace

const Toml* Toml::find(std::string_view member) const {
    const auto* table = as<Table>();
    if (table == nullptr) return nullptr;
    const auto found = table->find(member);
    return found == table->end() ? nullptr : &found->second;
}

TomlReading read_toml(std::string_view text, std::size_t limit) {
    if (text.size() > limit) return flawed(1, "over " + std::to_string(limit) + " bytes");
    if (!is_utf8(text)) return flawed(1, "not UTF-8");
    try {
        return {converted(toml::parse(text)), {}};
    } catch (const toml::parse_error& problem) { // the library's way to say no
        return flawed(line_of(problem.source()), escaped(std::string_view(problem.description())));
    }
}

Result<Toml> parse_toml(std::string_view text, std::size_t limit) {
    TomlReading reading = read_toml(text, limit);
    if (reading.problems.empty()) return std::move(reading.value);
    const TomlProblem& problem = reading.problems.front();
    return Error{Fault::invalid, "line " + std::to_string(problem.line) + ": " + problem.text};
}

} // namespace quietus
