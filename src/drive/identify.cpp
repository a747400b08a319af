#include "identify.hpp"

#include "quietus/core/bytes.hpp"
#include "serial_text.hpp"
#include "sysfs.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>

namespace quietus {
namespace {

/// SPC-4 7.8.15: the serial number follows the page's four-byte header.
constexpr std::size_t vpd_header_bytes = 4;

std::string attribute(const BlockDevice& device, const std::string& name) {
    return sysfs::text(device.directory + "/" + name).value_or("");
}

std::string model_of(const BlockDevice& device, DriveKind kind) {
    if (kind == DriveKind::mmc) return trimmed(attribute(device, "device/name"));
    if (kind == DriveKind::virtio) return {}; // its "vendor" is a PCI number
    const std::string vendor = trimmed(attribute(device, "device/vendor"));
    const std::string model = trimmed(attribute(device, "device/model"));
    // libata puts the word ATA where a SCSI drive has its vendor.
    if (vendor.empty() || vendor == "ATA" || kind == DriveKind::nvme) return model;
    return trimmed(vendor + " " + model);
}

// The serial of the USB device above, which is the bridge's or stick's own.
std::string usb_serial(const std::string& directory) {
    const auto usb = usb_device_of(directory);
    return usb ? sysfs::text(*usb + "/serial").value_or("") : "";
}

std::string raw_serial(const BlockDevice& device, DriveKind kind) {
    if (kind == DriveKind::virtio) return attribute(device, "serial");
    const std::string page = attribute(device, "device/vpd_pg80");
    if (page.size() > vpd_header_bytes) return page.substr(vpd_header_bytes);
    const std::string serial = attribute(device, "device/serial");
    if (serial.empty() && kind == DriveKind::usb) return usb_serial(device.directory);
    return serial;
}

IdentitySource source_of(const Drive& drive) {
    if (drive.serial.empty()) return IdentitySource::none;
    return drive.kind == DriveKind::usb ? IdentitySource::bridge : IdentitySource::drive;
}

// "naa.5000c500...", "eui.0025...", "uuid....": worldwide. "t10.ATA ..." is model and serial again.
std::string wwn_of(const BlockDevice& device) {
    for (const char* name : {"wwid", "device/wwid"}) {
        const std::string text = trimmed(attribute(device, name));
        if (text.starts_with("naa.") || text.starts_with("eui.") || text.starts_with("uuid."))
            return text;
    }
    return {};
}

std::string firmware_of(const BlockDevice& device) {
    for (const char* name : {"device/firmware_rev", "device/rev", "device/fwrev"})
        if (const std::string text = trimmed(attribute(device, name)); !text.empty()) return text;
    return {};
}

std::uint32_t block_bytes(const BlockDevice& device, const char* name) {
    constexpr std::uint64_t usual = 512;
    const auto value = sysfs::number(device.directory + "/queue/" + name);
    return static_cast<std::uint32_t>(
        std::clamp<std::uint64_t>(value.value_or(usual), 1, 1U << 30U));
}

Zoned zoned_of(const BlockDevice& device) {
    return from_text<Zoned>(trimmed(attribute(device, "queue/zoned"))).value_or(Zoned::unknown);
}

// "mmcblk0boot0": drivers/mmc/core/block.c names an area by its whole and one of these words.
PartKind area_kind(const BlockDevice& area) {
    const std::string_view word = std::string_view(area.name).substr(area.whole.size());
    if (!area.name.starts_with(area.whole)) return PartKind::logical_unit;
    if (word.starts_with("boot")) return PartKind::boot_area;
    if (word.starts_with("gp")) return PartKind::general_purpose_area;
    return word.starts_with("rpmb") ? PartKind::rpmb : PartKind::logical_unit;
}

void read_geometry(const BlockDevice& device, Drive& drive) {
    drive.size_bytes = device.size_bytes;
    // Nothing can be hidden from us by storage that is only a file or a service.
    if (is_virtual(drive.kind)) drive.native_size_bytes = device.size_bytes;
    drive.logical_block_bytes = block_bytes(device, "logical_block_size");
    drive.physical_block_bytes =
        std::max(block_bytes(device, "physical_block_size"), drive.logical_block_bytes);
    drive.zoned = zoned_of(device);
    const auto rotational = sysfs::number(device.directory + "/queue/rotational");
    if (rotational) drive.rotation_rpm = static_cast<std::uint32_t>(*rotational == 1U);
    drive.removable = attribute(device, "removable") == "1";
    drive.device_number = device.number;
    drive.diskseq = sysfs::number(device.directory + "/diskseq").value_or(0);
}

} // namespace

std::vector<Part> parts_of(const BlockTree& tree, const BlockDevice& device) {
    std::vector<Part> parts;
    for (const BlockDevice* part : tree.parts_of(device.name)) {
        if (part == &device) continue;
        const bool partition = part->role == BlockRole::partition;
        const PartKind kind = partition ? PartKind::partition : area_kind(*part);
        parts.push_back({part->node, part->size_bytes, kind, partition ? "" : part->name});
    }
    std::stable_partition(parts.begin(), parts.end(),
                          [](const Part& part) { return part.kind == PartKind::partition; });
    return parts;
}

Drive identify(const BlockTree& tree, const BlockDevice& device, const Attachment& attachment) {
    Drive drive;
    drive.node = device.node;
    drive.kind = attachment.kind;
    drive.fabric = attachment.fabric;
    drive.port = attachment.port;
    drive.bridge = attachment.bridge;
    drive.model = model_of(device, drive.kind);
    const std::string serial = raw_serial(device, drive.kind);
    drive.serial = normalised_serial(serial);
    drive.serial_raw_hex = to_hex(as_bytes(serial));
    drive.identity_source = source_of(drive);
    drive.wwn = wwn_of(device);
    drive.firmware = firmware_of(device);
    read_geometry(device, drive);
    drive.parts = parts_of(tree, device);
    return drive;
}

} // namespace quietus
