#include "backing.hpp"

#include <array>
#include <span>

namespace quietus::wire {
namespace {

struct Row {
    std::string_view vendor;  ///< whole; empty: any
    std::string_view product; ///< how it begins; empty: any
    Backing backing;
};

// INQUIRY. Sources: smartmontools os_linux.cpp (3ware, AMCC, DELL PERC, PERC H, MegaRAID, LSI);
// multipath-tools libmultipath/hwtable.c (arrays, Smart Array's LOGICAL VOLUME, Power RAID's IPR,
// Universal Xport); QEMU hw/scsi/scsi-disk.c; VirtualBox DevLsiLogicSCSI and VSCSI; Linux
// drivers/target (LIO-ORG), drivers/scsi/scsi_debug.c, drivers/usb/gadget (File-Stor Gadget); tgt
// (IET); SCST. What a RAID controller's driver or an iSCSI session shows needs no row: its place
// tells. NETAPP is on drives out of its shelves too ("X422_..."), so only its LUNs have rows.
constexpr std::array inquiry_rows{
    Row{"HP", "LOGICAL VOLUME", Backing::raid_volume},
    Row{"HPE", "LOGICAL VOLUME", Backing::raid_volume},
    Row{"COMPAQ", "LOGICAL VOLUME", Backing::raid_volume},
    Row{"DELL", "PERC", Backing::raid_volume},
    Row{"", "PERC H", Backing::raid_volume},
    Row{"MegaRAID", "", Backing::raid_volume},
    Row{"LSI", "INF-01-00", Backing::array_lun},
    Row{"LSI", "", Backing::raid_volume},
    Row{"AMCC", "", Backing::raid_volume},
    Row{"3ware", "", Backing::raid_volume},
    Row{"IBM", "IPR", Backing::raid_volume},
    Row{"JMicron", "H/W RAID", Backing::raid_volume},
    Row{"DGC", "", Backing::array_lun},
    Row{"EMC", "", Backing::array_lun},
    Row{"XtremIO", "", Backing::array_lun},
    Row{"COMPELNT", "", Backing::array_lun},
    Row{"DELL", "MD3", Backing::array_lun},
    Row{"DellEMC", "", Backing::array_lun},
    Row{"FUJITSU", "ETERNUS", Backing::array_lun},
    Row{"HITACHI", "OPEN-", Backing::array_lun},
    Row{"HITACHI", "DF600F", Backing::array_lun},
    Row{"HP", "OPEN-", Backing::array_lun},
    Row{"HPE", "OPEN-", Backing::array_lun},
    Row{"HP", "HSV", Backing::array_lun},
    Row{"HP", "MSA", Backing::array_lun},
    Row{"HPE", "MSA", Backing::array_lun},
    Row{"HP", "P2000", Backing::array_lun},
    Row{"COMPAQ", "MSA", Backing::array_lun},
    Row{"3PARdata", "", Backing::array_lun},
    Row{"LEFTHAND", "", Backing::array_lun},
    Row{"Nimble", "", Backing::array_lun},
    Row{"NETAPP", "LUN", Backing::array_lun},
    Row{"NETAPP", "INF-01-00", Backing::array_lun},
    Row{"PURE", "", Backing::array_lun},
    Row{"HUAWEI", "XSG1", Backing::array_lun},
    Row{"DDN", "", Backing::array_lun},
    Row{"NEXENTA", "", Backing::array_lun},
    Row{"TEGILE", "", Backing::array_lun},
    Row{"IBM", "1722", Backing::array_lun},
    Row{"IBM", "1724", Backing::array_lun},
    Row{"IBM", "1726", Backing::array_lun},
    Row{"IBM", "1742", Backing::array_lun},
    Row{"IBM", "1746", Backing::array_lun},
    Row{"IBM", "181", Backing::array_lun},
    Row{"IBM", "2105", Backing::array_lun},
    Row{"IBM", "2107", Backing::array_lun},
    Row{"IBM", "2145", Backing::array_lun},
    Row{"", "Universal Xport", Backing::array_lun},
    Row{"LIO-ORG", "", Backing::virtual_disk},
    Row{"IET", "", Backing::virtual_disk},
    Row{"SCST_FIO", "", Backing::virtual_disk},
    Row{"SCST_BIO", "", Backing::virtual_disk},
    Row{"QEMU", "", Backing::virtual_disk},
    Row{"VMware", "", Backing::virtual_disk},
    Row{"VMware,", "", Backing::virtual_disk},
    Row{"VBOX", "", Backing::virtual_disk},
    Row{"Msft", "", Backing::virtual_disk},
    Row{"Google", "", Backing::virtual_disk},
    Row{"NUTANIX", "", Backing::virtual_disk},
    Row{"XENSRC", "", Backing::virtual_disk},
    Row{"Linux", "scsi_debug", Backing::virtual_disk},
    Row{"Linux", "File-Stor Gadget", Backing::virtual_disk},
};

// IDENTIFY DEVICE. JMicron's RAID chips say "H/W RAID5" or "JMicron H/W RAID5"; Dell's BOSS cards
// "DELLBOSS VD"; Hyper-V's IDE disks "Virtual HD".
constexpr std::array ata_rows{
    Row{"", "H/W RAID", Backing::raid_volume},    Row{"", "JMicron H/W RAID", Backing::raid_volume},
    Row{"", "DELLBOSS VD", Backing::raid_volume}, Row{"", "QEMU ", Backing::virtual_disk},
    Row{"", "VBOX ", Backing::virtual_disk},      Row{"", "VMware ", Backing::virtual_disk},
    Row{"", "Virtual HD", Backing::virtual_disk},
};

// NVMe models. Sources: hypervisors' own code (QEMU hw/nvme, VirtualBox DevNVMe, Linux nvmet) and
// clouds' udev rules; arrays from multipath-tools.
constexpr std::array nvme_rows{
    Row{"", "QEMU NVMe Ctrl", Backing::virtual_disk},
    Row{"", "ORCL-VBOX-NVME", Backing::virtual_disk},
    Row{"", "VMware Virtual NVMe Disk", Backing::virtual_disk},
    Row{"", "Amazon E",
        Backing::virtual_disk}, // "Elastic Block Store", "EC2 NVMe Instance Storage"
    Row{"", "nvme_card", Backing::virtual_disk}, // Google: "nvme_card-pd"
    Row{"", "MSFT NVMe Accelerator", Backing::virtual_disk},
    Row{"", "Microsoft NVMe Direct Disk", Backing::virtual_disk},
    Row{"", "Linux", Backing::virtual_disk}, // nvmet's default
    Row{"", "SPDK", Backing::virtual_disk},
    Row{"", "HPE Alletra", Backing::array_lun},
    Row{"", "EMC PowerMax", Backing::array_lun},
    Row{"", "dellemc-powerstore", Backing::array_lun},
    Row{"", "Pure Storage FlashArray", Backing::array_lun},
    Row{"", "NetApp ONTAP Controller", Backing::array_lun},
    Row{"", "IBM     2145", Backing::array_lun},
    Row{"", "DELLBOSS VD", Backing::raid_volume},
    Row{"", "Dell BOSS", Backing::raid_volume},
};

// PCI vendors that make no drives: Red Hat (QEMU), VMware, Oracle (VirtualBox), Amazon, Google.
constexpr std::array<std::uint16_t, 6> virtual_vendors{0x1AF4, 0x1B36, 0x15AD,
                                                       0x80EE, 0x1D0F, 0x1AE0};

KnownBacking look_up(std::span<const Row> rows, std::string_view vendor, std::string_view product,
                     const char* where) {
    for (const Row& row : rows) {
        if (!row.vendor.empty() && row.vendor != vendor) continue;
        if (!product.starts_with(row.product)) continue;
        std::string name(vendor);
        if (!name.empty() && !product.empty()) name += ' ';
        return {row.backing, std::string(where) + ": " + name + std::string(product)};
    }
    return {};
}

} // namespace

KnownBacking backing_by_inquiry(std::string_view vendor, std::string_view product) {
    return look_up(inquiry_rows, vendor, product, "INQUIRY");
}

KnownBacking backing_by_ata_model(std::string_view model) {
    return look_up(ata_rows, "", model, "IDENTIFY DEVICE");
}

KnownBacking backing_by_nvme(std::uint16_t vendor, std::string_view model) {
    KnownBacking known = look_up(nvme_rows, "", model, "Identify Controller");
    if (known.backing != Backing::unknown) return known;
    for (const std::uint16_t maker : virtual_vendors)
        if (vendor == maker)
            return {Backing::virtual_disk,
                    "Identify Controller: a hypervisor's vendor number, " + std::string(model)};
    return {};
}

} // namespace quietus::wire
