// Normal form: whether a text is in Unicode normalisation form C (UAX #15), so that what looks the
// same is the same octets.
#pragma once

#include <string_view>

namespace quietus {

/// Of UTF-8; anything else is not. Code points that the library's version of Unicode does not know
/// count as they stand.
[[nodiscard]] bool is_nfc(std::string_view text);

} // namespace quietus
