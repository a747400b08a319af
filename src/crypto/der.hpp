// Der: a reader of DER elements (X.690), for what OpenSSL's structures do not show.
#pragma once

#include "quietus/core/bytes.hpp"

#include <cstdint>
#include <optional>

namespace quietus::der {

inline constexpr std::uint8_t integer = 0x02;
inline constexpr std::uint8_t octet_string = 0x04;
inline constexpr std::uint8_t object_id = 0x06;
inline constexpr std::uint8_t sequence = 0x30;
inline constexpr std::uint8_t set = 0x31;
inline constexpr std::uint8_t context_0 = 0xA0;
inline constexpr std::uint8_t context_1 = 0xA1;

/// One element: its tag octet, its content, and all of its octets.
struct Element {
    std::uint8_t tag = 0;
    ByteView content;
    ByteView whole;
};

/// Elements one after another in `octets`, which it borrows.
class Reader {
  public:
    explicit Reader(ByteView octets) : rest_(octets) {}
    [[nodiscard]] bool at_end() const { return rest_.empty(); }
    /// The tag octet of the next element; 0 at the end.
    [[nodiscard]] std::uint8_t peek() const { return rest_.empty() ? 0 : rest_[0]; }
    /// The next element; nothing at the end, when it is cut short, or when its tag or length is
    /// not one octet tag and shortest definite length of at most four octets.
    [[nodiscard]] std::optional<Element> next();
    /// The next element if it has this tag; otherwise nothing, and nothing is consumed.
    [[nodiscard]] std::optional<Element> next(std::uint8_t tag);

  private:
    ByteView rest_;
};

/// Whether elements are nested as DER wants it throughout: shortest lengths and numbers, SETs in
/// order, booleans 00 or FF, no stray bits. What OCTET STRINGs and primitive context tags hold
/// is not looked into. False also when nested deeper than any honest certificate.
[[nodiscard]] bool is_distinguished(ByteView octets);

} // namespace quietus::der
