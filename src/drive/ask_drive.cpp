#include "ask_drive.hpp"

#include "ask_mmc.hpp"
#include "ask_nvme.hpp"
#include "ask_scsi.hpp"

#include "quietus/transport/linux/command_ports.hpp"

namespace quietus {
namespace {

DriveIdentity cannot_be_asked() {
    DriveIdentity identity;
    identity.findings.push_back("there is no way to send it commands");
    return identity;
}

} // namespace

DriveIdentity identify_by_commands(DriveKind kind, const CommandPorts& ports) {
    switch (kind) {
    case DriveKind::ata:
    case DriveKind::scsi:
    case DriveKind::usb:
        return ports.scsi != nullptr ? ask_scsi(kind, *ports.scsi) : cannot_be_asked();
    case DriveKind::nvme:
        return ports.nvme != nullptr ? ask_nvme(*ports.nvme) : cannot_be_asked();
    case DriveKind::mmc:
        return ports.mmc != nullptr ? ask_mmc(*ports.mmc) : cannot_be_asked();
    case DriveKind::virtio:
    case DriveKind::loop:
    case DriveKind::nbd:
    case DriveKind::image:
    case DriveKind::ram:
    case DriveKind::rom:
    case DriveKind::zram:
    case DriveKind::unknown:
        return {};
    }
    return {};
}

DriveIdentity ask_open_drive(int descriptor, DriveKind kind) {
    const auto scsi = make_sg_io_port(descriptor);
    const auto nvme = make_nvme_admin_port(descriptor);
    const auto mmc = make_mmc_ioctl_port(descriptor);
    return identify_by_commands(kind, {scsi.get(), nvme.get(), mmc.get()});
}

} // namespace quietus
