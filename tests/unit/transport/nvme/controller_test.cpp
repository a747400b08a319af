// Identify Controller, by the offsets of NVM Express Base 2.1 figure 312 and of linux/nvme.h.
#include "quietus/transport/nvme/controller.hpp"

#include "support/wire_samples.hpp"

#include <gtest/gtest.h>

namespace quietus::nvme {
namespace {

TEST(NvmeControllerFeatures, SayHowItErasesItself) {
    test::ControllerData sample;
    test::put_little(sample.data, 328, 4, 0xA0000007); // NODMMAS 10b, NDI, OWS, BES, CES
    sample.data[256] = 0x0B;                           // security, format, namespaces
    sample.data[524] = 0x05;                           // FNS, crypto erase
    const auto found = parse_controller_features(sample.data);
    ASSERT_TRUE(found);
    EXPECT_TRUE(found->sanitize.crypto_erase && found->sanitize.block_erase);
    EXPECT_TRUE(found->sanitize.overwrite);
    EXPECT_FALSE(found->sanitize.verification);
    EXPECT_TRUE(found->sanitize.no_deallocate_inhibited);
    EXPECT_EQ(found->sanitize.modifies_media, 2);
    EXPECT_TRUE(found->format.supported && found->format.crypto_erase && found->format.formats_all);
    EXPECT_FALSE(found->format.erases_all);
    EXPECT_FALSE(found->format.no_broadcast);
    EXPECT_TRUE(found->security_commands && found->manages_namespaces);
}

TEST(NvmeControllerFeatures, AreOneBitEach) {
    test::ControllerData sample;
    test::put_little(sample.data, 328, 4, 0x40000008); // NODMMAS 01b, VERS
    sample.data[524] = 0x0A;                           // SENS, no broadcast
    const auto found = parse_controller_features(sample.data);
    EXPECT_TRUE(found->sanitize.verification);
    EXPECT_FALSE(found->sanitize.any());
    EXPECT_FALSE(found->sanitize.no_deallocate_inhibited);
    EXPECT_EQ(found->sanitize.modifies_media, 1);
    EXPECT_TRUE(found->format.erases_all && found->format.no_broadcast);
    EXPECT_FALSE(found->format.supported || found->format.crypto_erase);
    EXPECT_EQ(found->format.attributes, 0x0A);
}

TEST(NvmeControllerFeatures, SayWhatElseIsBehindIt) {
    test::ControllerData sample;
    sample.data[76] = 0x03; // several ports, several controllers
    sample.data[102] = 0x02;
    sample.data[111] = 1;
    test::put_little(sample.data, 78, 2, 0x0021);
    test::put_little(sample.data, 96, 4, 0x00018010);
    test::put_little(sample.data, 272, 4, 0x4000);     // HMPRE, in 4 KiB
    test::put_little(sample.data, 312, 4, 0x001F0002); // two RPMB of 32 times 128 KiB
    test::put_little(sample.data, 516, 4, 0xFFFFFFF0);
    test::put_little(sample.data, 540, 4, 64);
    sample.data[531] = 0x07;
    const auto found = parse_controller_features(sample.data);
    EXPECT_TRUE(found->several_ports && found->several_controllers);
    EXPECT_FALSE(found->virtual_function);
    EXPECT_TRUE(found->boot_partitions);
    EXPECT_EQ(found->type, 1);
    EXPECT_EQ(found->controller_id, 0x21);
    EXPECT_EQ(found->attributes, 0x00018010U);
    EXPECT_EQ(found->host_memory_bytes, 64U << 20U);
    EXPECT_EQ(found->rpmb_bytes, 2U * 32 * 128 * 1024);
    EXPECT_EQ(found->namespace_ids, 0xFFFFFFF0U);
    EXPECT_EQ(found->most_namespaces, 64U);
    EXPECT_EQ(found->write_protection, 7);
}

// BPCAP 01b: a controller of 2.1 that cannot protect any.
TEST(NvmeControllerFeatures, SayNothingOfBootPartitionsWithout) {
    test::ControllerData sample;
    EXPECT_FALSE(parse_controller_features(sample.data)->boot_partitions);
    sample.data[102] = 0x01;
    EXPECT_FALSE(parse_controller_features(sample.data)->boot_partitions);
    sample.data[102] = 0x05; // by Set Features
    EXPECT_TRUE(parse_controller_features(sample.data)->boot_partitions);
}

TEST(NvmeControllerFeatures, HaveCapacitiesOf128Bits) {
    test::ControllerData sample;
    test::put_little(sample.data, 280, 8, 4096);
    test::put_little(sample.data, 288, 8, 2);
    test::put_little(sample.data, 296, 8, ~std::uint64_t{0});
    test::put_little(sample.data, 304, 8, 1);
    const auto found = parse_controller_features(sample.data);
    EXPECT_EQ(found->total, (Capacity{2, 4096}));
    EXPECT_EQ(found->unallocated, (Capacity{1, ~std::uint64_t{0}}));
}

TEST(NvmeControllerFeatures, NameTheDrive) {
    const auto found = parse_controller_features(test::ControllerData().data);
    EXPECT_EQ(found->serial, "S4EVNF0M123456");
    EXPECT_EQ(found->model, "Samsung SSD 970 EVO Plus 1TB");
    EXPECT_EQ(found->firmware, "2B2QEXM7");
    EXPECT_EQ(found->version, 0x00010300U);
    EXPECT_EQ(found->subsystem, "nqn.2014.08.org.example:970");
    test::ControllerData odd;
    odd.data[4] = 0x1B;
    EXPECT_EQ(parse_controller_features(odd.data)->serial, "\\x1b4EVNF0M123456");
}

TEST(NvmeControllerFeatures, OfNothingAreAnError) {
    EXPECT_FALSE(parse_controller_features(Bytes(4096)));
    EXPECT_FALSE(parse_controller_features(Bytes(4096, 0xFF)));
    EXPECT_FALSE(parse_controller_features(Bytes(4095, 1)));
    EXPECT_EQ(parse_controller_features({}).error().fault, Fault::drive);
}

} // namespace
} // namespace quietus::nvme
