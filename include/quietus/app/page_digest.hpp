// The digest by which a drive's reply is recognised again without being shown.
#pragma once

#include "quietus/record/drive.hpp"

#include <string>

namespace quietus {

/// SHA-256 of the page's octets, in hexadecimal.
[[nodiscard]] std::string page_sha256(const RawPage& page);

} // namespace quietus
