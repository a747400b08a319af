#include "port_text.hpp"

#include "serial_text.hpp"
#include "sysfs.hpp"

#include <algorithm>
#include <cctype>

namespace quietus {
namespace {

bool is_hex(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char each) {
        return std::isxdigit(static_cast<unsigned char>(each)) != 0;
    });
}

// "0000:00:17.0", or "10000:e1:00.0" in the domain of a VMD.
bool is_pci_address(std::string_view name) {
    const auto first = name.find(':');
    if (first == std::string_view::npos || first < 4) return false;
    const std::string_view rest = name.substr(first + 1);
    return rest.size() == 7 && rest[2] == ':' && rest[5] == '.' && is_hex(name.substr(0, first)) &&
           is_hex(rest.substr(0, 2)) && is_hex(rest.substr(3, 2)) && is_hex(rest.substr(6));
}

std::string pci_address(const std::string& directory) {
    std::string path = directory;
    while (path.size() > 1 && path.find('/') != std::string::npos) {
        if (is_pci_address(sysfs::last_component(path))) return sysfs::last_component(path);
        path.resize(path.rfind('/'));
    }
    return {};
}

std::string joined(const std::string& left, const std::string& right) {
    return left.empty() || right.empty() ? left + right : left + " " + right;
}

std::string named(const std::string& directory, std::string_view prefix) {
    const auto path = passes_through(directory, prefix);
    return path ? sysfs::last_component(*path) : "";
}

// Behind a port multiplier the channel is its link; on a shared cable the target is the device.
std::string ata_port(const BlockDevice& device, const ScsiAddress& address) {
    std::string text = named(device.directory, "ata");
    if (address.channel != 0) text += " link " + std::to_string(address.channel);
    if (address.target != 0) text += " device " + std::to_string(address.target);
    return text;
}

std::string component_with(const std::string& directory, std::string_view prefix) {
    const auto at = directory.find("/" + std::string(prefix));
    if (at == std::string::npos) return {};
    return directory.substr(at + 1, directory.find('/', at + 1) - at - 1);
}

std::string path_to(const std::string& directory, const std::string& component) {
    const auto at = directory.find("/" + component + "/");
    return directory.substr(0, at) + "/" + component;
}

// The bay where the enclosure or the host adapter tells it; else the kernel's name of the port.
std::string sas_port(const BlockDevice& device) {
    const std::string name = component_with(device.directory, "end_device-");
    const std::string facts = path_to(device.directory, name) + "/sas_device/" + name + "/";
    const auto enclosure = trimmed(sysfs::text(facts + "enclosure_identifier").value_or(""));
    const auto bay = sysfs::number(facts + "bay_identifier");
    const bool told = bay && enclosure.find_first_not_of("0x") != std::string::npos;
    return told ? "enclosure " + enclosure + " bay " + std::to_string(*bay) : name;
}

std::string iscsi_port(const BlockDevice& device) {
    const auto session = passes_through(device.directory, "session");
    if (!session) return {};
    const std::string facts = *session + "/iscsi_session/" + sysfs::last_component(*session) + "/";
    return "iscsi " + trimmed(sysfs::text(facts + "targetname").value_or("session"));
}

std::string fibre_port(const BlockDevice& device) {
    const std::string name = component_with(device.directory, "rport-");
    const std::string facts = path_to(device.directory, name) + "/fc_remote_ports/" + name + "/";
    const auto port = trimmed(sysfs::text(facts + "port_name").value_or(""));
    return port.empty() ? name : "port " + port;
}

std::string scsi_place(const ScsiAddress& address) {
    return "host" + std::to_string(address.host) + " channel " + std::to_string(address.channel) +
           " target " + std::to_string(address.target);
}

std::string usb_port(const BlockDevice& device) {
    const auto usb = usb_device_of(device.directory);
    return usb ? "usb " + sysfs::last_component(*usb) : "";
}

std::string scsi_port(const BlockDevice& device, const Attachment& found) {
    const ScsiAddress address = found.address.value_or(ScsiAddress{});
    const std::string pci = pci_address(device.directory);
    const auto socket = [&]() -> std::string {
        if (found.transport == Transport::usb) return usb_port(device);
        if (found.transport == Transport::iscsi) return iscsi_port(device);
        if (found.transport == Transport::ata) return joined(pci, ata_port(device, address));
        if (found.transport == Transport::sas) return joined(pci, sas_port(device));
        if (found.transport == Transport::fibre_channel) return joined(pci, fibre_port(device));
        return joined(pci, found.address ? scsi_place(address) : "");
    };
    return socket() + (address.lun == 0 ? "" : " LUN " + std::to_string(address.lun));
}

std::string nvme_port(const BlockDevice& device) {
    std::string text;
    for (const std::string& controller : nvme_controllers_of(device)) {
        std::string place = pci_address(controller);
        if (place.empty()) place = trimmed(sysfs::text(controller + "/address").value_or(""));
        text += (text.empty() || place.empty() ? "" : ", ") + place;
    }
    return text;
}

} // namespace

std::string port_text(const BlockDevice& device, const Attachment& found) {
    switch (found.transport) {
    case Transport::none:
        return {};
    case Transport::ata:
    case Transport::sas:
    case Transport::fibre_channel:
    case Transport::iscsi:
    case Transport::ufs:
    case Transport::usb:
    case Transport::raid_controller:
    case Transport::hypervisor:
    case Transport::scsi:
        return scsi_port(device, found);
    case Transport::nvme:
        return nvme_port(device);
    case Transport::mmc:
        return joined(pci_address(device.directory), named(device.directory, "mmc"));
    case Transport::virtio:
        return joined(pci_address(device.directory), named(device.directory, "virtio"));
    case Transport::other:
        return pci_address(device.directory);
    }
    return {};
}

} // namespace quietus
