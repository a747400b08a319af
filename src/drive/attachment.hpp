// Attachment: how a drive is plugged in, by its place in the tree of buses; never by its name.
#pragma once

#include "block_tree.hpp"
#include "quietus/record/drive.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quietus {

/// What carries its commands.
enum class Transport : std::uint8_t {
    none, ///< a device that the kernel makes up: loop, nbd, zram ...
    ata,
    sas,
    fibre_channel,
    iscsi,
    ufs,
    usb,
    raid_controller, ///< whose driver shows its volumes as SCSI drives
    hypervisor,      ///< paravirtual SCSI
    scsi,            ///< any other: parallel SCSI, FireWire
    nvme,
    mmc,
    virtio,
    other, ///< a bus that we know nothing of
};

/// Linux's address of a logical unit, "0:0:1:0": host, channel, target, LUN.
struct ScsiAddress {
    std::uint64_t host = 0;
    std::uint64_t channel = 0;
    std::uint64_t target = 0;
    std::uint64_t lun = 0;
};

struct Attachment {
    DriveKind kind = DriveKind::unknown;
    Transport transport = Transport::none;
    std::string fabric; ///< Drive::fabric
    std::string port;   ///< Drive::port
    std::string bridge; ///< Drive::bridge
    std::string driver; ///< of the SCSI host adapter, as it names itself: "mpt3sas"
    std::string target; ///< directory of the SCSI target; empty for all that is not SCSI
    std::optional<ScsiAddress> address;
};

[[nodiscard]] Attachment attachment_of(const BlockDevice& device);

/// The controllers that lead to an NVMe namespace, as directories: one, or all those of its
/// subsystem where the kernel joins the paths.
[[nodiscard]] std::vector<std::string> nvme_controllers_of(const BlockDevice& device);

/// Whether some directory on the way to the device is called PREFIX and a number: "usb3", "ata1".
/// Gives the path to the last such directory.
[[nodiscard]] std::optional<std::string> passes_through(const std::string& directory,
                                                        std::string_view prefix);

/// The directory of the USB device (not the interface) that the device hangs on, if any.
[[nodiscard]] std::optional<std::string> usb_device_of(const std::string& directory);

} // namespace quietus
