// Serial numbers as text: the same for every way in which one drive's serial may be delivered.
#pragma once

#include <string>
#include <string_view>

namespace quietus {

/// Without the blanks and zero bytes that pad a serial or a model at its ends.
[[nodiscard]] std::string trimmed(std::string_view text);

/// Without the blanks and zero bytes that pad it at its ends; every octet outside printable ASCII,
/// and the backslash, as \xNN, so that no two serials become one. Whole, however long.
[[nodiscard]] std::string normalised_serial(std::string_view octets);

/// Whether a serial in that form is what bridges and unprogrammed drives deliver in place of one:
/// one character over and over, or the digits in a row from 0 or 1. Such a serial is shared by many
/// drives and identifies none.
[[nodiscard]] bool is_placeholder_serial(std::string_view serial);

} // namespace quietus
