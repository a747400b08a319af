#include "replies.hpp"

#include <algorithm>
#include <cstdio>

namespace quietus::machines {
namespace {

const std::string refused = " -> 02 sense 70 00 05 00*4 0a 00*4 20 00 00*4\n";
const std::string identify_16 = "scsi 85 08 0e 00 00 00 01 00*7 ec 00";
const std::string identify_12 = "scsi a1 08 0e 00 01 00 00 00 00 ec 00 00";

std::string line(const std::string& command, const Bytes& data) {
    return command + " -> 00 data " + to_hex(data) + "\n";
}
std::string vpd_cdb(std::uint8_t code) {
    return "scsi 12 01 " + to_hex(Bytes{code}) + " 00 fc 00";
}
std::string page_line(std::uint8_t code, const Bytes& page) {
    return line(vpd_cdb(code), page);
}
std::string inquiry_line(const Bytes& data) {
    return line("scsi 12 00 00 00 24 00", data);
}
std::string capacity_line(std::uint64_t blocks, std::uint32_t block_bytes, unsigned exponent) {
    return line("scsi 9e 10 00*8 00 00 00 20 00 00",
                test::capacity_16(blocks, block_bytes, exponent));
}
std::string hex_of(std::uint64_t name) {
    char text[20];
    std::snprintf(text, sizeof text, "%016lx", static_cast<unsigned long>(name));
    return text;
}

// What an NVMe drive leaves out at the end is zero: the replay port fills it in.
std::string nvme_line(unsigned nsid, unsigned cns, const Bytes& data) {
    std::size_t used = data.size();
    while (used > 1 && data[used - 1] == 0)
        --used;
    char command[48];
    std::snprintf(command, sizeof command, "nvme 06 nsid %x cdw %x", nsid, cns);
    return std::string(command) + " -> 0000 data " + to_hex(ByteView(data).first(used)) + "\n";
}

// Identify's descriptors: NIDT, length, two reserved octets, the name (NVM Express Base 2.0, 5.17).
Bytes descriptors(const NvmeSpace& space) {
    const auto descriptor = [](std::uint8_t type, const std::string& hex) {
        const Bytes name = from_hex(hex).value();
        const bool nothing = std::ranges::all_of(name, [](auto octet) { return octet == 0; });
        if (nothing) return Bytes{};
        Bytes all{type, static_cast<std::uint8_t>(name.size()), 0, 0};
        all.insert(all.end(), name.begin(), name.end());
        return all;
    };
    return test::joined(
        {descriptor(1, space.eui64), descriptor(2, space.nguid), descriptor(3, space.uuid)});
}

} // namespace

test::IdentifySample identify_of(const AtaDisk& disk) {
    test::IdentifySample data;
    data.text(10, 10, disk.serial);
    data.text(23, 4, disk.firmware);
    data.text(27, 20, disk.model);
    data.name(disk.wwn);
    data.words[87] = static_cast<std::uint16_t>(disk.wwn == 0 ? 0x4000 : 0x4100);
    data.sectors(disk.blocks);
    data.words[83] = 0x7461; // 48-bit, marked valid; neither DCO nor SET MAX security
    data.words[217] = disk.rate;
    const unsigned long_blocks = disk.block_bytes > 512 ? 0x1000 : 0;
    data.words[106] = static_cast<std::uint16_t>(
        0x4000 | long_blocks | (disk.exponent > 0 ? 0x2000U | disk.exponent : 0U));
    data.words[117] = static_cast<std::uint16_t>(disk.block_bytes / 2);
    return data;
}

std::string ata_replies(const AtaDisk& disk) {
    return ata_replies(disk, identify_of(disk));
}

// A translator hands 16 octets of the model on and the last 4 of the firmware (SAT-4, INQUIRY).
std::string ata_replies(const AtaDisk& disk, const test::IdentifySample& identify) {
    const Bytes page_89 = test::ata_information(identify.sealed());
    const std::string revision = disk.firmware.substr(disk.firmware.size() - 4);
    std::string serial = disk.serial;
    serial.resize(20, ' ');
    return inquiry_line(test::inquiry("ATA", disk.model.substr(0, 16), revision)) +
           page_line(0x00, test::vpd(0x00, {0x00, 0x80, 0x83, 0x89, 0xB1, 0xB2})) +
           page_line(0x80, test::vpd_text(0x80, serial)) +
           page_line(0x83,
                     test::vpd(0x83, disk.wwn == 0 ? Bytes{}
                                                   : test::designator(0, 3, hex_of(disk.wwn)))) +
           page_line(0x89, page_89) + line("scsi 12 01 89 02 3c 00", page_89) +
           page_line(0xB1, test::rotation_page(disk.rate)) +
           page_line(0xB2, test::vpd(0xB2, {0, 0, 0, 0})) + line(identify_16, identify.sealed()) +
           capacity_line(disk.blocks, disk.block_bytes, disk.exponent);
}

std::string scsi_replies(const ScsiDisk& disk) {
    Bytes pages{0x00};
    std::string lines = inquiry_line(test::inquiry(disk.vendor, disk.product));
    const auto add = [&](std::uint8_t code, const Bytes& page) {
        pages.push_back(code);
        lines += page_line(code, page);
    };
    if (!disk.serial.empty()) add(0x80, test::vpd_text(0x80, disk.serial));
    if (!disk.names.empty()) add(0x83, test::vpd(0x83, disk.names));
    if (disk.rate) add(0xB1, test::rotation_page(*disk.rate));
    // SBC-4 table 253: PROVISIONING TYPE 2 is thin.
    if (disk.thin)
        add(0xB2, test::vpd(0xB2, {0, 0, static_cast<std::uint8_t>(*disk.thin ? 2 : 0), 0}));
    lines += page_line(0x00, test::vpd(0x00, pages)) +
             capacity_line(disk.blocks, disk.block_bytes, disk.exponent);
    if (disk.luns.empty()) return lines;
    Bytes list(8);
    for (const unsigned lun : disk.luns) {
        list.resize(list.size() + 8);
        test::put_big(list, list.size() - 8, 2, lun);
    }
    test::put_big(list, 0, 4, list.size() - 8);
    return lines + line("scsi a0 00*7 08 08 00 00", list);
}

Bytes sas_names(const std::string& unit, const std::string& port, const std::string& target) {
    return test::joined({test::designator(0, 3, unit), test::designator(1, 3, port),
                         test::designator(2, 3, target)});
}

Bytes iscsi_target(const std::string& name) {
    constexpr std::uint8_t iscsi_in_utf_8 = 0x53;
    constexpr std::uint8_t name_string_of_target = 0x80 | 2U << 4U | 8;
    std::string padded = name;
    padded.resize((name.size() / 4 + 1) * 4);
    Bytes all{iscsi_in_utf_8, name_string_of_target, 0, static_cast<std::uint8_t>(padded.size())};
    all.insert(all.end(), padded.begin(), padded.end());
    return all;
}

std::string bridge_replies(const Bridge& bridge) {
    return bridge_replies(bridge, identify_of(bridge.drive.value_or(AtaDisk{})));
}

std::string bridge_replies(const Bridge& bridge, const test::IdentifySample& identify) {
    Bytes data = test::inquiry(bridge.vendor, bridge.product, "0");
    data[2] = bridge.version;
    std::string lines = inquiry_line(data);
    Bytes pages{0x00};
    const auto add = [&](std::uint8_t code, const Bytes& page) {
        pages.push_back(code);
        lines += page_line(code, page);
    };
    if (!bridge.serial.empty()) add(0x80, test::vpd_text(0x80, bridge.serial));
    if (!bridge.name.empty()) add(0x83, test::vpd(0x83, test::designator(0, 3, bridge.name)));
    if (bridge.rate) add(0xB1, test::rotation_page(*bridge.rate));
    if (bridge.version >= 4)
        lines += pages.size() > 1 ? page_line(0x00, test::vpd(0x00, pages)) : vpd_cdb(0) + refused;
    if (bridge.drive)
        lines += line(identify_16, identify.sealed());
    else
        lines += identify_16 + refused + identify_12 + refused;
    return lines + line("scsi 25 00*9", test::capacity_10(bridge.blocks, 512));
}

std::string nvme_replies(const NvmeDrive& drive, unsigned own) {
    test::ControllerData controller;
    test::put_text(controller.data, 4, 20, drive.serial);
    test::put_text(controller.data, 24, 40, drive.model);
    test::put_text(controller.data, 64, 8, drive.firmware);
    std::fill(controller.data.begin() + 768, controller.data.begin() + 1024, std::uint8_t{0});
    std::copy(drive.subsystem.begin(), drive.subsystem.end(), controller.data.begin() + 768);
    if (drive.manages_namespaces) controller.manages_namespaces();
    std::string lines =
        nvme_line(0, 0x01, controller.data) + "nvme-id -> " + std::to_string(own) + "\n";
    std::vector<std::uint32_t> active;
    std::vector<std::uint32_t> allocated;
    for (const NvmeSpace& space : drive.spaces) {
        allocated.push_back(space.nsid);
        if (space.attached) active.push_back(space.nsid);
        lines += nvme_line(space.nsid, space.attached ? 0x00 : 0x11,
                           test::namespace_data(space.blocks, 9, space.nguid, space.eui64));
        if (space.nsid == own) lines += nvme_line(own, 0x03, descriptors(space));
    }
    lines += nvme_line(0, 0x02, test::namespace_list(active));
    if (drive.manages_namespaces) lines += nvme_line(0, 0x10, test::namespace_list(allocated));
    return lines;
}

std::string mmc_replies(const Bytes& ext_csd) {
    return "mmc 8 00000000 -> 00000900 data " + to_hex(ext_csd) + "\n";
}

} // namespace quietus::machines
