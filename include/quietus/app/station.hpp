// Station: the keys of this station, made and shown.
#pragma once

#include "quietus/app/site.hpp"
#include "quietus/keys/station_keys.hpp"

#include <optional>
#include <string>

namespace quietus {

/// Makes the station's keys; its id is taken from the machine id when none is given.
[[nodiscard]] Result<StationInfo> init_station(const Places& places,
                                               const std::optional<std::string>& id,
                                               const std::optional<std::string>& keep_ca);
[[nodiscard]] Result<StationInfo> show_station(const Places& places);

} // namespace quietus
