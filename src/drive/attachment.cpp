#include "attachment.hpp"

#include "port_text.hpp"
#include "serial_text.hpp"
#include "sysfs.hpp"

#include <sys/sysmacros.h>

#include <algorithm>
#include <array>
#include <utility>

namespace quietus {
namespace {

/// Linux, Documentation/admin-guide/devices.txt: block majors that are fixed.
constexpr unsigned ram_major = 1;
constexpr unsigned loop_major = 7;
constexpr unsigned rom_major = 11;
constexpr unsigned nbd_major = 43;
constexpr unsigned drbd_major = 147;
constexpr unsigned aoe_major = 152;
/// SCSI peripheral device type of a CD or DVD drive, SPC-4 table 139.
constexpr std::string_view scsi_type_rom = "5";

/// Drivers that show the volumes of a RAID controller as SCSI drives. Those of SAS host adapters
/// stand here too: what they show without an end device is a volume of their firmware.
constexpr std::array<std::string_view, 18> raid_drivers{
    "megaraid_sas", "megaraid", "mpt3sas", "mpt2sas", "mptsas", "mpi3mr",
    "hpsa",         "smartpqi", "aacraid", "arcmsr",  "3w-sas", "3w-9xxx",
    "3w-xxxx",      "ips",      "hptiop",  "stex",    "mvumi",  "pmcraid"};
constexpr std::array<std::string_view, 4> hypervisor_drivers{"virtio_scsi", "vmw_pvscsi",
                                                             "storvsc_host", "xen-scsifront"};

template <typename Names>
bool contains(const Names& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::string attribute(const BlockDevice& device, const std::string& name) {
    return trimmed(sysfs::text(device.directory + "/" + name).value_or(""));
}

bool starts_with_prefix_and_number(std::string_view name, std::string_view prefix) {
    return name.starts_with(prefix) && sysfs::parse_number(name.substr(prefix.size())).has_value();
}

/// The path to the last directory whose name fulfils the condition.
template <typename Condition>
std::optional<std::string> last_directory(const std::string& directory, Condition condition) {
    std::string path = directory;
    while (path.size() > 1 && path.find('/') != std::string::npos) {
        if (condition(sysfs::last_component(path))) return path;
        path.resize(path.rfind('/'));
    }
    return std::nullopt;
}

std::optional<std::string> passes_through_any(const std::string& directory,
                                              std::string_view prefix) {
    return last_directory(directory,
                          [&](const std::string& name) { return name.starts_with(prefix); });
}

std::optional<ScsiAddress> parse_address(const std::string& name) {
    std::array<std::uint64_t, 4> numbers{};
    std::size_t start = 0;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const std::size_t end = i + 1 < numbers.size() ? name.find(':', start) : name.size();
        if (end == std::string::npos) return std::nullopt;
        const auto number = sysfs::parse_number(std::string_view(name).substr(start, end - start));
        if (!number) return std::nullopt;
        numbers[i] = *number;
        start = end + 1;
    }
    return ScsiAddress{numbers[0], numbers[1], numbers[2], numbers[3]};
}

std::string driver_of_host(const std::string& directory) {
    const auto host = passes_through(directory, "host");
    if (!host) return {};
    const std::string name = sysfs::last_component(*host);
    return trimmed(sysfs::text(*host + "/scsi_host/" + name + "/proc_name").value_or(""));
}

bool is_hypervisor(const std::string& directory, const std::string& driver) {
    // Hyper-V's adapters hang on its own bus, whatever their driver calls itself.
    return contains(hypervisor_drivers, driver) || directory.find("/VMBUS:") != std::string::npos;
}

Transport scsi_transport(const std::string& directory, const std::string& driver) {
    if (passes_through(directory, "session")) return Transport::iscsi;
    if (passes_through_any(directory, "rport-")) return Transport::fibre_channel;
    if (usb_device_of(directory)) return Transport::usb;
    if (is_hypervisor(directory, driver)) return Transport::hypervisor;
    if (passes_through_any(directory, "end_device-")) return Transport::sas;
    if (passes_through(directory, "ata")) return Transport::ata;
    if (driver.starts_with("ufshcd")) return Transport::ufs;
    if (contains(raid_drivers, driver)) return Transport::raid_controller;
    return Transport::scsi;
}

// The vendor "ATA" is how SAT-3 (its mapping of INQUIRY) has an ATA drive answer wherever it is
// plugged in, so a SATA drive behind a SAS host adapter is one.
DriveKind scsi_kind(const BlockDevice& device, Transport transport) {
    if (attribute(device, "device/type") == scsi_type_rom) return DriveKind::rom;
    if (transport == Transport::usb) return DriveKind::usb;
    const bool local = transport == Transport::sas || transport == Transport::raid_controller;
    if (transport == Transport::ata || (local && attribute(device, "device/vendor") == "ATA"))
        return DriveKind::ata;
    return DriveKind::scsi;
}

std::string scsi_fabric(const Attachment& found) {
    if (found.transport == Transport::iscsi) return "iscsi";
    if (found.transport != Transport::fibre_channel) return {};
    constexpr std::array<std::string_view, 4> over_ethernet{"fcoe", "bnx2fc", "qedf", "fnic"};
    return contains(over_ethernet, found.driver) ? "fcoe" : "fc";
}

std::string bridge_of(const std::string& directory) {
    const auto usb = usb_device_of(directory);
    if (!usb) return {};
    const auto text = [&](const char* name) {
        return trimmed(sysfs::text(*usb + "/" + name).value_or(""));
    };
    const std::string name = trimmed(text("manufacturer") + " " + text("product"));
    const std::string numbers = text("idVendor") + ":" + text("idProduct");
    if (numbers == ":") return name;
    return name.empty() ? numbers : name + " (" + numbers + ")";
}

Attachment scsi_attachment(const BlockDevice& device) {
    Attachment found;
    found.driver = driver_of_host(device.directory);
    found.transport = scsi_transport(device.directory, found.driver);
    found.kind = scsi_kind(device, found.transport);
    found.fabric = scsi_fabric(found);
    found.target = passes_through_any(device.directory, "target").value_or("");
    const auto unit = last_directory(
        device.directory, [](const std::string& name) { return parse_address(name).has_value(); });
    if (unit) found.address = parse_address(sysfs::last_component(*unit));
    if (found.transport == Transport::usb) found.bridge = bridge_of(device.directory);
    return found;
}

// Over PCI Express, or Apple's own way into memory; all others go through a network or a software
// target (NVM Express over Fabrics).
std::string nvme_fabric(const BlockDevice& device) {
    for (const std::string& controller : nvme_controllers_of(device)) {
        const auto transport = trimmed(sysfs::text(controller + "/transport").value_or(""));
        if (transport != "pcie" && transport != "apple-nvme" && !transport.empty())
            return "nvme-" + transport;
        if (transport.empty() && passes_through_any(controller, "nvme-fabrics"))
            return "nvme-fabrics";
    }
    return {};
}

Attachment made_up(DriveKind kind, std::string fabric = {}) {
    Attachment found;
    found.kind = kind;
    found.fabric = std::move(fabric);
    return found;
}

// Devices of the kernel itself or of a service, told by their fixed major number or by an attribute
// that no others have.
std::optional<Attachment> without_bus(const BlockDevice& device) {
    switch (major(device.number)) {
    case loop_major:
        return made_up(DriveKind::loop);
    case nbd_major:
        return made_up(DriveKind::nbd, "nbd");
    case ram_major:
        return made_up(DriveKind::ram);
    case drbd_major:
        return made_up(DriveKind::unknown, "drbd");
    case aoe_major:
        return made_up(DriveKind::unknown, "aoe");
    default:
        break;
    }
    if (sysfs::exists(device.directory + "/comp_algorithm")) return made_up(DriveKind::zram);
    if (device.directory.find("/devices/rbd/") != std::string::npos)
        return made_up(DriveKind::unknown, "rbd");
    if (sysfs::exists(device.directory + "/rnbd")) return made_up(DriveKind::unknown, "rnbd");
    return std::nullopt;
}

Attachment on_bus(const BlockDevice& device, const std::string& bus) {
    if (bus == "scsi") return scsi_attachment(device);
    Attachment found;
    found.transport = Transport::other;
    if (bus == "virtio") {
        found.kind = DriveKind::virtio;
        found.transport = Transport::virtio;
    } else if (bus == "nvme" || bus == "nvme-subsystem") {
        found.kind = DriveKind::nvme;
        found.transport = Transport::nvme;
        found.fabric = nvme_fabric(device);
    } else if (bus == "mmc") {
        found.kind = DriveKind::mmc;
        found.transport = Transport::mmc;
    }
    return found;
}

Attachment without_port(const BlockDevice& device) {
    if (auto found = without_bus(device)) return std::move(*found);
    const auto link = sysfs::link(device.directory + "/device/subsystem");
    Attachment found = link ? on_bus(device, sysfs::last_component(*link)) : Attachment{};
    if (major(device.number) == rom_major) found.kind = DriveKind::rom;
    return found;
}

} // namespace

std::optional<std::string> passes_through(const std::string& directory, std::string_view prefix) {
    return last_directory(directory, [&](const std::string& name) {
        return starts_with_prefix_and_number(name, prefix);
    });
}

std::optional<std::string> usb_device_of(const std::string& directory) {
    if (!passes_through(directory, "usb")) return std::nullopt;
    // "2-1.2" is a device, "2-1.2:1.0" one of its interfaces, "usb2" the root hub.
    return last_directory(directory, [](const std::string& name) {
        const auto dash = name.find('-');
        return dash != std::string::npos && dash != 0 && name.find(':') == std::string::npos &&
               sysfs::parse_number(name.substr(0, dash)).has_value();
    });
}

std::vector<std::string> nvme_controllers_of(const BlockDevice& device) {
    const std::string parent = device.directory.substr(0, device.directory.rfind('/'));
    if (!starts_with_prefix_and_number(sysfs::last_component(parent), "nvme-subsys"))
        return {passes_through(device.directory, "nvme").value_or(parent)};
    std::vector<std::string> controllers;
    for (const std::string& name : sysfs::names(parent))
        if (starts_with_prefix_and_number(name, "nvme"))
            controllers.push_back(sysfs::resolved(parent + "/" + name));
    return controllers;
}

Attachment attachment_of(const BlockDevice& device) {
    Attachment found = without_port(device);
    found.port = port_text(device, found);
    return found;
}

} // namespace quietus
