// Fields of pages that an emulated drive hands out.
#pragma once

#include "quietus/core/bytes.hpp"

#include <cstdint>
#include <numeric>
#include <string_view>

namespace quietus::emulator {

inline void put_little(Bytes& page, std::size_t at, std::size_t octets, std::uint64_t value) {
    for (std::size_t i = 0; i < octets; ++i)
        page[at + i] = static_cast<std::uint8_t>(value >> (8 * i) & 0xFFU);
}

inline void put_big(Bytes& page, std::size_t at, std::size_t octets, std::uint64_t value) {
    for (std::size_t i = 0; i < octets; ++i)
        page[at + octets - 1 - i] = static_cast<std::uint8_t>(value >> (8 * i) & 0xFFU);
}

[[nodiscard]] inline std::uint64_t little(ByteView page, std::size_t at, std::size_t octets) {
    std::uint64_t value = 0;
    for (std::size_t i = octets; i-- > 0;)
        value = value << 8U | page[at + i];
    return value;
}

/// Padded with blanks.
inline void put_text(Bytes& page, std::size_t at, std::size_t octets, std::string_view text) {
    for (std::size_t i = 0; i < octets; ++i)
        page[at + i] = static_cast<std::uint8_t>(i < text.size() ? text[i] : ' ');
}

/// The integrity word of IDENTIFY DEVICE and DCO data: octet 510 is A5h, and octet 511 makes the
/// sum of all 512 a multiple of 256 (ACS-4, IDENTIFY DEVICE word 255; Hitachi 7K1000.B table 74).
inline void seal(Bytes& page) {
    page[510] = 0xA5;
    page[511] = 0;
    page[511] = static_cast<std::uint8_t>(0U - std::accumulate(page.begin(), page.end(), 0U));
}

[[nodiscard]] inline bool is_sealed(ByteView page) {
    return page.size() == 512 && page[510] == 0xA5 &&
           (std::accumulate(page.begin(), page.end(), 0U) & 0xFFU) == 0;
}

} // namespace quietus::emulator
