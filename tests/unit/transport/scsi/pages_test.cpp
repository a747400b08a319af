// Pages made by hand by the tables named in pages.hpp and supported_commands.hpp.
#include "quietus/transport/scsi/pages.hpp"
#include "quietus/transport/scsi/supported_commands.hpp"

#include <gtest/gtest.h>

namespace quietus::scsi {
namespace {

Bytes octets(const std::string& hex) {
    return from_hex(hex).value();
}
/// No prefix of it is read as anything.
template <typename Parse>
void expect_whole(const Bytes& page, std::size_t least, Parse parse) {
    for (std::size_t length = 0; length < least; ++length)
        EXPECT_FALSE(parse(ByteView(page).first(length))) << length;
    EXPECT_TRUE(parse(page));
}

TEST(UnitFormat, TellsBlocksAndProtection) {
    // last block 74706DAFh, 512 octets, PROT_EN with P_TYPE 1, P_I_EXP 3, eight logical a physical
    const Bytes page = octets("0000000074706daf00000200033380000000");
    const auto format = parse_unit_format(page);
    ASSERT_TRUE(format);
    EXPECT_EQ(format->blocks, 0x74706DB0U);
    EXPECT_EQ(format->block_bytes, 512U);
    EXPECT_EQ(format->protection, 2);
    EXPECT_EQ(format->protection_interval, 3);
    EXPECT_EQ(format->physical_exponent, 3);
    expect_whole(page, 14, parse_unit_format);
}

TEST(UnitFormat, GoesToTheEndsOfItsFields) {
    EXPECT_EQ(parse_unit_format(octets("00000000ffffffff000002000000"))->blocks, 0x100000000U);
    EXPECT_EQ(parse_unit_format(octets("0000000000000000000002080000"))->block_bytes, 520U);
    EXPECT_EQ(parse_unit_format(octets("0000000000000000000002100000"))->block_bytes, 528U);
    EXPECT_EQ(parse_unit_format(octets("fffffffffffffffe000002000000"))->blocks,
              0xFFFFFFFFFFFFFFFFU);
    EXPECT_FALSE(parse_unit_format(octets("ffffffffffffffff000002000000")));
    EXPECT_FALSE(parse_unit_format(octets("0000000000000000000000000000")));
    // P_TYPE without PROT_EN: there is none
    EXPECT_EQ(parse_unit_format(octets("0000000000000000000002000600"))->protection, 0);
}

TEST(ModeDescriptor, IsReadShortAndLong) {
    const Bytes short_one = octets("000e0080000000081234567800000208");
    auto found = parse_mode_descriptor(short_one);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->blocks, 0x12345678U);
    EXPECT_EQ(found->block_bytes, 520U);
    EXPECT_TRUE(found->write_protected);
    expect_whole(short_one, short_one.size(), parse_mode_descriptor);
    const Bytes long_one = octets("0016000001000010"
                                  "0000000123456789"
                                  "00000000"
                                  "00001000");
    found = parse_mode_descriptor(long_one);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->blocks, 0x123456789U);
    EXPECT_EQ(found->block_bytes, 4096U);
    EXPECT_FALSE(found->write_protected);
    expect_whole(long_one, long_one.size(), parse_mode_descriptor);
}

TEST(ModeDescriptor, MaySayNoNumber) {
    EXPECT_FALSE(parse_mode_descriptor(octets("000e000000000008ffffffff00000200"))->blocks);
    EXPECT_FALSE(parse_mode_descriptor(octets("000e0000000000080000000000000200"))->blocks);
    EXPECT_FALSE(parse_mode_descriptor(octets("0006000000000000"))); // no descriptor
}

TEST(ErasedReads, AreInTheEighthOctetOfPageB1) {
    Bytes page(64);
    page[1] = 0xB1;
    page[3] = 60;
    EXPECT_EQ(parse_erased_reads(page)->after_block_erase, ScsiReadAfterErase::unspecified);
    page[7] = 0b1001'0010; // WABEREQ 2, WACEREQ 1, form factor 2
    EXPECT_EQ(parse_erased_reads(page)->after_block_erase, ScsiReadAfterErase::fails);
    EXPECT_EQ(parse_erased_reads(page)->after_crypto_erase, ScsiReadAfterErase::succeeds);
    page[7] = 0b1111'0000;
    EXPECT_EQ(parse_erased_reads(page)->after_crypto_erase, ScsiReadAfterErase::write_required);
    expect_whole(page, 64, parse_erased_reads);
    Bytes early{0x00, 0xB1, 0x00, 0x02, 0x1C, 0x20};
    EXPECT_EQ(parse_erased_reads(early)->after_block_erase, ScsiReadAfterErase::unspecified);
    early[1] = 0xB0;
    EXPECT_FALSE(parse_erased_reads(early));
}

TEST(ProtectionTypes, AreOfPage86) {
    const auto types = [](std::uint8_t spt) {
        return *parse_protection_types(Bytes{0, 0x86, 0, 1, static_cast<std::uint8_t>(spt << 3U)});
    };
    EXPECT_EQ(types(0), 0b001);
    EXPECT_EQ(types(1), 0b011);
    EXPECT_EQ(types(2), 0b010);
    EXPECT_EQ(types(3), 0b101);
    EXPECT_EQ(types(4), 0b100);
    EXPECT_EQ(types(5), 0b110);
    EXPECT_EQ(types(7), 0b111);
    EXPECT_FALSE(parse_protection_types(Bytes{0, 0x86, 0, 0}));
}

TEST(Ports, AreThoseOfPage88) {
    // two ports, the first with a transport identifier of 4 octets, both with 8 of target names
    const Bytes page = octets("00880030"
                              "00000001000000040000000000000008"
                              "6193000850000001"
                              "000000020000000000000008"
                              "6193000850000002"
                              "00000000");
    Bytes right = page;
    right.resize(page.size() - 4);
    right[3] = static_cast<std::uint8_t>(right.size() - 4);
    const auto ports = parse_ports(right);
    ASSERT_TRUE(ports);
    EXPECT_EQ(*ports, (std::vector<std::uint16_t>{1, 2}));
    EXPECT_FALSE(parse_ports(page)) << "octets are left that are no port";
    expect_whole(right, right.size(), parse_ports);
}

TEST(PoweredMinutes, AreInTheFirstParameterOfLogPage15) {
    Bytes page = octets("15000014"
                        "0000030c"
                        "0001a2b3"
                        "00000005"
                        "00000000"
                        "00000000");
    EXPECT_EQ(*parse_powered_minutes(page), 0x1A2B3U);
    page[0] = 0x55; // with page control, as some drives leave it
    EXPECT_EQ(*parse_powered_minutes(page), 0x1A2B3U);
    page[5] = 1; // a scan parameter comes first
    EXPECT_FALSE(parse_powered_minutes(page));
    page[0] = 0x0E;
    EXPECT_FALSE(parse_powered_minutes(page));
    EXPECT_FALSE(parse_powered_minutes(Bytes{0x15, 0, 0, 0}));
}

TEST(GrownDefects, AreCountedByTheirFormat) {
    const auto count = [](const std::string& header) {
        return parse_grown_defects(octets(header)).value();
    };
    EXPECT_EQ(count("000c000000000018"), 3U); // bytes from index
    EXPECT_EQ(count("000d000000000018"), 3U); // physical sector
    EXPECT_EQ(count("000b000000000018"), 3U); // long block
    EXPECT_EQ(count("0008000000000018"), 6U); // short block
    EXPECT_EQ(count("000c000000000000"), 0U);
    EXPECT_EQ(count("000e000000000018"), std::nullopt); // the vendor's
    EXPECT_EQ(count("0014000000000018"), std::nullopt); // the primary list alone
    EXPECT_FALSE(parse_grown_defects(octets("000c0000000000")));
}

TEST(Reservations, AreKeysAndAHolder) {
    const Bytes keys = octets("00000007"
                              "00000010"
                              "000000000000abcd"
                              "1122334455667788");
    EXPECT_EQ(*parse_reservation_keys(keys),
              (std::vector<std::uint64_t>{0xABCD, 0x1122334455667788}));
    expect_whole(keys, keys.size(), parse_reservation_keys);
    EXPECT_TRUE(parse_reservation_keys(octets("0000000700000000"))->empty());

    const Bytes held = octets("00000007"
                              "00000010"
                              "000000000000abcd"
                              "00000000"
                              "0005"
                              "0000");
    const auto holder = parse_reservation(held);
    ASSERT_TRUE(holder && *holder);
    EXPECT_EQ((*holder)->key, 0xABCDU);
    EXPECT_EQ((*holder)->type, 5);
    expect_whole(held, 22, parse_reservation);
    EXPECT_FALSE(*parse_reservation(octets("0000000700000000")));
}

TEST(SupportedCommand, IsByTheStandardOrNot) {
    const auto offer = [](std::uint8_t support) {
        return parse_supported_command(Bytes{0, support, 0, 0})->offer;
    };
    EXPECT_EQ(offer(0), ScsiOffer::unknown); // not now
    EXPECT_EQ(offer(1), ScsiOffer::no);
    EXPECT_EQ(offer(3), ScsiOffer::yes);
    EXPECT_EQ(offer(5), ScsiOffer::no); // in a way of the vendor's own
    EXPECT_EQ(offer(2), ScsiOffer::unknown);
}

TEST(SupportedCommand, HasAUsageMap) {
    // SANITIZE, block erase: IMMED and the service action are looked at, AUSE and ZNR are not
    const Bytes reply = octets("0003000a"
                               "489f000000000000"
                               "0007");
    const auto found = parse_supported_command(reply);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->looks_at(1, 0x80), ScsiOffer::yes);
    EXPECT_EQ(found->looks_at(1, 0x20), ScsiOffer::no);
    EXPECT_EQ(found->looks_at(1, 0xA0), ScsiOffer::no);
    EXPECT_EQ(found->looks_at(10, 0x01), ScsiOffer::unknown);
    EXPECT_EQ(SupportedCommand{}.looks_at(0, 1), ScsiOffer::unknown);
    expect_whole(reply, reply.size(), parse_supported_command);
}

TEST(SupportedCommands, AreListedWithTheirServiceActions) {
    // FORMAT UNIT; SANITIZE block erase with timeouts (which take twelve octets more)
    const Bytes reply = octets("0000001c"
                               "0400000000000006"
                               "480000020003000a"
                               "000a000000000000"
                               "00000e10");
    const auto list = parse_supported_commands(reply);
    ASSERT_TRUE(list);
    ASSERT_EQ(list->size(), 2U);
    EXPECT_EQ((*list)[0].opcode, 0x04);
    EXPECT_EQ((*list)[0].service_action, std::nullopt);
    EXPECT_EQ((*list)[1].opcode, 0x48);
    EXPECT_EQ((*list)[1].service_action, 2);
    EXPECT_EQ(supported_commands_length(reply), 32U);
    expect_whole(reply, reply.size(), parse_supported_commands);
    EXPECT_FALSE(parse_supported_commands(octets("0000000404000000")));
    EXPECT_FALSE(parse_supported_commands(octets("000000080400000000020006")));
}

} // namespace
} // namespace quietus::scsi
