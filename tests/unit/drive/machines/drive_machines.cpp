// SATA and SAS drives, RAID volumes and arrays.
#include "machines.hpp"

namespace quietus::machines {

namespace {

constexpr std::uint64_t sectors_4tb = 7814037168; // what a drive sold as 4 TB has (IDEMA LBA1-03)
constexpr std::uint64_t bytes_4tb = sectors_4tb * 512;

std::string numbered(std::size_t number) {
    std::string name;
    for (++number; number > 0; number = (number - 1) / 26)
        name.insert(name.begin(), static_cast<char>('a' + (number - 1) % 26));
    return "sd" + name;
}

} // namespace

// A rotating drive with the system on it and a solid-state one, on two ports of the chipset.
void sata_behind_ahci(RecordedMachine& machine) {
    const auto sda = add_scsi(machine, {"pci0000:00/0000:00:17.0/ata1/host0/target0:0:0/0:0:0:0",
                                        "sda", "8:0", sectors_4tb, "ATA     ", "WDC WD40EFRX-68N",
                                        "     WD-WCC7K0123456", "naa.50014ee2b5d3a0f1"});
    machine.add_partition(sda, "sda1", "8:1", 2048, 1048576);
    machine.set_mounts(RecordedMachine::mount_line("8:1", "/", "ext4", "/dev/sda1"));
    add_scsi(machine,
             {"pci0000:00/0000:00:17.0/ata2/host1/target1:0:0/1:0:0:0", "sdb", "8:16", 1000215216,
              "ATA     ", "Samsung SSD 860 ", "S3Z9NB0K123456A", "naa.5002538e40123456", "0"});
    auto disk = told("WDC WD40EFRX-68N32N0", "     WD-WCC7K0123456", bytes_4tb);
    disk.rotation_rpm = 5400;
    machine.answers.identities["/dev/sda"] = disk;
}

// One drive with two ports, each on a host adapter of its own; no multipath daemon runs.
void sas_by_two_host_adapters(RecordedMachine& machine) {
    for (const char* const number : {"0", "1"}) {
        const std::string n = number;
        const std::string host = "pci0000:00/0000:0" + n + ":00.0/host" + n;
        const std::string device = host + "/port-" + n + ":0/end_device-" + n + ":0";
        set_host_driver(machine, host, "mpt3sas");
        const std::string facts = "sys/devices/" + device + "/sas_device/end_device-" + n + ":0/";
        machine.write(facts + "enclosure_identifier", "0x5003048001234500\n");
        machine.write(facts + "bay_identifier", "3\n");
        const std::string name = n == "0" ? "sda" : "sdb";
        const auto unit =
            add_scsi(machine, {device + "/target" + n + ":0:0/" + n + ":0:0:0", name,
                               n == "0" ? "8:0" : "8:16", sectors_4tb, "SEAGATE ",
                               "ST4000NM0025    ", "ZC1ABCDE0000C8291234", "naa.5000c500a1b2c3d7"});
        if (n == "1") machine.add_partition(unit, "sdb1", "8:17", 2048, 4096);
    }
    machine.set_mounts(RecordedMachine::mount_line("8:17", "/srv", "xfs", "/dev/sdb1"));
}

// Two logical units of one SAS target, each with half of the heads.
void dual_actuator_sas(RecordedMachine& machine) {
    const std::string target = "pci0000:00/0000:03:00.0/host0/port-0:4/end_device-0:4/target0:0:4";
    set_host_driver(machine, "pci0000:00/0000:03:00.0/host0", "mpt3sas");
    for (const char* const lun : {"0", "1"}) {
        const std::string name = *lun == '0' ? "sdc" : "sdd";
        add_scsi(machine,
                 {target + "/0:0:4:" + lun, name, *lun == '0' ? "8:32" : "8:48", 13672382464,
                  "SEAGATE ", "ST14000NM0001   ", *lun == '0' ? "ZKL0AAAA0000" : "ZKL0AAAA0001",
                  std::string("naa.6000c500d0c0b0a000") + lun + "0000000000000"});
        auto half = told("SEAGATE ST14000NM0001", *lun == '0' ? "ZKL0AAAA0000" : "ZKL0AAAA0001",
                         13672382464ULL * 512);
        half.unit = "naa.5000c500d0c0b0a0";
        half.parts = {{"", 0, PartKind::logical_unit, "LUN 0"},
                      {"", 0, PartKind::logical_unit, "LUN 1"}};
        half.rotation_rpm = 7200;
        machine.answers.identities["/dev/" + name] = half;
    }
}

// A volume over drives that nobody sees, and one drive that the controller hands through.
void megaraid_hiding_disks(RecordedMachine& machine) {
    const std::string host = "pci0000:00/0000:02:00.0/host0";
    set_host_driver(machine, host, "megaraid_sas");
    add_scsi(machine,
             {host + "/target0:2:0/0:2:0:0", "sda", "8:0", 2 * sectors_4tb, "DELL    ",
              "PERC H730P Mini ", "00a1b2c3d4e5f60718293a4b5c6d7e8f", "naa.6d09466012345678"});
    add_scsi(machine, {host + "/target0:0:5/0:0:5:0", "sdb", "8:16", sectors_4tb, "ATA     ",
                       "TOSHIBA MG04ACA4", "Y6D3K0ABFHRC", "naa.500003970b812345"});
}

void sata_behind_sas_adapter(RecordedMachine& machine) {
    const std::string host = "pci0000:00/0000:01:00.0/host4";
    set_host_driver(machine, host, "mpt3sas");
    add_scsi(machine,
             {host + "/port-4:0/expander-4:0/port-4:0:7/end_device-4:0:7/target4:0:7/4:0:7:0",
              "sde", "8:64", sectors_4tb, "ATA     ", "HGST HUS726040AL", "K7J1ABCD",
              "naa.5000cca25e123456"});
    // The adapter's own mirror is no end device.
    add_scsi(machine, {host + "/target4:1:0/4:1:0:0", "sdf", "8:80", sectors_4tb, "LSI     ",
                       "Logical Volume  ", "0a1b2c3d4e5f", "naa.600508e000000000aabbccdd"});
}

// Pulled from an array: the kernel has no use for its blocks and shows no size.
void array_drive_of_520_bytes(RecordedMachine& machine) {
    const std::string host = "pci0000:00/0000:03:00.0/host0";
    set_host_driver(machine, host, "mpt3sas");
    add_scsi(machine, {host + "/port-0:1/end_device-0:1/target0:0:1/0:0:1:0", "sdg", "8:96", 0,
                       "NETAPP  ", "X422_HCOBE600A10", "KSG1ABCD", "naa.5000cca0a1b2c3d4"});
    auto drive = told("NETAPP X422_HCOBE600A10", "KSG1ABCD", 1172123568ULL * 520);
    drive.logical_block_bytes = 520;
    drive.physical_block_bytes = 520;
    drive.rotation_rpm = 10520;
    machine.answers.identities["/dev/sdg"] = drive;
}

void native_4k(RecordedMachine& machine) {
    const auto sda = add_scsi(machine, {"pci0000:00/0000:00:17.0/ata3/host2/target2:0:0/2:0:0:0",
                                        "sda", "8:0", sectors_4tb, "ATA     ", "ST4000NM0033    ",
                                        "Z1Z2Z3Z4", "naa.5000c50012345678"});
    machine.write(sda + "/queue/logical_block_size", "4096\n");
    auto drive = told("ST4000NM0033-9ZM170", "Z1Z2Z3Z4", bytes_4tb);
    drive.logical_block_bytes = 4096;
    drive.physical_block_bytes = 4096;
    machine.answers.identities["/dev/sda"] = drive;
}

// Two volumes of one target by iSCSI and one by Fibre Channel: not parts of one drive.
void volumes_of_arrays(RecordedMachine& machine) {
    const std::string session = "platform/host6/session1";
    machine.write("sys/devices/" + session + "/iscsi_session/session1/targetname",
                  "iqn.2004-04.com.qnap:ts-453\n");
    for (const char* const lun : {"0", "1"})
        add_scsi(machine, {session + "/target6:0:0/6:0:0:" + lun, *lun == '0' ? "sda" : "sdb",
                           *lun == '0' ? "8:0" : "8:16", 2097152, "QNAP    ", "iSCSI Storage   ",
                           std::string("3f1b") + lun, std::string("naa.6e843b6f1b0000000") + lun});
    const std::string host = "pci0000:00/0000:05:00.0/host7";
    set_host_driver(machine, host, "qla2xxx");
    machine.write("sys/devices/" + host + "/rport-7:0-2/fc_remote_ports/rport-7:0-2/port_name",
                  "0x500a098186173421\n");
    auto thin =
        add_scsi(machine, {host + "/rport-7:0-2/target7:0:0/7:0:0:3", "sdc", "8:32", 4194304,
                           "NETAPP  ", "LUN C-Mode      ", "80A4F+NvJ8Pf", "naa.600a098038303634"});
    DriveIdentity identity = told("NETAPP LUN C-Mode", "80A4F+NvJ8Pf", 4194304ULL * 512);
    identity.backing = Backing::thin;
    identity.backing_evidence = "VPD B2h: thin provisioned";
    machine.answers.identities["/dev/sdc"] = identity;
}

// Two paths to one volume, joined by device mapper, with a partition of the map mounted.
void multipathed_array(RecordedMachine& machine) {
    const auto map =
        machine.add("virtual", "dm-0", "253:0", 4194304,
                    {{"dm/name", "mpatha\n"}, {"dm/uuid", "mpath-3600a098038303634\n"}});
    machine.write("dev/mapper/mpatha", "");
    const auto part = machine.add(
        "virtual", "dm-1", "253:1", 4190208,
        {{"dm/name", "mpatha-part1\n"}, {"dm/uuid", "part1-mpath-3600a098038303634\n"}});
    machine.stack(part, map);
    for (const char* const number : {"7", "8"}) {
        const std::string n = number;
        const std::string host = "pci0000:00/0000:05:00." + n + "/host" + n;
        const auto path = add_scsi(
            machine, {host + "/rport-" + n + ":0-2/target" + n + ":0:0/" + n + ":0:0:3",
                      n == "7" ? "sdc" : "sdd", n == "7" ? "8:32" : "8:48", 4194304, "NETAPP  ",
                      "LUN C-Mode      ", "80A4F+NvJ8Pf", "naa.600a098038303634"});
        machine.stack(map, path);
    }
    machine.set_mounts(
        RecordedMachine::mount_line("253:1", "/data", "xfs", "/dev/mapper/mpatha-part1"));
}

// What a full shelf of drives looks like, each with a partition and three links.
void drives_256(RecordedMachine& machine) {
    for (std::size_t i = 0; i < 256; ++i) {
        const std::string n = std::to_string(i);
        const std::string name = numbered(i);
        const std::string number = std::to_string(65 + i / 16) + ":" + std::to_string(i % 16 * 16);
        const auto drive =
            add_scsi(machine, {"pci0000:00/0000:03:00.0/host0/port-0:0/expander-0:0/port-0:0:" + n +
                                   "/end_device-0:0:" + n + "/target0:0:" + n + "/0:0:" + n + ":0",
                               name, number, sectors_4tb, "SEAGATE ", "ST4000NM0025    ",
                               "SERIAL" + n, "naa.5000c500" + std::to_string(10000000 + i)});
        machine.add_partition(drive, name + "1",
                              std::to_string(65 + i / 16) + ":" + std::to_string(i % 16 * 16 + 1),
                              2048, 4096);
        for (const char* const prefix : {"scsi-", "wwn-", "ata-"})
            machine.link("dev/disk/by-id/" + std::string(prefix) + n, "../../" + name);
    }
}

} // namespace quietus::machines
