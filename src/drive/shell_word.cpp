#include "shell_word.hpp"

#include "quietus/core/bytes.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

namespace quietus {
namespace {

bool is_plain(char octet) {
    constexpr std::string_view plain = "/._-+:@%,";
    return (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z') ||
           (octet >= '0' && octet <= '9') || plain.find(octet) != std::string_view::npos;
}

std::string quoted(std::string_view name) {
    std::string word = "'";
    for (const char octet : name)
        word += octet == '\'' ? std::string("'\\''") : std::string(1, octet);
    return word + "'";
}

std::string spelled_out(std::string_view name) {
    std::string word = "$'";
    for (const char octet : name) {
        std::array<char, 8> spelled{};
        std::snprintf(spelled.data(), spelled.size(), "\\x%02x", static_cast<std::uint8_t>(octet));
        word += is_plain(octet) ? std::string(1, octet) : spelled.data();
    }
    return word + "'";
}

} // namespace

std::string shell_word(std::string_view name) {
    if (!name.empty() && std::all_of(name.begin(), name.end(), is_plain)) return std::string(name);
    const bool backslashes_only =
        escaped(name).size() ==
        name.size() + static_cast<std::size_t>(std::count(name.begin(), name.end(), '\\'));
    return backslashes_only ? quoted(name) : spelled_out(name);
}

} // namespace quietus
