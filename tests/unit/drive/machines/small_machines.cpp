// Embedded storage, virtual machines, memory, optical drives and networks.
#include "machines.hpp"

namespace quietus::machines {

// Main area, two boot areas with nodes, one general-purpose area, and replay-protected memory.
void emmc_with_boot_areas(RecordedMachine& machine) {
    const std::string card = "pci0000:00/0000:00:1c.0/mmc_host/mmc0/mmc0:0001";
    const auto main = machine.add(card, "mmcblk0", "179:0", 61079552,
                                  {{"device/name", "DF4032\n"},
                                   {"device/serial", "0x1a2b3c4d\n"},
                                   {"device/type", "MMC\n"},
                                   {"device/fwrev", "0x0500000000000000\n"},
                                   {"device/raw_rpmb_size_mult", "0x20\n"},
                                   {"queue/rotational", "0\n"}});
    machine.set_bus(main, "mmc");
    machine.add_partition(main, "mmcblk0p1", "179:1", 2048, 4096);
    for (const char* const area : {"boot0", "boot1", "gp0"}) {
        const std::string name = std::string("mmcblk0") + area;
        machine.write(main + "/" + name + "/dev",
                      std::string("179:") + (name.back() == '0' ? "8" : "16") + "\n");
        machine.write(main + "/" + name + "/size", "8192\n");
        machine.write(main + "/" + name + "/ro", "1\n");
        machine.link("sys/block/" + name, "../devices/" + card + "/block/mmcblk0/" + name);
        machine.write("dev/" + name, "");
    }
    machine.write("sys/devices/" + card + "/mmcblk0rpmb/dev", "246:0\n");
    machine.link("sys/class/mmc_rpmb/mmcblk0rpmb", "../../devices/" + card + "/mmcblk0rpmb");
    machine.write("dev/mmcblk0rpmb", "");
    Bytes data = test::ext_csd();
    test::put_little(data, 212, 4, 61079552);
    data[160] = data[155] = 1; // areas of general purpose, set for good
    data[221] = 8;             // in groups of 4 MiB
    test::put_little(data, 143, 3, 1);
    test::put_text(data, 254, 8, std::string("\x05\0\0\0\0\0\0\0", 8));
    machine.answers.replies["/dev/mmcblk0"] = mmc_replies(data);
}

// An SD card has no EXT_CSD: what is known of it is its CID, by the kernel.
void sd_card(RecordedMachine& machine) {
    const auto card = machine.add("pci0000:00/0000:02:00.0/mmc_host/mmc1/mmc1:aaaa", "mmcblk1",
                                  "179:32", 62333952,
                                  {{"device/name", "SD32G\n"},
                                   {"device/serial", "0x9f8e7d6c\n"},
                                   {"device/type", "SD\n"},
                                   {"device/fwrev", "0x0\n"},
                                   {"queue/rotational", "0\n"}});
    machine.set_bus(card, "mmc");
    machine.answers.replies["/dev/mmcblk1"] = "mmc 8 00000000 -> lost\n";
}

// Three logical units and the well-known one of the replay-protected memory.
void ufs_phone(RecordedMachine& machine) {
    const std::string host = "platform/soc/1d84000.ufshc/host0";
    set_host_driver(machine, host, "ufshcd");
    for (const char* const lun : {"0", "1", "2"}) {
        const std::string name = std::string("sd") + static_cast<char>('a' + (*lun - '0'));
        const std::uint64_t sectors = *lun == '0' ? 249999360 : 8192;
        const auto unit = add_scsi(machine, {host + "/target0:0:0/0:0:0:" + lun, name,
                                             "8:" + std::to_string((*lun - '0') * 16), sectors,
                                             "SAMSUNG ", "KLUDG4UHDC-B0E1 ", "", "", "0"});
        machine.write(unit + "/queue/logical_block_size", "4096\n");
        machine.answers.replies["/dev/" + name] = scsi_replies({.vendor = "SAMSUNG",
                                                                .product = "KLUDG4UHDC-B0E1",
                                                                .blocks = sectors / 8,
                                                                .block_bytes = 4096,
                                                                .luns = {0, 1, 2}});
    }
    machine.write("sys/devices/" + host + "/target0:0:0/0:0:0:49476/type", "30\n");
}

// A disk of each kind that hypervisors show.
void virtual_machine(RecordedMachine& machine) {
    const auto vda = machine.add("pci0000:00/0000:00:04.0/virtio1", "vda", "254:0", 41943040,
                                 {{"serial", "disk-0001"}, {"device/vendor", "0x1af4\n"}});
    machine.set_bus(vda, "virtio");
    const std::string host = "pci0000:00/0000:00:05.0/virtio2/host2";
    set_host_driver(machine, host, "virtio_scsi");
    add_scsi(machine, {host + "/target2:0:0/2:0:0:0", "sda", "8:0", 41943040, "QEMU    ",
                       "QEMU HARDDISK   ", "drive-scsi0", ""});
    add_scsi(machine, {"pci0000:00/0000:00:1f.2/ata1/host3/target3:0:0/3:0:0:0", "sdb", "8:16",
                       41943040, "ATA     ", "QEMU HARDDISK   ", "QM00001", ""});
    machine.answers.replies = {
        {"/dev/sda", scsi_replies({.vendor = "QEMU",
                                   .product = "QEMU HARDDISK",
                                   .serial = "drive-scsi0",
                                   .blocks = 41943040,
                                   .exponent = 3,
                                   .rate = 0,
                                   .thin = false})},
        {"/dev/sdb", ata_replies({"QEMU HARDDISK", "QM00001", "2.5+0001", 0, 41943040, 0})}};
}

void zram_and_memory(RecordedMachine& machine) {
    machine.add("virtual", "ram0", "1:0", 8192);
    machine.add("virtual", "zram0", "252:0", 8388608, {{"comp_algorithm", "lzo-rle [zstd]\n"}});
    machine.write("proc/swaps", "Filename Type Size Used Priority\n"
                                "/dev/zram0 partition 4194300 0 100\n");
}

void optical_and_floppy(RecordedMachine& machine) {
    const auto rom = machine.add("pci0000:00/0000:00:17.0/ata2/host1/target1:0:0/1:0:0:0", "sr0",
                                 "11:0", 1433600,
                                 {{"device/vendor", "HL-DT-ST\n"},
                                  {"device/model", "DVDRAM GT80N    \n"},
                                  {"device/type", "5\n"},
                                  {"removable", "1\n"}});
    machine.set_bus(rom, "scsi");
    const auto floppy =
        machine.add("platform/floppy.0", "fd0", "2:0", 2880, {{"removable", "1\n"}});
    machine.set_bus(floppy, "platform");
}

// Blocks that come over a network, by whatever name the kernel gives them.
void network_disks(RecordedMachine& machine) {
    machine.add("virtual", "nbd0", "43:0", 2048);
    machine.add("rbd/0", "rbd0", "251:0", 2048);
    machine.add("virtual", "drbd0", "147:0", 2048);
    machine.add("virtual", "etherd!e1.1", "152:16", 2048);
    machine.add("virtual", "ublkb0", "259:0", 2048);
}

} // namespace quietus::machines
