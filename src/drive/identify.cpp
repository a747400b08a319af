#include "identify.hpp"

#include "quietus/core/bytes.hpp"
#include "sysfs.hpp"

#include <sys/sysmacros.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <string_view>

namespace quietus {
namespace {

/// Linux, Documentation/admin-guide/devices.txt: majors that are fixed.
constexpr unsigned ram_major = 1;
constexpr unsigned loop_major = 7;
constexpr unsigned rom_major = 11;
constexpr unsigned nbd_major = 43;
/// SCSI peripheral device type of a CD or DVD drive, SPC-4 table 139.
constexpr std::string_view scsi_type_rom = "5";
/// SPC-4 7.8.15: the serial number follows the page's four-byte header.
constexpr std::size_t vpd_header_bytes = 4;

std::string attribute(const BlockDevice& device, const std::string& name) {
    return sysfs::text(device.directory + "/" + name).value_or("");
}

// Whether some directory on the way to the device is called PREFIX and a number: "usb3", "ata1".
bool passes_through(const std::string& directory, std::string_view prefix) {
    for (std::size_t slash = directory.find('/'); slash != std::string::npos;
         slash = directory.find('/', slash + 1)) {
        const std::string_view rest = std::string_view(directory).substr(slash + 1);
        const std::string_view name = rest.substr(0, rest.find('/'));
        if (name.starts_with(prefix) && sysfs::parse_number(name.substr(prefix.size())))
            return true;
    }
    return false;
}

DriveKind scsi_kind(const BlockDevice& device) {
    if (attribute(device, "device/type") == scsi_type_rom) return DriveKind::rom;
    if (passes_through(device.directory, "usb")) return DriveKind::usb;
    if (passes_through(device.directory, "ata")) return DriveKind::ata;
    return DriveKind::scsi;
}

Medium medium_of(const Drive& drive, const BlockDevice& device) {
    if (is_virtual(drive.kind)) return Medium::virtual_medium;
    if (drive.kind == DriveKind::nvme || drive.kind == DriveKind::mmc) return Medium::flash;
    // Bridges call everything rotating, and what does not rotate need not be flash.
    const bool own_word = drive.kind == DriveKind::ata || drive.kind == DriveKind::scsi;
    if (own_word && attribute(device, "queue/rotational") == "1") return Medium::magnetic;
    return Medium::unknown;
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
    std::string above = directory;
    while (above.size() > 1) {
        above.resize(above.rfind('/'));
        if (sysfs::exists(above + "/bDeviceClass"))
            return sysfs::text(above + "/serial").value_or("");
    }
    return {};
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

std::vector<std::string> links_to(const BlockDevice& device, const HostPaths& paths) {
    const std::string directory = paths.dev + "/disk/by-id";
    std::vector<std::string> links;
    for (const std::string& name : sysfs::names(directory)) {
        const auto target = sysfs::link(directory + "/" + name);
        if (!target) continue;
        const auto node = (std::filesystem::path("/dev/disk/by-id") / *target).lexically_normal();
        if (node == device.node) links.push_back("/dev/disk/by-id/" + name);
    }
    return links;
}

std::vector<Part> parts_of(const BlockTree& tree, const BlockDevice& device) {
    std::vector<Part> parts;
    for (const BlockDevice* part : tree.parts_of(device.name))
        if (part != &device) parts.push_back({part->node, part->size_bytes});
    return parts;
}

void read_geometry(const BlockDevice& device, Drive& drive) {
    drive.size_bytes = device.size_bytes;
    // Nothing can be hidden from us by storage that is only a file or a service.
    if (is_virtual(drive.kind)) drive.native_size_bytes = device.size_bytes;
    drive.logical_block_bytes = block_bytes(device, "logical_block_size");
    drive.physical_block_bytes =
        std::max(block_bytes(device, "physical_block_size"), drive.logical_block_bytes);
    drive.removable = attribute(device, "removable") == "1";
    drive.device_number = device.number;
    drive.diskseq = sysfs::number(device.directory + "/diskseq").value_or(0);
}

} // namespace

std::string trimmed(std::string_view text) {
    const auto padding = [](char octet) {
        return octet == '\0' || std::isspace(static_cast<unsigned char>(octet)) != 0;
    };
    while (!text.empty() && padding(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && padding(text.back()))
        text.remove_suffix(1);
    return std::string(text);
}

DriveKind kind_of(const BlockDevice& device) {
    const unsigned number = major(device.number);
    if (number == loop_major) return DriveKind::loop;
    if (number == nbd_major) return DriveKind::nbd;
    if (number == ram_major) return DriveKind::ram;
    if (number == rom_major) return DriveKind::rom;
    if (sysfs::exists(device.directory + "/comp_algorithm")) return DriveKind::zram;
    const auto bus = sysfs::link(device.directory + "/device/subsystem");
    const std::string name = bus ? sysfs::last_component(*bus) : "";
    if (name == "virtio") return DriveKind::virtio;
    if (name == "nvme" || name == "nvme-subsystem") return DriveKind::nvme;
    if (name == "mmc") return DriveKind::mmc;
    if (name == "scsi") return scsi_kind(device);
    return DriveKind::unknown;
}

Drive identify(const BlockTree& tree, const BlockDevice& device, const HostPaths& paths) {
    Drive drive;
    drive.node = device.node;
    drive.by_id = links_to(device, paths);
    drive.kind = kind_of(device);
    drive.medium = medium_of(drive, device);
    drive.model = model_of(device, drive.kind);
    const std::string serial = raw_serial(device, drive.kind);
    drive.serial = trimmed(serial);
    drive.serial_raw_hex = to_hex(as_bytes(serial));
    drive.identity_source = source_of(drive);
    drive.wwn = wwn_of(device);
    drive.firmware = firmware_of(device);
    read_geometry(device, drive);
    drive.parts = parts_of(tree, device);
    return drive;
}

} // namespace quietus
