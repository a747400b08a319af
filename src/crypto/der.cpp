#include "der.hpp"

#include <algorithm>

namespace quietus::der {
namespace {

struct Length {
    std::size_t value;
    std::size_t octets; ///< that the length itself takes
};

// X.690 clause 10.1: definite, in the fewest octets.
std::optional<Length> read_length(ByteView from) {
    if (from.empty()) return std::nullopt;
    if (from[0] < 0x80) return Length{from[0], 1};
    const std::size_t count = from[0] & 0x7FU;
    if (count == 0 || count > 4 || from.size() <= count || from[1] == 0) return std::nullopt;
    std::size_t value = 0;
    for (std::size_t i = 1; i <= count; ++i)
        value = value << 8U | from[i];
    if (value < 0x80) return std::nullopt;
    return Length{value, 1 + count};
}

constexpr std::uint8_t boolean = 0x01;
constexpr std::uint8_t bit_string = 0x03;
constexpr std::uint8_t enumerated = 0x0A;
constexpr std::uint8_t constructed = 0x20;
constexpr std::uint8_t class_bits = 0xC0;
constexpr int deepest = 40;

// X.690 clause 8.3.2: the first nine bits neither all zero nor all one.
bool is_shortest_number(ByteView content) {
    if (content.empty()) return false;
    if (content.size() == 1) return true;
    const bool high = (content[1] & 0x80U) != 0;
    return !(content[0] == 0x00 && !high) && !(content[0] == 0xFF && high);
}

// Clauses 8.6.2 and 11.2.1.
bool has_no_stray_bits(ByteView content) {
    if (content.empty() || content[0] > 7) return false;
    if (content.size() == 1) return content[0] == 0;
    return (content.back() & ((1U << content[0]) - 1U)) == 0;
}

bool is_distinguished_primitive(const Element& element) {
    switch (element.tag) {
    case boolean: // clause 11.1
        return element.content.size() == 1 &&
               (element.content[0] == 0x00 || element.content[0] == 0xFF);
    case integer:
    case enumerated:
        return is_shortest_number(element.content);
    case bit_string:
        return has_no_stray_bits(element.content);
    default:
        return true;
    }
}

bool is_distinguished_list(ByteView octets, bool in_order, int depth) {
    if (depth > deepest) return false;
    ByteView before;
    for (Reader each(octets); !each.at_end();) {
        const auto element = each.next();
        if (!element) return false;
        if (in_order && std::ranges::lexicographical_compare(element->whole, before)) return false;
        before = element->whole;
        const bool nested = (element->tag & constructed) != 0;
        const bool universal = (element->tag & class_bits) == 0;
        // Clause 10.2: no string in pieces.
        if (nested && universal && element->tag != sequence && element->tag != set) return false;
        if (nested ? !is_distinguished_list(element->content, element->tag == set, depth + 1)
                   : !is_distinguished_primitive(*element))
            return false;
    }
    return true;
}

} // namespace

bool is_distinguished(ByteView octets) {
    return is_distinguished_list(octets, false, 0);
}

std::optional<Element> Reader::next() {
    constexpr std::uint8_t long_tag = 0x1F;
    if (rest_.empty() || (rest_[0] & long_tag) == long_tag) return std::nullopt;
    const auto length = read_length(rest_.subspan(1));
    if (!length || rest_.size() - 1 - length->octets < length->value) return std::nullopt;
    const std::size_t start = 1 + length->octets;
    const Element element{rest_[0], rest_.subspan(start, length->value),
                          rest_.first(start + length->value)};
    rest_ = rest_.subspan(start + length->value);
    return element;
}

std::optional<Element> Reader::next(std::uint8_t tag) {
    if (peek() != tag) return std::nullopt;
    return next();
}

} // namespace quietus::der
