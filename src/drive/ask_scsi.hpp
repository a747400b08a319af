// What a SCSI logical unit, or an ATA drive behind a translator, says of itself.
#pragma once

#include "drive_identity.hpp"

#include "quietus/transport/scsi_port.hpp"

namespace quietus {

/// Of kind ata, scsi or usb. USB is asked as carefully as the kernel and udev ask it: short
/// INQUIRY, vital product data from SPC-2 on, READ CAPACITY (10) first, IDENTIFY DEVICE of what is
/// not removable. A bridge that falls over any other question would have done so before.
[[nodiscard]] DriveIdentity ask_scsi(DriveKind kind, ScsiPort& port);

} // namespace quietus
