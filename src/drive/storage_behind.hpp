// What stands behind the blocks, and what they are kept on: Backing and Medium, each with the
// evidence for it.
#pragma once

#include "attachment.hpp"
#include "drive_identity.hpp"
#include "quietus/record/drive.hpp"

namespace quietus {

/// Sets backing and medium with their evidence. `drive` has its kind and model already; the drive's
/// own words (`told`) count before what the kernel says. What nothing shows stays unknown.
void settle_storage(const BlockDevice& device, const Attachment& attachment,
                    const DriveIdentity& told, Drive& drive);

} // namespace quietus
