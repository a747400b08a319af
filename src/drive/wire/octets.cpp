#include "octets.hpp"

#include <algorithm>

namespace quietus::wire {

std::uint64_t big(ByteView bytes, std::size_t at, std::size_t width) {
    std::uint64_t value = 0;
    for (const std::uint8_t octet : part(bytes, at, width))
        value = value << 8U | octet;
    return value;
}

std::uint64_t little(ByteView bytes, std::size_t at, std::size_t width) {
    std::uint64_t value = 0;
    unsigned shift = 0;
    for (const std::uint8_t octet : part(bytes, at, width)) {
        value |= static_cast<std::uint64_t>(octet) << shift;
        shift += 8;
    }
    return value;
}

ByteView part(ByteView bytes, std::size_t at, std::size_t length) {
    if (at >= bytes.size()) return {};
    return bytes.subspan(at, std::min(length, bytes.size() - at));
}

bool all(ByteView bytes, std::uint8_t octet) {
    return std::ranges::all_of(bytes, [&](std::uint8_t each) { return each == octet; });
}

ByteView trimmed(ByteView text) {
    const auto padding = [](std::uint8_t octet) { return octet == ' ' || octet == 0; };
    while (!text.empty() && padding(text.front()))
        text = text.subspan(1);
    while (!text.empty() && padding(text.back()))
        text = text.first(text.size() - 1);
    return text;
}

std::string plain_text(ByteView text) {
    std::string plain;
    for (const std::uint8_t octet : trimmed(text)) {
        const bool printable = octet >= 0x20 && octet < 0x7F;
        plain += printable ? std::string(1, static_cast<char>(octet))
                           : "\\x" + to_hex(ByteView(&octet, 1));
    }
    return plain;
}

} // namespace quietus::wire
