#include "serial_text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>

namespace quietus {
namespace {

/// Fewer digits than this may be a serial that was given out in earnest.
constexpr std::size_t least_digits_in_a_row = 8;

bool is_one_character(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [&](char each) { return each == text.front(); });
}

bool begins_endless_digits(std::string_view text, std::string_view digits) {
    if (text.size() < least_digits_in_a_row) return false;
    for (std::size_t i = 0; i < text.size(); ++i)
        if (std::toupper(static_cast<unsigned char>(text[i])) != digits[i % digits.size()])
            return false;
    return true;
}

} // namespace

std::string trimmed(std::string_view text) {
    const auto padding = [](char octet) {
        return octet == '\0' || std::isspace(static_cast<unsigned char>(octet)) != 0;
    };
    while (!text.empty() && padding(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && padding(text.back()))
        text.remove_suffix(1);
    return std::string(text);
}

std::string normalised_serial(std::string_view octets) {
    std::string text;
    for (const char each : trimmed(octets)) {
        const auto octet = static_cast<unsigned char>(each);
        if (octet >= 0x20 && octet < 0x7f && each != '\\') {
            text += each;
            continue;
        }
        std::array<char, 8> spelled{};
        std::snprintf(spelled.data(), spelled.size(), "\\x%02x", octet);
        text += spelled.data();
    }
    return text;
}

bool is_placeholder_serial(std::string_view serial) {
    if (serial.empty() || is_one_character(serial)) return true;
    constexpr std::array<std::string_view, 4> rows{"0123456789ABCDEF", "123456789ABCDEF0",
                                                   "0123456789", "1234567890"};
    return std::any_of(rows.begin(), rows.end(), [&](std::string_view digits) {
        return begins_endless_digits(serial, digits);
    });
}

} // namespace quietus
