// Temperature: what the kernel's hwmon drivers (drivetemp, nvme, ufs) tell of a drive.
#pragma once

#include "quietus/drive/host.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace quietus {

/// Degrees Celsius, rounded; nothing where no driver tells, or what it tells cannot be true. The
/// driver asks the drive, and that may take as long as the drive takes.
[[nodiscard]] std::optional<std::int32_t> read_celsius(const HostPaths& paths,
                                                       const std::string& node);

} // namespace quietus
