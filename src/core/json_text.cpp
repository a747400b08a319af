#include "json_text.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace quietus {
namespace {

// The number of an escape \uXXXX at the front of the text.
std::optional<unsigned> escape_at(std::string_view text) {
    if (!text.starts_with("\\u") || text.size() < 6) return std::nullopt;
    unsigned value = 0;
    const auto end = text.data() + 6;
    const auto read = std::from_chars(text.data() + 2, end, value, 16);
    if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;
    return value;
}

bool is_high(unsigned value) {
    return value >= 0xD800 && value < 0xDC00;
}

bool is_low(unsigned value) {
    return value >= 0xDC00 && value < 0xE000;
}

// How many octets the escape at the front takes; it begins with a backslash.
std::size_t examine_escape(std::string_view text, JsonProblems& problems) {
    const auto value = escape_at(text);
    if (!value) return std::min<std::size_t>(text.size(), 2);
    if (!is_high(*value) && !is_low(*value)) return 6;
    const auto next = escape_at(text.substr(6));
    if (is_high(*value) && next && is_low(*next)) return 12;
    problems.add(JsonFlaw::surrogate,
                 "an escape that is half a character: " + std::string(text.substr(1, 5)));
    return 6;
}

} // namespace

bool JsonProblems::has(JsonFlaw flaw) const {
    return std::ranges::find(problems_, flaw, &JsonProblem::flaw) != problems_.end();
}

void examine_strings(std::string_view text, JsonProblems& problems) {
    bool inside = false;
    for (std::size_t at = 0; at < text.size();) {
        if (inside && text[at] == '\\') {
            at += examine_escape(text.substr(at), problems);
            continue;
        }
        if (text[at] == '"') inside = !inside;
        if (inside && static_cast<unsigned char>(text[at]) < 0x20)
            problems.add(JsonFlaw::control,
                         "a control character at byte " + std::to_string(at + 1));
        ++at;
    }
}

} // namespace quietus
