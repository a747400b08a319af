#include "der.hpp"

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

} // namespace

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
