// What an NVMe drive tells of erasing itself, as rows for people.
#pragma once

#include "ata_text.hpp"

#include "quietus/record/drive.hpp"

namespace quietus::cli {

/// Of a drive that has told; with each of its namespaces.
[[nodiscard]] TextRows nvme_erasure_rows(const Drive& drive);

} // namespace quietus::cli
