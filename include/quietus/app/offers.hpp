// offers: what this program could do with a drive, and why not.
#pragma once

#include "quietus/record/drive.hpp"
#include "quietus/record/technique.hpp"

#include <vector>

namespace quietus {

[[nodiscard]] std::vector<OfferedTechnique> offers(const Drive& drive);

} // namespace quietus
