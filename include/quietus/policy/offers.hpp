// Offers: what this program could do with a drive, and why not. Pure, from what the drive has told.
#pragma once

#include "quietus/record/drive.hpp"
#include "quietus/record/technique.hpp"

#include <vector>

namespace quietus {

/// Overwrite; and of a drive that takes ATA commands each way in which it could erase itself, also
/// those that it cannot take as it stands, with what would have to change. Of one with headers of
/// LUKS volumes the destruction of their keys besides.
[[nodiscard]] std::vector<OfferedTechnique> offered_techniques(const Drive& drive);

/// One of them, also of a drive that does not have it.
[[nodiscard]] OfferedTechnique offer_of(const Drive& drive, Technique technique);

} // namespace quietus
