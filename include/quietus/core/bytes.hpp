// Bytes: octets and their spellings: hexadecimal, base 64 and escaped text.
#pragma once

#include "quietus/core/result.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace quietus {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

/// The octets of `text`; valid as long as `text` is.
[[nodiscard]] ByteView as_bytes(std::string_view text);
/// The octets as text, unchecked; valid as long as `bytes` is.
[[nodiscard]] std::string_view as_text(ByteView bytes);

/// Lower-case hexadecimal, two digits an octet.
[[nodiscard]] std::string to_hex(ByteView bytes);
/// Whether it is what to_hex writes: lower case, an even number of digits; may be empty.
[[nodiscard]] bool is_hex(std::string_view text);
/// Either case, an even number of digits, nothing else (Fault::invalid).
[[nodiscard]] Result<Bytes> from_hex(std::string_view text);

/// Base 64 (RFC 4648, section 4): the standard alphabet, padded, on one line.
[[nodiscard]] std::string to_base64(ByteView bytes);
/// Exactly what to_base64 writes and nothing else: no white space, no missing padding, no stray
/// bits behind the last octet (Fault::invalid).
[[nodiscard]] Result<Bytes> from_base64(std::string_view text);

/// Overwrites secrets in a way that the compiler may not drop.
void wipe(std::span<std::uint8_t> secret);
void wipe(std::string& secret);

/// Text from a drive, a document or a file name, safe on a terminal: control characters, invalid
/// UTF-8 and bidirectional controls become \xNN or \u{NNNN}; a backslash is doubled.
[[nodiscard]] std::string escaped(std::string_view hostile);
/// Whether the octets are well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms).
[[nodiscard]] bool is_utf8(std::string_view text);

} // namespace quietus
