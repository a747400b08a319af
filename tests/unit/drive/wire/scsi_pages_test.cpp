// INQUIRY, vital product data, capacities and lists of logical units.
#include "wire/octets.hpp"
#include "wire/scsi_capacity.hpp"
#include "wire/scsi_designators.hpp"
#include "wire/scsi_inquiry.hpp"

#include "support/wire_samples.hpp"

#include <gmock/gmock.h>

namespace quietus::scsi {
namespace {

using test::designator;
using test::joined;
using test::vpd;
using testing::ElementsAre;

TEST(Octets, OutsideAreNeverRead) {
    const Bytes bytes{1, 2, 3};
    EXPECT_EQ(wire::big(bytes, 1, 8), 0x0203U);
    EXPECT_EQ(wire::little(bytes, 1, 8), 0x0302U);
    EXPECT_EQ(wire::big(bytes, 9, 4), 0U);
    EXPECT_TRUE(wire::part(bytes, 3, 1).empty());
}

TEST(PlainText, IsTrimmedPrintableAndWhole) {
    EXPECT_EQ(wire::plain_text(as_bytes("  WD-123 4 ")), "WD-123 4");
    EXPECT_EQ(wire::plain_text(as_bytes("a\x1b[2J\xff")), "a\\x1b[2J\\xff");
    EXPECT_EQ(wire::plain_text(Bytes{0, 'A', 0, 'B', 0}), "A\\x00B");
    EXPECT_EQ(wire::plain_text(Bytes(20, ' ')), "");
}

TEST(Inquiry, TellsTypeAndNames) {
    Bytes page = test::inquiry("SEAGATE", "ST4000NM0023", "0004");
    page[0] = 0x34;
    page[1] = 0x80;
    page[5] = 0x31;
    const auto inquiry = parse_inquiry(page);
    ASSERT_TRUE(inquiry);
    EXPECT_EQ(inquiry->qualifier, 1);
    EXPECT_EQ(inquiry->type, type_zoned_disk);
    EXPECT_TRUE(inquiry->removable);
    EXPECT_EQ(inquiry->version, 6);
    EXPECT_EQ(inquiry->tpgs, 3);
    EXPECT_EQ(as_text(inquiry->vendor), "SEAGATE ");
    EXPECT_EQ(as_text(inquiry->product), "ST4000NM0023    ");
    EXPECT_EQ(as_text(inquiry->revision), "0004");
}

TEST(Inquiry, ThatIsCutShortIsNothing) {
    Bytes page = test::inquiry("SEAGATE", "ST4000NM0023");
    page.pop_back();
    EXPECT_FALSE(parse_inquiry(page));
    EXPECT_FALSE(parse_inquiry({}));
    Bytes nameless = test::inquiry("SEAGATE", "ST4000NM0023");
    nameless[4] = 30;
    EXPECT_FALSE(parse_inquiry(nameless));
}

TEST(VpdPage, MustBeTheOneThatWasAskedForAndWhole) {
    Bytes page = test::vpd_text(0x80, "AB12");
    EXPECT_EQ(as_text(vpd_body(page, 0x80).value()), "AB12");
    page.push_back('x'); // beyond its length
    EXPECT_EQ(as_text(vpd_body(page, 0x80).value()), "AB12");
    EXPECT_FALSE(vpd_body(page, 0x83));
    page.resize(7);
    EXPECT_FALSE(vpd_body(page, 0x80));
    EXPECT_FALSE(vpd_body({}, 0x80));
    EXPECT_EQ(vpd_length({}), 0U);
}

TEST(VpdPage89, HoldsTheIdentifyDataOfTheDrive) {
    const Bytes identify = test::IdentifySample().sealed();
    const Bytes page = test::ata_information(identify);
    ASSERT_EQ(page.size(), 572U);
    const auto information = parse_ata_information(page);
    ASSERT_TRUE(information);
    EXPECT_EQ(as_text(information->translator_vendor), "linux   ");
    EXPECT_EQ(as_text(information->translator_product), "libata          ");
    EXPECT_EQ(information->command, 0xEC);
    EXPECT_EQ(Bytes(information->identify.begin(), information->identify.end()), identify);
    EXPECT_FALSE(parse_ata_information(vpd(0x89, Bytes(567))));
}

TEST(VpdPageB1, TellsRotationAndZones) {
    const auto spinning = parse_characteristics(test::rotation_page(10500, 1));
    ASSERT_TRUE(spinning);
    EXPECT_EQ(spinning->rotation_rpm, 10500U);
    EXPECT_EQ(spinning->zoned, Zoned::host_aware);
    EXPECT_EQ(parse_characteristics(test::rotation_page(1))->rotation_rpm, 0U);
    EXPECT_FALSE(parse_characteristics(test::rotation_page(0))->rotation_rpm);
    EXPECT_EQ(parse_characteristics(vpd(0xB1, {0x1C, 0x20}))->zoned, Zoned::unknown);
    EXPECT_FALSE(parse_characteristics(vpd(0xB1, {0x1C})));
}

TEST(VpdPageB2, TellsThinProvisioning) {
    EXPECT_TRUE(is_thin(vpd(0xB2, {0, 0xE0, 2, 0})).value());
    EXPECT_FALSE(is_thin(vpd(0xB2, {0, 0xE0, 1, 0})).value()); // resource provisioned: an SSD
    EXPECT_FALSE(is_thin(vpd(0xB2, {0, 0xE0, 0, 0})).value());
    EXPECT_FALSE(is_thin(vpd(0xB2, {0, 0xE0})));
}

// A SAS drive of two ports: LUN, this port (with its relative number), target device, and text.
Bytes sas_designators() {
    return vpd(0x83,
               joined({designator(0, 3, "5000c500a1b2c3d7"), designator(1, 3, "5000c500a1b2c3d5"),
                       designator(1, 4, "00000001"), designator(2, 3, "5000c500a1b2c3d4"),
                       designator(2, 8, "6e61612e3530303043353030413142324333443400000000")}));
}

TEST(VpdPage83, NamesTheUnitTheTargetAndItsPorts) {
    const Bytes page = sas_designators();
    const auto all = parse_designators(page);
    ASSERT_TRUE(all);
    ASSERT_EQ(all->size(), 5U);
    EXPECT_EQ(best_name(*all, Association::logical_unit), "naa.5000c500a1b2c3d7");
    EXPECT_EQ(best_name(*all, Association::target_port), "naa.5000c500a1b2c3d5");
    EXPECT_EQ(best_name(*all, Association::target), "naa.5000c500a1b2c3d4");
    EXPECT_EQ(name_of(all->back()), "naa.5000c500a1b2c3d4"); // spelled out, in capitals
    EXPECT_EQ((*all)[1].protocol, 6);
    EXPECT_FALSE((*all)[0].protocol);
}

TEST(VpdPage83, PrefersNamesAsTheKernelDoes) {
    const Bytes page = vpd(
        0x83, joined({designator(0, 1, "4154412020202020"), designator(0, 2, "0025385a11b2c3d4"),
                      designator(0, 10,
                                 "1000"
                                 "0123456789abcdef0123456789abcdef"),
                      designator(0, 3, "5000c500a1b2c3d4"),
                      designator(0, 3, "6000c500a1b2c3d40123456789abcdef")}));
    EXPECT_EQ(best_name(parse_designators(page).value(), Association::logical_unit),
              "naa.6000c500a1b2c3d40123456789abcdef");
    const Bytes modern = vpd(0x83, designator(0, 10, "10000123456789abcdef0123456789abcdef"));
    EXPECT_EQ(best_name(parse_designators(modern).value(), Association::logical_unit),
              "uuid.01234567-89ab-cdef-0123-456789abcdef");
}

TEST(VpdPage83, HasNoNameInDesignatorsOfTheWrongLength) {
    for (const char* value : {"", "50", "5000c500a1b2c3", "5000c500a1b2c3d400", "0000000000000000",
                              "9000c500a1b2c3d4", "6000c500a1b2c3d4"}) {
        const Bytes page = vpd(0x83, designator(0, 3, value));
        EXPECT_EQ(name_of(parse_designators(page)->front()), "") << value;
    }
    const Bytes zeros = vpd(0x83, designator(0, 2, "0000000000000000"));
    EXPECT_EQ(name_of(parse_designators(zeros)->front()), "");
    const Bytes text = vpd(0x83, designator(0, 8, "6e61612e7878"));
    EXPECT_EQ(name_of(parse_designators(text)->front()), "");
}

TEST(VpdPage83, IsNothingWhenADesignatorDoesNotFit) {
    Bytes page = sas_designators();
    page[7] = 0xFF; // length of the first
    EXPECT_FALSE(parse_designators(page));
    EXPECT_FALSE(parse_designators(vpd(0x83, {1, 3, 0})));
    EXPECT_TRUE(parse_designators(vpd(0x83, {}))->empty());
}

TEST(Names, AreWorldwideOnlyWhenAMakerGaveThemOut) {
    EXPECT_TRUE(is_worldwide("naa.5000c500a1b2c3d4"));
    EXPECT_TRUE(is_worldwide("naa.6001405a1b2c3d4e5f60718293a4b5c6"));
    EXPECT_TRUE(is_worldwide("naa.2100001b329c1234"));
    EXPECT_TRUE(is_worldwide("eui.0025385a11b2c3d4"));
    EXPECT_TRUE(is_worldwide("uuid.01234567-89ab-cdef-0123-456789abcdef"));
    EXPECT_FALSE(is_worldwide("naa.3000000000000001")); // chosen by an administrator
    EXPECT_FALSE(is_worldwide("naa.5000000000000001")); // no maker: seen in bridges
    EXPECT_FALSE(is_worldwide("naa.5000c50000000000")); // no number of its own
    EXPECT_FALSE(is_worldwide("eui.0000000000000001"));
    EXPECT_FALSE(is_worldwide(""));
    EXPECT_FALSE(is_worldwide("naa.5000"));
}

TEST(Capacity, IsReadFromBothForms) {
    const auto small = parse_capacity_10(test::capacity_10(1000215216, 512));
    ASSERT_TRUE(small);
    EXPECT_EQ(small->size_bytes, 512110190592U);
    EXPECT_FALSE(small->physical_block_bytes);
    const auto large = parse_capacity_16(test::capacity_16(7814037168, 512, 3));
    ASSERT_TRUE(large);
    EXPECT_EQ(large->size_bytes, 4000787030016U);
    EXPECT_EQ(large->physical_block_bytes, 4096U);
    EXPECT_FALSE(large->provisioned);
    Bytes managed = test::capacity_16(8, 520);
    managed[14] = 0x80;
    EXPECT_EQ(parse_capacity_16(managed)->block_bytes, 520U);
    EXPECT_TRUE(parse_capacity_16(managed)->provisioned);
}

TEST(Capacity, SaysWhenTenOctetsAreTooFew) {
    Bytes reply(8, 0xFF);
    test::put_big(reply, 4, 4, 512);
    EXPECT_EQ(parse_capacity_10(reply).error().fault, Fault::unsupported);
}

TEST(Capacity, ThatMakesNoSenseIsNone) {
    EXPECT_FALSE(parse_capacity_10(test::capacity_10(8, 0)));
    EXPECT_FALSE(parse_capacity_10(Bytes(7)));
    EXPECT_FALSE(parse_capacity_16(test::capacity_16(8, 0x80000000)));
    EXPECT_FALSE(parse_capacity_16(test::capacity_16(0, 512)));           // 2^64 blocks
    EXPECT_FALSE(parse_capacity_16(test::capacity_16(1ULL << 60U, 512))); // 2^69 bytes
    Bytes cut = test::capacity_16(8, 512);
    cut.resize(14);
    EXPECT_FALSE(parse_capacity_16(cut));
    EXPECT_FALSE(parse_capacity_16(test::capacity_16(8, 1U << 24U, 15))->physical_block_bytes);
}

TEST(LunList, LeavesOutWellKnownUnits) {
    const Bytes reply = test::lun_list({0, 0x0001000000000000, 0xC101000000000000});
    EXPECT_THAT(parse_luns(reply).value(), ElementsAre(0U, 0x0001000000000000U));
}

TEST(LunList, ThatIsCutShortOrLiesIsNothing) {
    Bytes reply = test::lun_list({0, 0x0001000000000000});
    reply.pop_back();
    EXPECT_FALSE(parse_luns(reply));
    EXPECT_FALSE(parse_luns(Bytes(7)));
    EXPECT_FALSE(parse_luns(Bytes(8, 0xFF)));
}

TEST(LunNumber, IsPlainForOneLevel) {
    EXPECT_EQ(plain_lun(0x0001000000000000), 1U);
    EXPECT_EQ(plain_lun(0x4102000000000000), 0x102U);
    EXPECT_FALSE(plain_lun(0x0001000200000000));
    EXPECT_FALSE(plain_lun(0x0101000000000000)); // bus 1
    EXPECT_FALSE(plain_lun(0xD200000000000000));
}

} // namespace
} // namespace quietus::scsi
