// What stands on several drives at once.
#include "machines.hpp"

namespace quietus::machines {
namespace {

/// sda and sdb, told apart by their serial numbers; their directories.
struct TwoDrives {
    std::string sda;
    std::string sdb;
};
TwoDrives add_two_drives(RecordedMachine& machine) {
    TwoDrives drives{machine.add_sata("sda", "8:0"), machine.add_sata("sdb", "8:16")};
    machine.write(drives.sdb + "/device/vpd_pg80",
                  std::string("\0\x80\0\x14", 4) + "     WD-WCC7K0654321");
    for (const char* const last : {"123456", "654321"})
        machine.answers.replies[*last == '1' ? "/dev/sda" : "/dev/sdb"] =
            ata_replies({"WDC WD40EFRX-68N32N0", std::string("     WD-WCC7K0") + last, "82.00A82",
                         0x50014EE2B5D3A0F1, 2000000, 5400});
    return drives;
}

} // namespace

void lvm_on_luks_on_md(RecordedMachine& machine) {
    const auto [sda, sdb] = add_two_drives(machine);
    const auto sda1 = machine.add_partition(sda, "sda1", "8:1", 2048, 4096);
    const auto sdb1 = machine.add_partition(sdb, "sdb1", "8:17", 2048, 4096);
    const auto md = machine.add("virtual", "md127", "9:127", 4000, {{"md/level", "raid1\n"}});
    const auto crypt =
        machine.add("virtual", "dm-0", "253:0", 4000,
                    {{"dm/name", "luks-vault\n"}, {"dm/uuid", "CRYPT-LUKS2-00-luks-vault\n"}});
    const auto volume = machine.add("virtual", "dm-1", "253:1", 4000,
                                    {{"dm/name", "vg-root\n"}, {"dm/uuid", "LVM-abc\n"}});
    machine.stack(md, sda1);
    machine.stack(md, sdb1);
    machine.stack(crypt, md);
    machine.stack(volume, crypt);
    machine.set_mounts(RecordedMachine::mount_line("253:1", "/", "ext4", "/dev/mapper/vg-root"));
}

// ZFS holds its members without telling sysfs: the nodes are claimed, and the pool is mounted.
void zfs_mirror(RecordedMachine& machine) {
    const auto [sda, sdb] = add_two_drives(machine);
    machine.add_partition(sda, "sda1", "8:1", 2048, 4096);
    machine.add_partition(sdb, "sdb1", "8:17", 2048, 4096);
    Contents contents;
    contents.found.push_back({"", "zfs_member", "tank", "123456789", "filesystem", 1048576});
    for (const char* const node : {"/dev/sda", "/dev/sdb"}) {
        machine.answers.contents[node] = contents;
        machine.answers.claimed.insert(node);
    }
    machine.set_mounts(RecordedMachine::mount_line("0:45", "/tank", "zfs", "tank"));
}

// One file system on two drives: the mount names the first only.
void btrfs_pair(RecordedMachine& machine) {
    add_two_drives(machine);
    const std::string devices = "sys/fs/btrfs/0e7cf7a1-6c45-4f10-8f0f-2a1b3c4d5e6f/devices/";
    machine.link(devices + "sda", "../../../../devices/x/block/sda");
    machine.link(devices + "sdb", "../../../../devices/x/block/sdb");
    machine.set_mounts(RecordedMachine::mount_line("0:40", "/pool", "btrfs", "/dev/sda"));
}

} // namespace quietus::machines
