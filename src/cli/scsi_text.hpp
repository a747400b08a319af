// What a SCSI drive tells of erasing itself, and of who else uses it, in words.
#pragma once

#include "ata_text.hpp"

namespace quietus::cli {

/// Its operations and its state, its units, ports and reservations; of a drive that has told.
[[nodiscard]] TextRows scsi_erasure_rows(const Drive& drive);

} // namespace quietus::cli
