// SATA and SAS drives, RAID volumes and arrays.
#include "machines.hpp"

#include <algorithm>
#include <numeric>

namespace quietus::machines {

namespace {

constexpr std::uint64_t sectors_4tb = 7814037168; // what a drive sold as 4 TB has (IDEMA LBA1-03)

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
    machine.answers.replies = {
        {"/dev/sda", ata_replies({"WDC WD40EFRX-68N32N0", "     WD-WCC7K0123456", "82.00A82",
                                  0x50014EE2B5D3A0F1, sectors_4tb, 5400})},
        {"/dev/sdb", ata_replies({"Samsung SSD 860 EVO 500GB", "S3Z9NB0K123456A", "RVT01B6Q",
                                  0x5002538E40123456, 1000215216, 1})}};
}

// A rotating drive with flash in front of it (SATA's Hybrid Information), and one with zones that
// writes must follow (ZAC: a device type of its own behind a translator).
void hybrid_and_zoned(RecordedMachine& machine) {
    add_scsi(machine,
             {"pci0000:00/0000:00:17.0/ata1/host0/target0:0:0/0:0:0:0", "sda", "8:0", 1953525168,
              "ATA     ", "ST1000LM014-1EJ1", "W380ABCD", "naa.5000c5006d8e9fa0"});
    const AtaDisk hybrid{"ST1000LM014-1EJ164", "W380ABCD", "LVD3",
                         0x5000C5006D8E9FA0,   1953525168, 5400};
    auto words = identify_of(hybrid);
    words.words[76] = 0x0100; // NCQ
    words.words[78] = 0x0200; // Hybrid Information
    const auto zoned = add_scsi(machine, {"pci0000:00/0000:00:17.0/ata2/host1/target1:0:0/1:0:0:0",
                                          "sdb", "8:16", sectors_4tb, "ATA     ",
                                          "HGST HSH721414AL", "QBG1ABCD", "naa.5000cca264c0ffee"});
    machine.write(zoned + "/queue/zoned", "host-managed\n");
    Bytes inquiry = test::inquiry("ATA", "HGST HSH721414AL", "0001");
    const std::string disk = to_hex(inquiry);
    inquiry[0] = 0x14; // host-managed zoned block device
    std::string replies = ata_replies(
        {"HGST HSH721414ALN6M0", "QBG1ABCD", "L4GN0001", 0x5000CCA264C0FFEE, sectors_4tb, 7200});
    replies.replace(replies.find(disk), disk.size(), to_hex(inquiry));
    machine.answers.replies = {{"/dev/sda", ata_replies(hybrid, words)}, {"/dev/sdb", replies}};
}

// What they answer to ATA commands, as ATA Status Return descriptors (SAT-4 clause 12.2): a drive
// of which one block is cut off by SET MAX ADDRESS, one whose firmware was told by the computer's
// to take no more commands of the kind, and one that has an overlay and does not tell of it.
void ata_drives_that_tell(RecordedMachine& machine) {
    const auto add = [&](const std::string& number, AtaDisk disk, auto change) {
        const std::string name = "sd" + std::string(1, static_cast<char>('a' + number[0] - '1'));
        add_scsi(machine, {"pci0000:00/0000:00:17.0/ata" + number + "/host" + number + "/target" +
                               number + ":0:0/" + number + ":0:0:0",
                           name, "8:" + std::to_string(16 * (number[0] - '1')), disk.blocks,
                           "ATA     ", disk.model.substr(0, 16), disk.serial, ""});
        auto words = identify_of(disk);
        change(words.words);
        machine.answers.replies["/dev/" + name] = ata_replies(disk, words);
    };
    add("1", {"WDC WD40EFRX-68N32N0", "WD-HIDDEN1", "82.00A82", 0, 2000000, 5400}, [](auto& words) {
        words[82] = 0x0401; // HPA, SMART
        words[85] = 0x0001;
    });
    add("2", {"Samsung SSD 860 EVO 500GB", "S3FROZEN2", "RVT01B6Q", 0, 2000000, 1},
        [](auto& words) {
            words[59] = 0x9000; // SANITIZE, with BLOCK ERASE
            words[82] = 0x0002; // security
            words[89] = 0x0001;
            words[90] = 0x0004;
            words[128] = 0x0029; // supported, frozen, enhanced
        });
    add("3", {"Hitachi HDS721010CLA332", "JPOVERLAY3", "JP4OA3EA", 0, 2000000, 7200},
        [](auto& words) { words[83] = 0x7C61; }); // 48-bit, DCO
    Bytes smart(512);
    const Bytes reallocated{5, 0x33, 0, 100, 100, 3, 0, 0, 0, 0, 0, 0};
    const Bytes hours{9, 0x32, 0, 95, 95, 0x40, 0x9C, 0, 0, 0, 0, 0};
    std::ranges::copy(test::joined({reallocated, hours}), smart.begin() + 2);
    smart[511] = static_cast<std::uint8_t>(0U - std::accumulate(smart.begin(), smart.end(), 0U));
    machine.answers.ata_replies = {
        {"/dev/sda",
         // last address 1E8480h
         "scsi 85 07 20 00*10 40 27 00 -> 02 sense 72 01 00 1d 00*3 0e "
         "09 0c 01 00 00 00 00 80 00 84 00 1e 40 50\n"
         "scsi 85 08 0e 00 d0 00 01 00 00 00 4f 00 c2 00 b0 00 -> 00 data " +
             to_hex(smart) + "\n"},
        {"/dev/sdb",
         // COUNT bit 13
         "scsi 85 07 20 00*10 40 b4 00 -> 02 sense 72 01 00 1d 00*3 0e "
         "09 0c 01 00 20 00 00 ff 00 ff 00 00 40 50\n"},
        {"/dev/sdc", "scsi 85 08 0e 00 c2 00 01 00*7 b1 00 -> 02 sense 72 0b 00 00 00*3 0e "
                     "09 0c 00 04 00*8 40 51\n"}};
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
        machine.answers.replies["/dev/" + name] =
            scsi_replies({.vendor = "SEAGATE",
                          .product = "ST4000NM0025",
                          .serial = "ZC1ABCDE0000C8291234",
                          .names = sas_names("5000c500a1b2c3d7",
                                             n == "0" ? "5000c500a1b2c3d5" : "5000c500a1b2c3d6",
                                             "5000c500a1b2c3d4"),
                          .blocks = sectors_4tb,
                          .exponent = 3,
                          .rate = 7200,
                          .thin = false,
                          .luns = {0}});
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
        machine.answers.replies["/dev/" + name] = scsi_replies(
            {.vendor = "SEAGATE",
             .product = "ST14000NM0001",
             .serial = *lun == '0' ? "ZKL0AAAA0000" : "ZKL0AAAA0001",
             .names = sas_names(std::string("6000c500d0c0b0a000") + lun + "0000000000000",
                                "5000c500d0c0b0a1", "5000c500d0c0b0a0"),
             .blocks = 13672382464,
             .exponent = 3,
             .rate = 7200,
             .thin = false,
             .luns = {0, 1}});
    }
}

// A volume over drives that nobody sees, and one drive that the controller hands through.
void megaraid_hiding_disks(RecordedMachine& machine) {
    const std::string host = "pci0000:00/0000:02:00.0/host0";
    set_host_driver(machine, host, "megaraid_sas");
    add_scsi(machine, {host + "/target0:2:0/0:2:0:0", "sda", "8:0", 2 * sectors_4tb, "DELL    ",
                       "PERC H730P Mini ", "00a1b2c3d4e5f60718293a4b5c6d7e8f",
                       "naa.6d094660123456780001a2b3c4d5e6f7"});
    add_scsi(machine, {host + "/target0:0:5/0:0:5:0", "sdb", "8:16", sectors_4tb, "ATA     ",
                       "TOSHIBA MG04ACA4", "Y6D3K0ABFHRC", "naa.500003970b812345"});
    machine.answers.replies = {
        {"/dev/sda",
         scsi_replies({.vendor = "DELL",
                       .product = "PERC H730P Mini",
                       .serial = "00a1b2c3d4e5f60718293a4b5c6d7e8f",
                       .names = test::designator(0, 3, "6d094660123456780001a2b3c4d5e6f7"),
                       .blocks = 2 * sectors_4tb,
                       .exponent = 3})},
        {"/dev/sdb", ata_replies({"TOSHIBA MG04ACA400N", "        Y6D3K0ABFHRC", "FJ2D",
                                  0x500003970B812345, sectors_4tb})}};
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
                       "Logical Volume  ", "0a1b2c3d4e5f", "naa.600508e000000000aabbccdd00000001"});
    machine.answers.replies = {
        {"/dev/sde", ata_replies({"HGST HUS726040ALA610", "K7J1ABCD", "A5GNT7J0",
                                  0x5000CCA25E123456, sectors_4tb})},
        {"/dev/sdf",
         scsi_replies({.vendor = "LSI",
                       .product = "Logical Volume",
                       .serial = "0a1b2c3d4e5f",
                       .names = test::designator(0, 3, "600508e000000000aabbccdd00000001"),
                       .blocks = sectors_4tb,
                       .exponent = 3})}};
}

// Pulled from an array: the kernel has no use for its blocks and shows no size.
void array_drive_of_520_bytes(RecordedMachine& machine) {
    const std::string host = "pci0000:00/0000:03:00.0/host0";
    set_host_driver(machine, host, "mpt3sas");
    add_scsi(machine, {host + "/port-0:1/end_device-0:1/target0:0:1/0:0:1:0", "sdg", "8:96", 0,
                       "NETAPP  ", "X422_HCOBE600A10", "KSG1ABCD", "naa.5000cca0a1b2c3d4"});
    machine.answers.replies["/dev/sdg"] = scsi_replies(
        {.vendor = "NETAPP",
         .product = "X422_HCOBE600A10",
         .serial = "KSG1ABCD",
         .names = sas_names("5000cca0a1b2c3d4", "5000cca0a1b2c3d5", "5000cca0a1b2c3d7"),
         .blocks = 1172123568,
         .block_bytes = 520,
         .rate = 10520,
         .luns = {0}});
}

void native_4k(RecordedMachine& machine) {
    const auto sda = add_scsi(machine, {"pci0000:00/0000:00:17.0/ata3/host2/target2:0:0/2:0:0:0",
                                        "sda", "8:0", sectors_4tb, "ATA     ", "ST4000NM0033    ",
                                        "Z1Z2Z3Z4", "naa.5000c50012345678"});
    machine.write(sda + "/queue/logical_block_size", "4096\n");
    machine.answers.replies["/dev/sda"] =
        ata_replies({"ST4000NM0033-9ZM170", "Z1Z2Z3Z4", "SN06", 0x5000C50012345678, sectors_4tb / 8,
                     7200, 4096, 0});
}

// Two volumes of one target by iSCSI and one by Fibre Channel: not parts of one drive.
void volumes_of_arrays(RecordedMachine& machine) {
    const std::string session = "platform/host6/session1";
    machine.write("sys/devices/" + session + "/iscsi_session/session1/targetname",
                  "iqn.2004-04.com.qnap:ts-453\n");
    for (const char* const lun : {"0", "1"}) {
        const std::string name = *lun == '0' ? "sda" : "sdb";
        const std::string naa = std::string("6e843b6f1b000000000000000000000") + lun;
        add_scsi(machine, {session + "/target6:0:0/6:0:0:" + lun, name,
                           *lun == '0' ? "8:0" : "8:16", 2097152, "QNAP    ", "iSCSI Storage   ",
                           std::string("3f1b") + lun, "naa." + naa});
        machine.answers.replies["/dev/" + name] =
            scsi_replies({.vendor = "QNAP",
                          .product = "iSCSI Storage",
                          .serial = std::string("3f1b") + lun,
                          .names = test::joined({test::designator(0, 3, naa),
                                                 iscsi_target("iqn.2004-04.com.qnap:ts-453")}),
                          .blocks = 2097152,
                          .exponent = 3});
    }
    const std::string host = "pci0000:00/0000:05:00.0/host7";
    set_host_driver(machine, host, "qla2xxx");
    machine.write("sys/devices/" + host + "/rport-7:0-2/fc_remote_ports/rport-7:0-2/port_name",
                  "0x500a098186173421\n");
    add_scsi(machine,
             {host + "/rport-7:0-2/target7:0:0/7:0:0:3", "sdc", "8:32", 4194304, "Promise ",
              "VTrak E610f     ", "80A4F+NvJ8Pf", "naa.600a098038303634c0ffee0000000003"});
    machine.answers.replies["/dev/sdc"] =
        scsi_replies({.vendor = "Promise",
                      .product = "VTrak E610f",
                      .serial = "80A4F+NvJ8Pf",
                      .names = test::designator(0, 3, "600a098038303634c0ffee0000000003"),
                      .blocks = 4194304,
                      .exponent = 3,
                      .thin = true,
                      .luns = {0, 3}});
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
        const std::string name = n == "7" ? "sdc" : "sdd";
        const auto path = add_scsi(
            machine, {host + "/rport-" + n + ":0-2/target" + n + ":0:0/" + n + ":0:0:3", name,
                      n == "7" ? "8:32" : "8:48", 4194304, "NETAPP  ", "LUN C-Mode      ",
                      "80A4F+NvJ8Pf", "naa.600a098038303634c0ffee0000000004"});
        machine.answers.replies["/dev/" + name] =
            scsi_replies({.vendor = "NETAPP",
                          .product = "LUN C-Mode",
                          .serial = "80A4F+NvJ8Pf",
                          .names = test::designator(0, 3, "600a098038303634c0ffee0000000004"),
                          .blocks = 4194304,
                          .exponent = 3,
                          .thin = true});
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
