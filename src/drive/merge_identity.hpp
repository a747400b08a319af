// What the drive says of itself, set over what sysfs said; where they differ, both are kept.
#pragma once

#include "drive_identity.hpp"
#include "quietus/record/drive.hpp"

#include <vector>

namespace quietus {

/// The drive's words win but for the size and the logical block, which are what the kernel will
/// write with. Each difference becomes a Disagreement, unless the kernel merely shortens: SCSI has
/// 16 octets for a model and 4 for a revision (SPC-4 table 138), so libata hands on parts.
void merge_identity(const DriveIdentity& told, Drive& drive);

/// The interlocks that follow from a disagreement about the size. The kernel's being the larger is
/// unknown-holder: one of the two is not about this drive. The drive's being the larger is
/// hidden-area-unchecked: blocks that cannot be reached where it is plugged in now.
[[nodiscard]] std::vector<Guard> guards_of_size(const DriveIdentity& told, const Drive& drive);

} // namespace quietus
