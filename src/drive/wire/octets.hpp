// Reading numbers and text out of what a drive sent.
#pragma once

#include "quietus/core/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace quietus::wire {

/// `width` (1 to 8) octets from `at` on, most significant first. 0 where there are none: for
/// optional tails; a field that must be there is checked for by its page's parser.
[[nodiscard]] std::uint64_t big(ByteView bytes, std::size_t at, std::size_t width);
/// The same, least significant first.
[[nodiscard]] std::uint64_t little(ByteView bytes, std::size_t at, std::size_t width);
/// At most `length` octets from `at` on: fewer, or none, when there are not as many.
[[nodiscard]] ByteView part(ByteView bytes, std::size_t at, std::size_t length);

/// Whether every octet is `octet`; true for none.
[[nodiscard]] bool all(ByteView bytes, std::uint8_t octet);
/// Without the blanks and zero octets at both ends.
[[nodiscard]] ByteView trimmed(ByteView text);
/// Trimmed, with every octet outside printable ASCII as \xNN: safe to print and to compare.
[[nodiscard]] std::string plain_text(ByteView text);

} // namespace quietus::wire
