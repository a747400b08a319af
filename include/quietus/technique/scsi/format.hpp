// FORMAT UNIT, in the format that the unit has.
//
// It reaches the blocks that have an address. The drive works on by itself; where it loses its
// power, its medium cannot be used before it has been formatted again.
#pragma once

#include "quietus/technique/scsi/operation.hpp"
#include "quietus/transport/scsi/commands.hpp"
#include "quietus/transport/scsi/pages.hpp"

#include <cstdint>

namespace quietus::scsi {

struct FormatOrder {
    UnitFormat format = {}; ///< as the unit has it: what is kept
    Bytes pattern = {};     ///< what its blocks are filled with; none: what the drive likes
    bool security_initialise = false;
};

/// Fault::invalid when its options cannot be.
[[nodiscard]] Result<Operation> format_operation(const FormatOrder& order);

/// See run_operation. Options that cannot be end as refused.
void run_format(const Desk& desk, const FormatOrder& order, ScsiOperationRecord& record);

} // namespace quietus::scsi
