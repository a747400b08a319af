// What stands behind a unit, by the names that RAID controllers, arrays and hypervisors are known
// to give their volumes.
#pragma once

#include "quietus/record/drive.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace quietus::wire {

struct KnownBacking {
    Backing backing = Backing::unknown; ///< unknown: the name says nothing
    std::string evidence;               ///< for people
};

/// By INQUIRY's vendor and product, trimmed.
[[nodiscard]] KnownBacking backing_by_inquiry(std::string_view vendor, std::string_view product);
/// By the model in IDENTIFY DEVICE, trimmed.
[[nodiscard]] KnownBacking backing_by_ata_model(std::string_view model);
/// By the PCI vendor and the model in NVMe's Identify Controller, trimmed.
[[nodiscard]] KnownBacking backing_by_nvme(std::uint16_t vendor, std::string_view model);

} // namespace quietus::wire
