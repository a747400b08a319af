// Station ids: what a station is called in document numbers and certificates.
#pragma once

#include <string_view>

namespace quietus {

/// [A-Z0-9]{4,13}
[[nodiscard]] bool is_station_id(std::string_view text);

} // namespace quietus
