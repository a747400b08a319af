#include "storage_behind.hpp"

#include "serial_text.hpp"
#include "sysfs.hpp"

#include <sys/sysmacros.h>

#include <array>
#include <string_view>
#include <utility>

namespace quietus {
namespace {

/// megaraid_sas.h: its channels 0 and 1 are drives handed through, 2 and 3 are volumes.
constexpr std::uint64_t megaraid_volume_channel = 2;
/// Linux, Documentation/admin-guide/devices.txt.
constexpr unsigned floppy_major = 2;

struct Behind {
    Backing backing = Backing::unknown;
    std::string evidence;
};

/// Models of disks that hypervisors and clouds make up, as their beginnings.
constexpr std::array<std::string_view, 14> virtual_models{"QEMU",
                                                          "VMware",
                                                          "VBOX",
                                                          "ORCL-VBOX",
                                                          "Msft Virtual",
                                                          "MSFT NVMe",
                                                          "Microsoft NVMe",
                                                          "Virtual",
                                                          "XENSRC",
                                                          "Amazon Elastic Block Store",
                                                          "Google PersistentDisk",
                                                          "nvme_card-pd",
                                                          "LIO-ORG",
                                                          "IET"};

bool is_virtual_model(std::string_view model) {
    for (const std::string_view start : virtual_models)
        if (model.starts_with(start)) return true;
    return false;
}

std::string of_driver(const Attachment& attachment) {
    return attachment.driver.empty() ? "a RAID controller"
                                     : "the controller of " + attachment.driver;
}

// hpsa and smartpqi tell it themselves, "N/A" of a drive that is handed through; the channel tells
// it for megaraid_sas. Where nothing tells, it is taken for a volume: that claims less.
Behind behind_raid(const BlockDevice& device, const Attachment& attachment) {
    const auto level = sysfs::text(device.directory + "/device/raid_level");
    const bool megaraid = attachment.driver == "megaraid_sas" && attachment.address;
    if (level && trimmed(*level) == "N/A")
        return {Backing::physical, of_driver(attachment) + " hands it through"};
    if (level)
        return {Backing::raid_volume,
                of_driver(attachment) + " shows a volume, " + trimmed(*level)};
    if (megaraid && attachment.address->channel < megaraid_volume_channel)
        return {Backing::physical, of_driver(attachment) + " hands it through"};
    return {Backing::raid_volume,
            of_driver(attachment) + " shows a volume: the drives behind it are out of sight"};
}

Behind behind_sas(const BlockDevice& device, const Attachment& attachment) {
    const auto level = sysfs::text(device.directory + "/device/raid_level");
    if (level && trimmed(*level) != "N/A") return behind_raid(device, attachment);
    return {Backing::physical, "a SAS end device"};
}

Behind by_transport(const BlockDevice& device, const Attachment& attachment) {
    switch (attachment.transport) {
    case Transport::none:
        return {};
    case Transport::ata:
        return {Backing::physical, "a device on an ATA port"};
    case Transport::sas:
        return behind_sas(device, attachment);
    case Transport::fibre_channel:
        return {Backing::array_lun, "a logical unit on a Fibre Channel network"};
    case Transport::iscsi:
        return {Backing::array_lun, "a logical unit of an iSCSI target"};
    case Transport::ufs:
        return {Backing::physical, "a logical unit of a UFS device"};
    case Transport::usb:
        return {Backing::physical, "a USB mass storage device"};
    case Transport::raid_controller:
        return behind_raid(device, attachment);
    case Transport::hypervisor:
        return {Backing::virtual_disk, "a disk that a hypervisor shows"};
    case Transport::nvme:
        if (!attachment.fabric.empty())
            return {Backing::array_lun, "a namespace behind " + attachment.fabric};
        return {Backing::physical, "an NVMe controller on this machine"};
    case Transport::mmc:
        return {Backing::physical, "a card or chip on an MMC host"};
    case Transport::virtio:
        return {Backing::virtual_disk, "a virtio disk"};
    case Transport::scsi:
    case Transport::other:
        return {};
    }
    return {};
}

Behind by_kernel(const BlockDevice& device, const Attachment& attachment, const Drive& drive) {
    if (is_virtual(drive.kind)) {
        const std::string kind(to_text(drive.kind));
        return {Backing::virtual_disk, "a " + kind + " device: its blocks are kept elsewhere"};
    }
    if (is_virtual_model(drive.model))
        return {Backing::virtual_disk, "its model is a virtual disk's"};
    if (attachment.transport == Transport::none && !attachment.fabric.empty())
        return {Backing::virtual_disk,
                "its blocks come over the network (" + attachment.fabric + ")"};
    if (device.directory.find("/devices/virtual/block/") != std::string::npos)
        return {Backing::virtual_disk, "it hangs on no bus: a driver or a service makes it up"};
    return by_transport(device, attachment);
}

bool is_made_up(Backing backing) {
    return backing != Backing::physical && backing != Backing::unknown;
}

// Whoever says that it is no drive is believed: the drive's own words first, then the kernel.
Behind settled(const DriveIdentity& told, Behind kernel) {
    const Behind drive{told.backing, told.backing_evidence};
    if (is_made_up(drive.backing)) return drive;
    if (is_made_up(kernel.backing) || drive.backing == Backing::unknown) return kernel;
    return drive;
}

struct Kept {
    Medium medium = Medium::unknown;
    std::string evidence;
};

Kept by_rotation(std::uint32_t rpm, const std::string& flash_cache) {
    if (rpm == 0) return {Medium::flash, "the drive says that it does not rotate"};
    const std::string turns = "the drive says " + std::to_string(rpm) + " rpm";
    if (flash_cache.empty()) return {Medium::magnetic, turns};
    return {Medium::hybrid, turns + " and a flash cache (" + flash_cache + ")"};
}

// The kernel has asked drives on its own buses itself. Of others it only assumes, and bridges call
// everything rotating.
Kept by_queue(const BlockDevice& device, const Attachment& attachment) {
    const bool own_bus = attachment.transport == Transport::ata ||
                         attachment.transport == Transport::sas ||
                         attachment.transport == Transport::raid_controller;
    const auto rotational = sysfs::text(device.directory + "/queue/rotational");
    if (!own_bus || !rotational) return {Medium::unknown, "nobody tells"};
    if (*rotational == "1") return {Medium::magnetic, "the kernel calls it rotating"};
    return {Medium::flash, "the kernel calls it non-rotating"};
}

Kept kept_on(const BlockDevice& device, const Attachment& attachment, const DriveIdentity& told,
             const Drive& drive) {
    if (is_virtual(drive.kind) || is_made_up(drive.backing))
        return {Medium::virtual_medium, drive.backing_evidence};
    if (drive.kind == DriveKind::rom) return {Medium::unknown, "an optical disc"};
    if (told.rotation_rpm) return by_rotation(*told.rotation_rpm, told.flash_cache);
    if (drive.kind == DriveKind::nvme) return {Medium::flash, "an NVMe drive"};
    if (drive.kind == DriveKind::mmc) return {Medium::flash, "an MMC or SD device"};
    if (attachment.transport == Transport::ufs) return {Medium::flash, "a UFS device"};
    if (major(device.number) == floppy_major) return {Medium::magnetic, "a floppy disk"};
    return by_queue(device, attachment);
}

} // namespace

void settle_storage(const BlockDevice& device, const Attachment& attachment,
                    const DriveIdentity& told, Drive& drive) {
    Behind behind = settled(told, by_kernel(device, attachment, drive));
    drive.backing = behind.backing;
    drive.backing_evidence = std::move(behind.evidence);
    Kept kept = kept_on(device, attachment, told, drive);
    drive.medium = kept.medium;
    drive.medium_evidence = std::move(kept.evidence);
}

} // namespace quietus
