// Drives behind USB bridges, docks and card readers.
#include "machines.hpp"

namespace quietus::machines {
namespace {

const std::string root = "pci0000:00/0000:00:14.0/usb2/";
constexpr std::uint64_t sectors_1tb = 1953525168;

/// A drive on a USB port: "2-1", with the bridge's own words.
std::string add_usb_drive(RecordedMachine& machine, const std::string& port, ScsiUnit unit) {
    const std::string lun = unit.path; // only the LUN is given
    unit.path = root + port + "/" + port + ":1.0/host6/target6:0:0/6:0:0:" + lun;
    return add_scsi(machine, unit);
}

} // namespace

// The bridge hands IDENTIFY DEVICE through, so the drive itself is known.
void usb_sata_bridge_with_sat(RecordedMachine& machine) {
    add_usb_device(machine, root + "2-1", "JMicron External", "152d:0578", "0123456789ABCDEF");
    add_usb_drive(machine, "2-1",
                  {"0", "sdb", "8:16", sectors_1tb, "JMicron ", "Tech            ",
                   "0123456789ABCDEF", "naa.3044564198838002"});
    machine.answers.replies["/dev/sdb"] =
        bridge_replies({.vendor = "JMicron",
                        .product = "Tech",
                        .serial = "0123456789ABCDEF",
                        .name = "3044564198838002",
                        .blocks = sectors_1tb,
                        .drive = AtaDisk{"ST1000LM035-1RK172", "            WDE1ABCD", "ACM2",
                                         0x5000C500B1B2B3B4, sectors_1tb, 5400}});
}

// All that is known are the bridge's words.
void usb_sata_bridge_without_sat(RecordedMachine& machine) {
    add_usb_device(machine, root + "2-2", "Sunplus USB to Serial-ATA bridge", "04fc:0c25",
                   "20111201D7EA3");
    add_usb_drive(machine, "2-2",
                  {"0", "sdc", "8:32", 625142448, "WDC WD32", "00BEVT-22ZCT0   ", "", ""});
    machine.answers.replies["/dev/sdc"] = bridge_replies(
        {.vendor = "WDC WD32", .product = "00BEVT-22ZCT0", .version = 0, .blocks = 625142448});
}

// It translates SCSI into NVMe and tells the drive's serial as its own.
void usb_nvme_bridge(RecordedMachine& machine) {
    add_usb_device(machine, root + "2-3", "Realtek RTL9210B-CG", "0bda:9210", "012345678906");
    add_usb_drive(
        machine, "2-3",
        {"0", "sdd", "8:48", 976773168, "Realtek ", "RTL9210B-CG     ", "012345678906", "", "0"});
    machine.answers.replies["/dev/sdd"] = bridge_replies({.vendor = "Realtek",
                                                          .product = "RTL9210B-CG",
                                                          .serial = "012345678906",
                                                          .rate = 1,
                                                          .blocks = 976773168});
}

// Some docks keep the last sectors for themselves.
void usb_bridge_that_hides_the_end(RecordedMachine& machine) {
    add_usb_device(machine, root + "2-4", "Seagate Expansion", "0bc2:2312", "NA4A1234");
    add_usb_drive(
        machine, "2-4",
        {"0", "sde", "8:64", sectors_1tb - 65536, "Seagate ", "Expansion       ", "NA4A1234", ""});
    machine.answers.replies["/dev/sde"] =
        bridge_replies({.vendor = "Seagate",
                        .product = "Expansion",
                        .blocks = sectors_1tb - 65536,
                        .drive = AtaDisk{"ST1000LM035-1RK172", "            WDE1WXYZ", "ACM2",
                                         0x5000C500B1B2B3B5, sectors_1tb, 5400}});
}

// It hands IDENTIFY DEVICE through, and answers nothing else of the kind.
void usb_bridge_that_chokes(RecordedMachine& machine) {
    add_usb_device(machine, root + "2-7", "Initio Bridge", "13fd:1840", "5000000000000001");
    add_usb_drive(machine, "2-7",
                  {"0", "sdi", "8:128", sectors_1tb, "Initio  ", "Bridge          ", "", ""});
    const AtaDisk disk{"ST1000LM035-1RK172",
                       "            WDE1CHOK",
                       "ACM2",
                       0x5000C500B1B2B3B6,
                       sectors_1tb,
                       5400};
    auto words = identify_of(disk);
    words.words[82] = 0x0401; // HPA, SMART
    words.words[85] = 0x0001;
    machine.answers.replies["/dev/sdi"] = bridge_replies(
        {.vendor = "Initio", .product = "Bridge", .blocks = sectors_1tb, .drive = disk}, words);
    machine.answers.ata_replies["/dev/sdi"] = "scsi 85 07 20 00*10 40 27 00 -> lost\n";
}

// One bridge, one serial number of it, two drives as two logical units.
void usb_dock_with_two_bays(RecordedMachine& machine) {
    add_usb_device(machine, root + "2-5", "JMicron Dual Dock", "152d:0561", "DB9876543214E");
    for (const char* const lun : {"0", "1"}) {
        const std::string name = *lun == '0' ? "sdf" : "sdg";
        const auto directory =
            add_usb_drive(machine, "2-5",
                          {lun, name, *lun == '0' ? "8:80" : "8:96", sectors_1tb, "JMicron ",
                           "Tech            ", "DB9876543214E", "naa.3044564198838003"});
        machine.write(directory + "/diskseq", *lun == '0' ? "17\n" : "18\n");
        machine.answers.replies["/dev/" + name] = bridge_replies(
            {.vendor = "JMicron",
             .product = "Tech",
             .serial = "DB9876543214E",
             .name = "3044564198838003",
             .blocks = sectors_1tb,
             .drive = AtaDisk{"HGST HTS541010A9E680",
                              *lun == '0' ? "      JD1008001AAA" : "      JD1008001BBB", "JA0OA560",
                              0, sectors_1tb, 5400}});
    }
}

void card_reader_without_medium(RecordedMachine& machine) {
    add_usb_device(machine, root + "2-6", "Generic Flash Card Reader/Writer", "0bda:0306",
                   "26020128B005");
    const auto reader = add_usb_drive(
        machine, "2-6", {"0", "sdh", "8:112", 0, "Generic-", "SD/MMC          ", "", ""});
    machine.write(reader + "/removable", "1\n");
}

} // namespace quietus::machines
