// Level 0 Discovery: octets as TCG's documents lay them out, and what is made of them.
#include "quietus/transport/ata/commands.hpp"
#include "quietus/transport/scsi/commands.hpp"
#include "quietus/transport/tcg/level_0.hpp"
#include "support/wire_samples.hpp"

#include <gtest/gtest.h>

namespace quietus::tcg {
namespace {

/// A header of 48 octets with the length, then descriptors.
Bytes discovery(const std::string& descriptors) {
    Bytes data(48);
    const Bytes rest = from_hex(descriptors).value();
    data.insert(data.end(), rest.begin(), rest.end());
    test::put_big(data, 0, 4, data.size() - 4);
    data.resize(512);
    return data;
}

const std::string tper = "0001100c110000000000000000000000";
const std::string twelve_zeros = "0000000000000000000000";

std::string locking(const char* octet) {
    return "0002100c" + std::string(octet) + twelve_zeros;
}

TEST(Level0, TellsTheLockingFeatureBitByBit) {
    const auto with = [](const char* octet) {
        return parse_level_0(discovery(tper + locking(octet))).value();
    };
    EXPECT_EQ(with("00"), TcgFacts{});
    EXPECT_TRUE(with("01").locking);
    EXPECT_TRUE(with("02").locking_enabled);
    EXPECT_TRUE(with("04").locked);
    EXPECT_TRUE(with("08").media_encryption);
    EXPECT_TRUE(with("10").shadow_mbr) << "enabled";
    EXPECT_FALSE(with("30").shadow_mbr) << "enabled, and done";
    EXPECT_FALSE(with("20").shadow_mbr);
    TcgFacts whole;
    whole.locking = whole.locking_enabled = whole.locked = whole.media_encryption = true;
    whole.shadow_mbr = true;
    EXPECT_EQ(with("df"), whole) << "bits 6 and 7 are of no interest";
}

TEST(Level0, KnowsTheRulesByTheirFeatureCodes) {
    struct {
        const char* code;
        SecuritySubsystem rules;
    } const known[]{
        {"0100", SecuritySubsystem::enterprise}, {"0200", SecuritySubsystem::opal_1},
        {"0203", SecuritySubsystem::opal_2},     {"0301", SecuritySubsystem::opalite},
        {"0302", SecuritySubsystem::pyrite_1},   {"0303", SecuritySubsystem::pyrite_2},
        {"0304", SecuritySubsystem::ruby},       {"0305", SecuritySubsystem::key_per_io}};
    std::string all;
    std::vector<SecuritySubsystem> rules;
    for (const auto& each : known) {
        const std::string descriptor = std::string(each.code) + "100410000001";
        EXPECT_EQ(parse_level_0(discovery(descriptor))->subsystems,
                  std::vector<SecuritySubsystem>{each.rules})
            << each.code;
        all += descriptor;
        rules.push_back(each.rules);
    }
    EXPECT_EQ(parse_level_0(discovery(all))->subsystems, rules);
    // Single user mode, datastores, geometry, and what nobody knows.
    EXPECT_EQ(parse_level_0(discovery("02011000020210000003100000ff1000")).value(), TcgFacts{});
}

TEST(Level0, TellsHowTheDriveRemovesData) {
    const auto all = parse_level_0(discovery("0404100400013f00")).value();
    EXPECT_TRUE(all.removal_under_way);
    using enum RemovalMechanism;
    EXPECT_EQ(*all.removal, (std::vector{overwrite, block_erase, crypto_erase, unmap,
                                         reset_write_pointers, vendor_specific}));
    const auto one = parse_level_0(discovery("0404100400000400")).value();
    EXPECT_FALSE(one.removal_under_way);
    EXPECT_EQ(*one.removal, std::vector{crypto_erase});
    EXPECT_FALSE(parse_level_0(discovery("040410020001"))->removal) << "cut short";
}

TEST(Level0, SaysThatTheFirmwareHasBlockedTheSid) {
    const auto found =
        parse_level_0(discovery(tper + locking("03") + "0402100c020100000000000000000000"));
    ASSERT_TRUE(found);
    EXPECT_TRUE(found->locking && found->locking_enabled);
    EXPECT_FALSE(found->locked);
    EXPECT_TRUE(found->block_sid && found->sid_blocked && found->until_hardware_reset);
}

TEST(Level0, SaysThatItHasNot) {
    const auto found = parse_level_0(discovery("0402100c010000000000000000000000"));
    EXPECT_TRUE(found->block_sid);
    EXPECT_FALSE(found->sid_blocked || found->until_hardware_reset || found->locking);
    EXPECT_FALSE(parse_level_0(discovery(""))->block_sid);
}

TEST(Level0, IsReadNoFurtherThanItGoes) {
    EXPECT_FALSE(parse_level_0(Bytes(47)));
    EXPECT_FALSE(parse_level_0(discovery("0402"))->block_sid);
    // A descriptor that says it is longer than what was sent.
    Bytes cut = discovery("0402100c0201");
    cut.resize(54);
    EXPECT_FALSE(parse_level_0(cut)->block_sid);
    // One behind what the header says there is.
    Bytes beyond = discovery("0402100c020100000000000000000000");
    test::put_big(beyond, 0, 4, 44);
    EXPECT_FALSE(parse_level_0(beyond)->block_sid);
}

// SPC: A2h, protocol 01h, ComID 0001h, 512 octets. ACS: 5Ch, the ComID in LBA 23:8, one block.
TEST(Level0, IsAskedForByTheCommandOfEachLanguage) {
    EXPECT_EQ(to_hex(scsi::level_0_discovery().cdb), "a20100010000000002000000");
    EXPECT_EQ(scsi::level_0_discovery().in_bytes, 512U);
    const AtaCommand command = ata::level_0_discovery();
    EXPECT_EQ(command.taskfile.command, 0x5C);
    EXPECT_EQ(command.taskfile.feature, 0x01);
    EXPECT_EQ(command.taskfile.count, 1);
    EXPECT_EQ(command.taskfile.lba, 0x000100U);
    EXPECT_EQ(command.in_bytes, 512U);
}

TEST(Level0, SaysWhatARevertWouldDo) {
    TcgFacts told;
    EXPECT_EQ(revert_effect(told), RevertEffect::unknown);
    told.locking = true;
    EXPECT_EQ(revert_effect(told), RevertEffect::nothing) << "Pyrite, without encryption";
    told.removal = std::vector{RemovalMechanism::unmap};
    EXPECT_EQ(revert_effect(told), RevertEffect::nothing) << "a hint is no erasure";
    told.removal->push_back(RemovalMechanism::block_erase);
    EXPECT_EQ(revert_effect(told), RevertEffect::removal);
    told.media_encryption = true;
    EXPECT_EQ(revert_effect(told), RevertEffect::no_keys) << "LockingEnabled is off";
    told.locking_enabled = true;
    EXPECT_EQ(revert_effect(told), RevertEffect::new_keys);
    told.text = "cut short";
    EXPECT_EQ(revert_effect(told), RevertEffect::unknown);
}

} // namespace
} // namespace quietus::tcg
