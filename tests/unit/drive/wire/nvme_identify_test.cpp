// Identify data structures, offsets as in NVM Express Base 2.0 figures and linux/nvme.h.
#include "wire/nvme_identify.hpp"

#include "support/wire_samples.hpp"

#include <gtest/gtest.h>

namespace quietus::nvme {
namespace {

TEST(NvmeController, TellsItsNames) {
    test::ControllerData sample;
    sample.manages_namespaces();
    sample.data[76] = 2;
    test::put_little(sample.data, 280, 8, 1000204886016);
    test::put_little(sample.data, 312, 4, 0x001F0002); // two units of 32 times 128 KiB
    const auto controller = parse_controller(sample.data);
    ASSERT_TRUE(controller);
    EXPECT_EQ(controller->vendor, 0x144D);
    EXPECT_EQ(as_text(controller->serial), "S4EVNF0M123456      ");
    EXPECT_EQ(as_text(controller->model), "Samsung SSD 970 EVO Plus 1TB            ");
    EXPECT_EQ(as_text(controller->firmware), "2B2QEXM7");
    EXPECT_EQ(controller->cmic, 2);
    EXPECT_EQ(controller->version, 0x00010300U);
    EXPECT_TRUE(controller->manages_namespaces);
    EXPECT_EQ(controller->capacity_bytes, 1000204886016U);
    EXPECT_EQ(controller->rpmb_bytes, 2U * 32 * 128 * 1024);
    EXPECT_EQ(controller->namespace_ids, 1U);
    EXPECT_EQ(as_text(controller->subsystem), "nqn.2014.08.org.example:970");
}

TEST(NvmeController, ThatIsEmptyOrCutShortIsNothing) {
    EXPECT_FALSE(parse_controller(Bytes(4096)));
    EXPECT_FALSE(parse_controller(Bytes(4095, 1)));
    EXPECT_FALSE(parse_controller({}));
}

TEST(NvmeController, MayHaveANameWithoutAnEnd) {
    test::ControllerData sample;
    std::fill_n(sample.data.begin() + 768, 256, 'n');
    EXPECT_EQ(parse_controller(sample.data)->subsystem.size(), 256U);
}

TEST(NvmeNamespace, TellsSizeAndNames) {
    const auto found = parse_namespace(test::namespace_data(
        244190646, 12, "0025385a11b2c3d40123456789abcdef", "0025385a11b2c3d4"));
    ASSERT_TRUE(found && *found);
    EXPECT_EQ((*found)->size_bytes, 1000204886016U);
    EXPECT_EQ((*found)->block_bytes, 4096U);
    EXPECT_EQ((*found)->nguid, "nguid.0025385a11b2c3d40123456789abcdef");
    EXPECT_EQ((*found)->eui64, "eui.0025385a11b2c3d4");
    EXPECT_FALSE((*found)->shared);
}

TEST(NvmeNamespace, UsesTheFormatThatIsInForce) {
    Bytes data = test::namespace_data(8, 9);
    data[26] = 0x01; // FLBAS: format 1
    data[134] = 12;
    EXPECT_EQ((*parse_namespace(data))->block_bytes, 4096U);
    data[26] = 0x21; // upper bits count only with more than 16 formats
    data[25] = 16;   // 17 formats
    data[128 + 4 * 17 + 2] = 10;
    EXPECT_EQ((*parse_namespace(data))->block_bytes, 1024U);
    data[25] = 1;
    EXPECT_EQ((*parse_namespace(data))->block_bytes, 4096U);
}

TEST(NvmeNamespace, ThatIsAllZeroIsNotThere) {
    const auto found = parse_namespace(Bytes(4096));
    ASSERT_TRUE(found);
    EXPECT_FALSE(*found);
}

TEST(NvmeNamespace, ThatMakesNoSenseIsNothing) {
    EXPECT_FALSE(parse_namespace(test::namespace_data(8, 8)));
    EXPECT_FALSE(parse_namespace(test::namespace_data(8, 255)));
    EXPECT_FALSE(parse_namespace(test::namespace_data(~0ULL, 9)));
    EXPECT_FALSE(parse_namespace(Bytes(100)));
}

Bytes descriptors(const char* hex) {
    Bytes data = from_hex(hex).value();
    data.resize(4096);
    return data;
}

std::string name_in(const char* hex) {
    return parse_descriptors(descriptors(hex))->name;
}

TEST(NvmeDescriptors, GiveTheBestName) {
    EXPECT_EQ(name_in("010800000025385a11b2c3d4"), "eui.0025385a11b2c3d4");
    EXPECT_EQ(name_in("010800000025385a11b2c3d4"
                      "031000000123456789abcdef0123456789abcdef"
                      "02100000aabbccddeeff00112233445566778899"),
              "uuid.01234567-89ab-cdef-0123-456789abcdef");
    EXPECT_EQ(name_in("02100000aabbccddeeff00112233445566778899"),
              "nguid.aabbccddeeff00112233445566778899");
    EXPECT_EQ(name_in(""), "");
    EXPECT_EQ(name_in("0210000000000000000000000000000000000000"), "");
}

TEST(NvmeDescriptors, TellTheCommandSet) {
    EXPECT_EQ(parse_descriptors(descriptors("0401000002"))->command_set, 2);
    EXPECT_EQ(parse_descriptors(descriptors("010800000025385a11b2c3d4"))->command_set, 0);
}

TEST(NvmeDescriptors, OfTheWrongLengthGiveNone) {
    EXPECT_EQ(name_in("0304000001234567"), "");
    EXPECT_FALSE(parse_descriptors(Bytes{3, 16, 0, 0, 1, 2}));
}

} // namespace
} // namespace quietus::nvme
