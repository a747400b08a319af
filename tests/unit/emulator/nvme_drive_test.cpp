// The emulated NVMe drive: what it tells of itself, Format NVM and its scopes, and the oracle.
#include "nvme_bench.hpp"

namespace quietus::emulator {
namespace {

constexpr std::uint32_t everything = 0xFFFFFFFF;
constexpr std::uint32_t user_data = 0x200; // SES 1 in bits 11:9
constexpr std::uint32_t crypto = 0x400;

NvmeTraits three() {
    NvmeTraits traits;
    traits.namespaces = {{.nsid = 1, .blocks = 256},
                         {.nsid = 2, .blocks = 128, .format = 1},
                         {.nsid = 5, .blocks = 64, .attached = false}};
    return traits;
}

class NvmeDriveOf3 : public NvmeBench, public testing::Test {
  protected:
    NvmeDriveOf3() : NvmeBench(three()) {}
    std::uint64_t left_in(std::uint32_t nsid) {
        return drive.media(nsid).residue(as_bytes(nvme_secret));
    }
};

TEST_F(NvmeDriveOf3, ListsNamespacesAttachedAndNot) {
    const Bytes active = identify(0x02);
    EXPECT_EQ(word_of(active, 0, 4), 1U);
    EXPECT_EQ(word_of(active, 4, 4), 2U);
    EXPECT_EQ(word_of(active, 8, 4), 0U);
    const Bytes allocated = identify(0x10);
    EXPECT_EQ(word_of(allocated, 8, 4), 5U);
    EXPECT_EQ(word_of(identify(0x10, 2), 0, 4), 5U); // those behind 2
    EXPECT_EQ(identify(0x00, 5), Bytes(4096));
    EXPECT_EQ(word_of(identify(0x11, 5), 0, 4), 64U);
    EXPECT_EQ(status_of(command_of(0x06, 3, 0x11, 4096)), 0x0B);
    EXPECT_EQ(drive.open_block(5), nullptr);
    EXPECT_EQ(drive.open_block(2)->geometry().block_bytes, 4096U);
    EXPECT_FALSE(drive.namespace_id());
}

// The total is what namespaces have and what none has.
TEST_F(NvmeDriveOf3, TellsItsCapacity) {
    const Bytes page = identify(0x01);
    EXPECT_EQ(word_of(page, 280, 4), 256U * 512 + 128 * 4096 + 64 * 512 + 64 * 512);
    EXPECT_EQ(word_of(page, 296, 4), 64U * 512);
    EXPECT_EQ(word_of(page, 516, 4), 64U);
}

TEST_F(NvmeDriveOf3, KnowsWhereTheSecretIs) {
    EXPECT_EQ(residue(), 256U + 128 + 64 + 64); // the last are unallocated
    EXPECT_EQ(left_in(5), 64U);
    EXPECT_TRUE(holds_secret(0, 2));
    (void)sanitize(nvme_block_erase);
    EXPECT_EQ(sanitized(), nvme_done);
    EXPECT_EQ(residue(), 0U);
}

TEST_F(NvmeDriveOf3, SanitizesByANewKeyEverywhere) {
    (void)sanitize(nvme_crypto_erase | nvme_ndas);
    EXPECT_EQ(sanitized(), nvme_done);
    EXPECT_EQ(residue(), 0U);
    EXPECT_NE(read(0).data, Bytes(512, 0)) << "noise is left";
}

TEST_F(NvmeDriveOf3, FormatsTheNamespaceThatIsNamed) {
    EXPECT_EQ(format(1, user_data), 0);
    EXPECT_EQ(left_in(1), 0U);
    EXPECT_EQ(left_in(2), 128U);
    EXPECT_EQ(format(5, user_data), 0);
    EXPECT_EQ(left_in(5), 0U);
    EXPECT_EQ(format(2, crypto | 1), 0);
    EXPECT_EQ(residue(), 64U) << "unallocated";
    EXPECT_EQ(read(3).data, Bytes(512, 0));
}

TEST_F(NvmeDriveOf3, FormatsAllThatAreAttached) {
    EXPECT_EQ(format(everything, user_data), 0);
    EXPECT_EQ(left_in(1), 0U);
    EXPECT_EQ(left_in(2), 0U);
    EXPECT_EQ(left_in(5), 64U);
    // Both have the format of the command from then on.
    EXPECT_EQ(drive.open_block(2)->geometry().block_bytes, 512U);
    EXPECT_EQ(drive.open_block(2)->geometry().size_bytes, 128U * 4096);
}

TEST(NvmeFormatScope, IsEverythingWhereTheDriveSaysSo) {
    NvmeTraits traits = three();
    traits.namespaces[1].format = 0;
    traits.format.erases_all = true;
    NvmeBench bench(traits);
    EXPECT_EQ(NvmeBench::word_of(bench.identify(1), 524, 1), 0x06U);
    EXPECT_EQ(bench.format(1, user_data), 0);
    EXPECT_EQ(bench.residue(), 64U) << "unallocated";
}

TEST(NvmeFormatScope, MayNotBeEverything) {
    NvmeTraits traits = three();
    traits.format.no_broadcast = true;
    NvmeBench bench(traits);
    EXPECT_EQ(bench.format(everything, user_data), 0x02);
    EXPECT_EQ(bench.format(1, user_data), 0);
}

TEST_F(NvmeDriveOf3, RefusesFormatsThatItHasNot) {
    EXPECT_EQ(format(1, 0), 0x02) << "SES 0 is no erasure";
    EXPECT_EQ(format(1, 0x600), 0x02);
    EXPECT_EQ(format(7, user_data), 0x0B);
    EXPECT_EQ(format(1, user_data | 3), 0x10A);
    EXPECT_EQ(format(1, user_data | 1U << 5U), 0x10A) << "protection without metadata";
    EXPECT_EQ(format(1, user_data | 2 | 1U << 5U | 1U << 8U), 0);
    const Bytes page = identify(0x00, 1);
    EXPECT_EQ(page[26], 2);
    EXPECT_EQ(page[29], 0x09);
}

TEST_F(NvmeDriveOf3, FormatsLongerThanAHostMayWait) {
    EXPECT_EQ(status_of(command_of(0x80, 1, user_data)), 0xFFFF); // 60 s of 120
    EXPECT_EQ(word_of(identify(0x00, 1), 32, 1), 0x80U | 50U);
    EXPECT_EQ(word_of(identify(0x00, 2), 32, 1), 0x80U);
    EXPECT_NE(read(0).error, 0);
    EXPECT_EQ(read(0, 2).error, 0);
    EXPECT_EQ(sanitize(nvme_block_erase), 0x84);
    EXPECT_EQ(format(2, user_data), 0x84);
    clock.advance(std::chrono::seconds(60));
    EXPECT_EQ(word_of(identify(0x00, 1), 32, 1), 0x80U);
    EXPECT_EQ(left_in(1), 0U);
}

TEST_F(NvmeDriveOf3, EndsAFormatWhenItIsReset) {
    EXPECT_EQ(status_of(command_of(0x80, 1, user_data)), 0xFFFF);
    drive.controller_reset();
    clock.advance(std::chrono::hours(1));
    EXPECT_GT(left_in(1), 0U);
    EXPECT_EQ(read(0).error, 0);
}

TEST_F(NvmeDriveOf3, TellsOfFeatures) {
    const auto write_protection = drive.execute(command_of(0x0A, 1, 0x84));
    EXPECT_EQ(write_protection->result, 0U);
    EXPECT_EQ(status_of(command_of(0x0A, 9, 0x84)), 0x0B);
    EXPECT_EQ(status_of(command_of(0x0A, 0, 0x7F)), 0x02);
    EXPECT_EQ(status_of(command_of(0x7C, 0, 0)), 0x01);
    EXPECT_EQ(word_of(log(0x02), 128, 4), 1234U);
}

TEST(NvmeDriveWithMany, Lists64Namespaces) {
    NvmeTraits traits;
    traits.namespaces.clear();
    for (std::uint32_t nsid = 1; nsid <= 64; ++nsid)
        traits.namespaces.push_back({.nsid = nsid, .blocks = 8});
    NvmeBench bench(traits);
    const Bytes list = bench.identify(0x02);
    EXPECT_EQ(NvmeBench::word_of(list, 63 * 4, 4), 64U);
    EXPECT_EQ(NvmeBench::word_of(list, 64 * 4, 4), 0U);
    EXPECT_EQ(bench.residue(), 64U * 8 + 64);
    (void)bench.sanitize(nvme_block_erase);
    EXPECT_EQ(bench.sanitized(), nvme_done);
    EXPECT_EQ(bench.residue(), 0U);
}

} // namespace
} // namespace quietus::emulator
