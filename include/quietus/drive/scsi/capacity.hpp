// Shortened capacity: blocks that MODE SELECT has put out of reach, as HPA does of a SATA drive.
//
// A drive does not tell how many it could have: only selecting all of them shows it.
#pragma once

#include "quietus/record/firmware_evidence.hpp"
#include "quietus/transport/scsi/pages.hpp"
#include "quietus/transport/scsi_port.hpp"

namespace quietus::scsi {

/// READ CAPACITY (16). Fault::drive when it is refused or makes no sense.
[[nodiscard]] Result<UnitFormat> read_unit_format(ScsiPort& port);

/// Selects all blocks that the unit can have, and reads its capacity before and after; sizes are
/// numbers of logical blocks. The record says `none` when there were no more, `lifted` when there
/// are now, `refused` when the drive would not, `unknown` when it does not answer.
void lift_shortened_capacity(ScsiPort& port, HiddenAreaRecord& record);

} // namespace quietus::scsi
