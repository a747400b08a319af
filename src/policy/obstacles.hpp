// Why a drive cannot be told to erase itself, by what it has said of itself; for people, with the
// remedy. What else is in the way, whatever the language, offers.cpp knows.
#pragma once

#include "quietus/record/drive.hpp"
#include "quietus/record/technique.hpp"

#include <optional>
#include <string>

namespace quietus {

/// Of a technique of that language: nothing when it can be begun.
[[nodiscard]] std::optional<std::string> ata_obstacle(const Drive& drive, Technique technique);
[[nodiscard]] std::optional<std::string> scsi_obstacle(const Drive& drive, Technique technique);
[[nodiscard]] std::optional<std::string> nvme_obstacle(const Drive& drive, Technique technique);

} // namespace quietus
