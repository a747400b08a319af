#include "efi_boot.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace quietus {
namespace {

Bytes hex(const std::string& text) {
    auto bytes = from_hex(text);
    if (!bytes) throw std::runtime_error(bytes.error().message);
    return std::move(*bytes);
}

std::string utf16_hex(const std::string& text) {
    std::string digits;
    for (const char each : text)
        digits += to_hex(as_bytes({&each, 1})) + "00";
    return digits;
}

// The variable as systemd-boot writes it, attributes 6 (boot and run time) before it.
TEST(LoaderPartition, IsTheUuidInItsVariable) {
    const std::string uuid = "C12A7328-F81F-11D2-BA4B-00A0C93EC93B";
    const auto found = parse_loader_partition(hex("06000000" + utf16_hex(uuid) + "0000"));
    EXPECT_EQ(found, "c12a7328-f81f-11d2-ba4b-00a0c93ec93b");
    EXPECT_EQ(parse_loader_partition(hex("06000000" + utf16_hex(uuid))), found) << "unterminated";
}

TEST(LoaderPartition, IsAbsentWhenTheVariableIsSomethingElse) {
    const std::string uuid = "c12a7328-f81f-11d2-ba4b-00a0c93ec93b";
    for (const std::string& data :
         {std::string(), std::string("0600"), std::string("06000000"),
          "06000000" + utf16_hex(uuid.substr(1)), "06000000" + utf16_hex(uuid + "0"),
          "06000000" + utf16_hex("x" + uuid.substr(1)), "06000000ffff" + utf16_hex(uuid)})
        EXPECT_EQ(parse_loader_partition(hex(data)), std::nullopt) << data;
}

TEST(BootCurrent, IsTwoOctetsAfterTheAttributes) {
    EXPECT_EQ(parse_boot_current(hex("060000000300")), 3);
    EXPECT_EQ(parse_boot_current(hex("06000000ff01")), 0x1ff);
    EXPECT_EQ(parse_boot_current(hex("0600000003")), std::nullopt);
    EXPECT_EQ(parse_boot_current(hex("06000000030000")), std::nullopt);
}

// UEFI 2.10, 3.1.3 and chapter 10, 3.5.1: attributes, length of the paths, "Linux", then
// HD(1,GPT,...) and File(\EFI), as efibootmgr -v shows them.
const std::string head = "07000000"
                         "01000000";
const std::string title = utf16_hex("Linux") + "0000";
const std::string gpt_node = "04012a00"
                             "01000000"
                             "0008000000000000"
                             "0000100000000000"
                             "28732ac11ff8d211ba4b00a0c93ec93b"
                             "0202";
const std::string mbr_node = "04012a00"
                             "02000000"
                             "0008000000000000"
                             "0000100000000000"
                             "4d3c2b1a000000000000000000000000"
                             "0101";
const std::string file_node = "04040e00"
                              "5c0045004600490000000000";
const std::string end_node = "7fff0400";

std::string option(const std::string& path) {
    const auto bytes = static_cast<std::uint8_t>(path.size() / 2);
    return head + to_hex({&bytes, 1}) + "00" + title + path;
}

TEST(BootOption, NamesThePartitionOfItsHardDrive) {
    EXPECT_EQ(parse_boot_option(hex(option(gpt_node + file_node.substr(0, 28) + end_node))),
              "c12a7328-f81f-11d2-ba4b-00a0c93ec93b");
    EXPECT_EQ(parse_boot_option(hex(option(mbr_node + end_node))), "1a2b3c4d-02");
    // PciRoot(0)/Pci(0x1f,2) before the hard drive.
    const std::string pci = "02010c00"
                            "d041030a00000000"
                            "01010600"
                            "021f";
    EXPECT_EQ(parse_boot_option(hex(option(pci + gpt_node + end_node))),
              "c12a7328-f81f-11d2-ba4b-00a0c93ec93b");
}

TEST(BootOption, NamesNothingWithoutOne) {
    const std::string network = "030b2500" + std::string(66, '0');
    EXPECT_EQ(parse_boot_option(hex(option(network + end_node))), std::nullopt);
    EXPECT_EQ(parse_boot_option(hex(option(end_node + gpt_node))), std::nullopt);
    EXPECT_EQ(parse_boot_option(hex(option("04010400" + end_node))), std::nullopt) << "cut short";
    EXPECT_EQ(parse_boot_option(hex(option("04010000"))), std::nullopt) << "a node of no length";
    const std::string whole = option(gpt_node + end_node);
    for (std::size_t size = 0; size + 10 < whole.size(); size += 2)
        EXPECT_EQ(parse_boot_option(hex(whole.substr(0, size))), std::nullopt) << size;
}

} // namespace
} // namespace quietus
