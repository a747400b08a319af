// EXT_CSD and CID, indices as in JESD84-B51 and the SD Physical Layer specification.
#include "wire/mmc_registers.hpp"

#include "support/wire_samples.hpp"

#include <gmock/gmock.h>

namespace quietus::mmc {
namespace {

using testing::ElementsAre;

TEST(ExtCsd, TellsEveryArea) {
    const auto card = parse_ext_csd(test::ext_csd());
    ASSERT_TRUE(card);
    EXPECT_EQ(card->size_bytes, 31268536320U);
    EXPECT_EQ(card->block_bytes, 512U);
    EXPECT_EQ(card->boot_bytes, 4194304U);
    EXPECT_EQ(card->rpmb_bytes, 4194304U);
    EXPECT_THAT(card->general_purpose_bytes, ElementsAre(0, 0, 0, 0));
    EXPECT_EQ(to_hex(card->firmware), "0a01020304050607");
}

TEST(ExtCsd, CountsGeneralPurposeAreasOnceTheyAreInForce) {
    Bytes data = test::ext_csd();
    data[160] = 1;                        // PARTITIONING_SUPPORT
    test::put_little(data, 143, 3, 2);    // area 1: 2 groups of 16 * 1 * 512 KiB
    test::put_little(data, 152, 3, 0x10); // area 4
    EXPECT_THAT(parse_ext_csd(data)->general_purpose_bytes, ElementsAre(0, 0, 0, 0));
    data[155] = 1; // PARTITION_SETTING_COMPLETED
    EXPECT_THAT(parse_ext_csd(data)->general_purpose_bytes,
                ElementsAre(16U << 20U, 0, 0, 128U << 20U));
}

TEST(ExtCsd, KnowsLongBlocksAndCardsWithoutASize) {
    Bytes data = test::ext_csd();
    data[61] = 1;
    test::put_little(data, 212, 4, 0);
    data[192] = 6;
    const auto card = parse_ext_csd(data);
    EXPECT_EQ(card->block_bytes, 4096U);
    EXPECT_FALSE(card->size_bytes);
    EXPECT_TRUE(card->firmware.empty());
}

TEST(ExtCsd, ThatIsEmptyOrCutShortIsNothing) {
    EXPECT_FALSE(parse_ext_csd(Bytes(512)));
    EXPECT_FALSE(parse_ext_csd(Bytes(512, 0xFF)));
    EXPECT_FALSE(parse_ext_csd(Bytes(511, 1)));
}

// As /sys/block/mmcblk0/device/cid has them: a Samsung eMMC and a SanDisk SD card.
TEST(Cid, IsReadForBothKindsOfCard) {
    const auto emmc = parse_cid("150100424a4e423452078cdb5e3ba4b3", CardKind::mmc);
    ASSERT_TRUE(emmc);
    EXPECT_EQ(emmc->manufacturer, 0x15);
    EXPECT_EQ(emmc->model, "BJNB4R");
    EXPECT_EQ(emmc->revision, 0x07);
    EXPECT_EQ(to_hex(emmc->serial), "8cdb5e3b");
    const auto card = parse_cid("035344534c333247805d2c8f1b0134c7", CardKind::sd);
    ASSERT_TRUE(card);
    EXPECT_EQ(card->manufacturer, 0x03);
    EXPECT_EQ(card->model, "SL32G");
    EXPECT_EQ(card->revision, 0x80);
    EXPECT_EQ(to_hex(card->serial), "5d2c8f1b");
}

TEST(Cid, ThatIsNotThirtyTwoDigitsIsNothing) {
    EXPECT_FALSE(parse_cid("", CardKind::sd));
    EXPECT_FALSE(parse_cid("150100424a4e423452078cdb5e3ba4b", CardKind::mmc));
    EXPECT_FALSE(parse_cid("150100424a4e423452078cdb5e3ba4b300", CardKind::mmc));
    EXPECT_FALSE(parse_cid("x50100424a4e423452078cdb5e3ba4b3", CardKind::mmc));
}

} // namespace
} // namespace quietus::mmc
