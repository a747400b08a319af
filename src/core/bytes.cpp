#include "quietus/core/bytes.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>

namespace quietus {
namespace {

constexpr std::string_view base64_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

int hex_value(char digit) {
    if (digit >= '0' && digit <= '9') return digit - '0';
    if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
    return -1;
}

struct CodePoint {
    std::uint32_t value;
    std::size_t length; ///< octets taken; 0 when they are not UTF-8
};

// RFC 3629 section 4: the shortest form only, no surrogates, nothing above U+10FFFF.
CodePoint decode(std::string_view text) {
    const auto first = static_cast<std::uint8_t>(text[0]);
    if (first < 0x80) return {first, 1};
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || text.size() < length) return {0, 0};
    std::uint32_t value = first & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        const auto next = static_cast<std::uint8_t>(text[i]);
        if ((next & 0xC0U) != 0x80U) return {0, 0};
        value = value << 6U | (next & 0x3FU);
    }
    constexpr std::array<std::uint32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
    const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
    if (value < least[length] || value > 0x10FFFF || surrogate) return {0, 0};
    return {value, length};
}

// C0, DEL, C1, line and paragraph separators, and everything that reorders or hides text.
bool is_hostile(std::uint32_t point) {
    return point < 0x20 || (point >= 0x7F && point < 0xA0) || point == 0xAD || point == 0x61C ||
           (point >= 0x200B && point <= 0x200F) || (point >= 0x2028 && point <= 0x202E) ||
           (point >= 0x2060 && point <= 0x206F) || point == 0xFEFF ||
           (point >= 0xE0000 && point <= 0xE007F);
}

} // namespace

ByteView as_bytes(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string_view as_text(ByteView bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string to_hex(ByteView bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (std::uint8_t byte : bytes) {
        text += digits[byte >> 4U];
        text += digits[byte & 0xFU];
    }
    return text;
}

bool is_hex(std::string_view text) {
    const auto digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    return text.size() % 2 == 0 && std::ranges::all_of(text, digit);
}

Result<Bytes> from_hex(std::string_view text) {
    if (text.size() % 2 != 0) return Error{Fault::invalid, "odd number of hexadecimal digits"};
    Bytes bytes;
    bytes.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = hex_value(text[i]);
        const int low = hex_value(text[i + 1]);
        if (high < 0 || low < 0) return Error{Fault::invalid, "not a hexadecimal digit"};
        bytes.push_back(static_cast<std::uint8_t>(high << 4 | low));
    }
    return bytes;
}

std::string to_base64(ByteView bytes) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const std::size_t octets = std::min<std::size_t>(3, bytes.size() - at);
        std::uint32_t group = 0;
        for (std::size_t i = 0; i < 3; ++i)
            group = group << 8U | (i < octets ? bytes[at + i] : 0U);
        for (std::size_t i = 0; i < 4; ++i)
            text += i <= octets ? base64_alphabet[group >> (18 - 6 * i) & 63U] : '=';
    }
    return text;
}

// Decoded leniently, then compared with the one spelling there is.
Result<Bytes> from_base64(std::string_view text) {
    Bytes bytes;
    std::uint32_t group = 0;
    unsigned bits = 0;
    for (const char digit : text.substr(0, text.find('='))) {
        const auto value = base64_alphabet.find(digit);
        if (value == base64_alphabet.npos) break;
        group = group << 6U | static_cast<std::uint32_t>(value);
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        bytes.push_back(static_cast<std::uint8_t>(group >> bits));
    }
    if (to_base64(bytes) != text) return Error{Fault::invalid, "not base 64"};
    return bytes;
}

void wipe(std::span<std::uint8_t> secret) {
    explicit_bzero(secret.data(), secret.size());
}

void wipe(std::string& secret) {
    explicit_bzero(secret.data(), secret.size());
    secret.clear();
}

std::string escaped(std::string_view hostile) {
    std::string text;
    while (!hostile.empty()) {
        const CodePoint point = decode(hostile);
        const std::size_t length = point.length == 0 ? 1 : point.length;
        std::array<char, 16> spelled{};
        if (point.length == 0)
            std::snprintf(spelled.data(), spelled.size(), "\\x%02x",
                          static_cast<std::uint8_t>(hostile[0]));
        else if (is_hostile(point.value))
            std::snprintf(spelled.data(), spelled.size(), "\\u{%04x}", point.value);
        else if (hostile[0] == '\\')
            spelled = {'\\', '\\'};
        text += spelled[0] != 0 ? std::string_view(spelled.data()) : hostile.substr(0, length);
        hostile.remove_prefix(length);
    }
    return text;
}

bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        const CodePoint point = decode(text);
        if (point.length == 0) return false;
        text.remove_prefix(point.length);
    }
    return true;
}

} // namespace quietus
