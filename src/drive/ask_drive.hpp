// Asking a drive who it is, with commands that only read.
//
// INQUIRY, VPD pages, READ CAPACITY, REPORT LUNS, IDENTIFY DEVICE through SAT; NVMe Identify;
// EXT_CSD. Nothing here opens anything, and nothing fails: what could not be learned is a finding.
#pragma once

#include "drive_identity.hpp"

#include "quietus/record/drive.hpp"
#include "quietus/transport/mmc_port.hpp"
#include "quietus/transport/nvme_port.hpp"
#include "quietus/transport/scsi_port.hpp"

namespace quietus {

/// The languages that can be spoken with a drive; null: not this one. They stay the caller's.
struct CommandPorts {
    ScsiPort* scsi = nullptr;
    NvmePort* nvme = nullptr;
    MmcPort* mmc = nullptr;
};

/// Asks what a drive of this kind can be asked: ata, scsi and usb by SCSI commands, nvme and mmc by
/// their own; the other kinds have nothing to say and get no commands. A port that is missing for
/// the kind is a finding. Some 30 commands at most, 2 s each; the caller has the deadline.
[[nodiscard]] DriveIdentity identify_by_commands(DriveKind kind, const CommandPorts& ports);

/// The same on a node that is open for reading, which stays the caller's. No other system call than
/// ioctl(2), with the requests of `command_port_requests` (transport/linux/command_ports.hpp);
/// needs CAP_SYS_RAWIO, for nvme CAP_SYS_ADMIN: refused otherwise, which is a finding.
[[nodiscard]] DriveIdentity ask_open_drive(int descriptor, DriveKind kind);

} // namespace quietus
