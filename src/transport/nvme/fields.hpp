// Fields of what an NVMe drive sends: least significant octet first.
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/transport/nvme/capacity.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace quietus::nvme {

/// `width` (1 to 8) octets from `at` on, which are there.
[[nodiscard]] inline std::uint64_t field(ByteView page, std::size_t at, std::size_t width) {
    std::uint64_t value = 0;
    for (std::size_t i = width; i-- > 0;)
        value = value << 8U | page[at + i];
    return value;
}

[[nodiscard]] inline std::uint32_t field_32(ByteView page, std::size_t at) {
    return static_cast<std::uint32_t>(field(page, at, 4));
}

[[nodiscard]] inline Capacity field_128(ByteView page, std::size_t at) {
    return {field(page, at + 8, 8), field(page, at, 8)};
}

[[nodiscard]] inline bool has(std::uint64_t value, unsigned bit) {
    return (value >> bit & 1U) != 0;
}

/// Without the padding, octets outside printable ASCII as \xNN.
[[nodiscard]] inline std::string text_of(ByteView octets) {
    const auto pads = [](std::uint8_t octet) { return octet == ' ' || octet == 0; };
    while (!octets.empty() && pads(octets.front()))
        octets = octets.subspan(1);
    while (!octets.empty() && pads(octets.back()))
        octets = octets.first(octets.size() - 1);
    std::string text;
    for (const std::uint8_t octet : octets)
        text += octet >= 0x20 && octet < 0x7F ? std::string(1, static_cast<char>(octet))
                                              : "\\x" + to_hex({&octet, 1});
    return text;
}

} // namespace quietus::nvme
