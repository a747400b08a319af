// Having the kernel look at a drive again, by what sysfs lets root write.
//
// What libata and the SCSI layer do then is known from their sources (libata-scsi.c,
// ata_scsi_user_scan: a hard reset of the port and IDENTIFY DEVICE; scsi_scan.c,
// scsi_rescan_device: READ CAPACITY) and has not been tried on hardware by this program.
#pragma once

#include "quietus/core/result.hpp"
#include "quietus/record/drive.hpp"

#include <string>

namespace quietus {

/// "- - -" into the scan file of the drive's SCSI host, which has libata reset its port; then as
/// below. Fault::unsupported of a drive on any other than an ATA port: there it only looks for new
/// ones; and of one that shares its port, since what the others are at would be reset as well.
/// Fault::refused (identity-changed) when another drive has its node; Fault::io.
[[nodiscard]] Status reset_port(const std::string& sys, const Drive& drive);

/// "1" into the drive's rescan file, through libata's port where it has one of its own, since that
/// keeps the capacity that it was told last. Returns when the size stays the same for a moment, or
/// after ten seconds. Fault::refused as above, Fault::io.
[[nodiscard]] Status look_at_capacity_again(const std::string& sys, const Drive& drive);

} // namespace quietus
