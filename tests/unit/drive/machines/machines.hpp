// Machines as a disposal bench meets them, built by hand after the layout that Linux gives sysfs.
// One function a machine; what is listed of each is in recorded_machines_test.cpp.
#pragma once

#include "replies.hpp"
#include "unit/drive/recorded_machine.hpp"

#include <string>

namespace quietus::machines {

/// A SCSI logical unit: `path` is its directory beneath sys/devices, ".../target0:0:0/0:0:0:0".
struct ScsiUnit {
    std::string path;
    std::string name;
    std::string number;
    std::uint64_t sectors = 0; ///< of 512 bytes
    std::string vendor = "ATA     ";
    std::string model;
    std::string serial; ///< page 80h without its header; empty: no such page
    std::string wwid;
    std::string rotational = "1";
};
/// Gives its directory, as RecordedMachine::add does.
std::string add_scsi(RecordedMachine& machine, const ScsiUnit& unit);
/// The driver of a SCSI host: `host` is its directory beneath sys/devices, ".../host0".
void set_host_driver(RecordedMachine& machine, const std::string& host, const std::string& driver);

/// A controller: `path` is its directory beneath sys/devices, ".../nvme/nvme0".
struct NvmeController {
    std::string path;
    std::string transport = "pcie";
    std::string address;
    std::string subsystem; ///< the kernel's name of it: "nvme-subsys0"
};
void add_controller(RecordedMachine& machine, const NvmeController& controller);
struct NvmeNamespace {
    std::string path; ///< of what it stands beneath: a controller, or a subsystem
    std::string name;
    std::string number;
    std::uint64_t sectors = 0;
    std::string nsid;
    std::string wwid;
};
std::string add_namespace(RecordedMachine& machine, const NvmeNamespace& space);

/// A USB device: `path` beneath sys/devices, ".../usb2/2-1".
void add_usb_device(RecordedMachine& machine, const std::string& path, const std::string& name,
                    const std::string& numbers, const std::string& serial);

// drive_machines.cpp
void sata_behind_ahci(RecordedMachine& machine);
void hybrid_and_zoned(RecordedMachine& machine);
void ata_drives_that_tell(RecordedMachine& machine);
void sas_by_two_host_adapters(RecordedMachine& machine);
void dual_actuator_sas(RecordedMachine& machine);
void megaraid_hiding_disks(RecordedMachine& machine);
void sata_behind_sas_adapter(RecordedMachine& machine);
void array_drive_of_520_bytes(RecordedMachine& machine);
void native_4k(RecordedMachine& machine);
void volumes_of_arrays(RecordedMachine& machine);
void multipathed_array(RecordedMachine& machine);
void drives_256(RecordedMachine& machine);
// nvme_machines.cpp
void nvme_two_namespaces_one_unattached(RecordedMachine& machine);
void nvme_native_multipath(RecordedMachine& machine);
void nvme_two_ports_without_multipath(RecordedMachine& machine);
void nvme_behind_vmd(RecordedMachine& machine);
void nvme_over_tcp(RecordedMachine& machine);
// usb_machines.cpp
void usb_sata_bridge_with_sat(RecordedMachine& machine);
void usb_sata_bridge_without_sat(RecordedMachine& machine);
void usb_nvme_bridge(RecordedMachine& machine);
void usb_bridge_that_hides_the_end(RecordedMachine& machine);
void usb_bridge_that_chokes(RecordedMachine& machine);
void usb_dock_with_two_bays(RecordedMachine& machine);
void card_reader_without_medium(RecordedMachine& machine);
// small_machines.cpp
void emmc_with_boot_areas(RecordedMachine& machine);
void sd_card(RecordedMachine& machine);
void ufs_phone(RecordedMachine& machine);
void virtual_machine(RecordedMachine& machine);
void zram_and_memory(RecordedMachine& machine);
void optical_and_floppy(RecordedMachine& machine);
void network_disks(RecordedMachine& machine);
// stacked_machines.cpp
void lvm_on_luks_on_md(RecordedMachine& machine);
void zfs_mirror(RecordedMachine& machine);
void btrfs_pair(RecordedMachine& machine);

} // namespace quietus::machines
