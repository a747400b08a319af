// What a drive hides, as it comes back over a way that harms it.
#include "quietus/drive/ata/facts.hpp"

#include "quietus/core/json_fields.hpp"
#include "quietus/emulator/ata_drive.hpp"
#include "quietus/emulator/sat_face.hpp"
#include "quietus/transport/ata_over_scsi.hpp"

#include <gtest/gtest.h>

namespace quietus {
namespace {

using emulator::AtaDrive;
using emulator::AtaTraits;
using emulator::MaxAddress;

Drive told_by(AtaDrive& drive) {
    emulator::SatFace face(drive);
    AtaOverScsi port(face);
    Drive told;
    const auto facts = ata::ask_facts(port);
    EXPECT_TRUE(facts) << facts.error().message;
    if (facts) ata::tell(*facts, told);
    return told;
}

TEST(AtaFacts, TellTheNativeCapacity) {
    emulator::SimulatedClock clock;
    AtaDrive drive({.blocks = 2048, .accessible_blocks = 2000}, clock);
    const Drive told = told_by(drive);
    ASSERT_TRUE(told.hidden_areas);
    EXPECT_EQ(told.hidden_areas->accessible, 2000U);
    EXPECT_EQ(told.native_size_bytes, std::uint64_t{2048} * 512);
}

TEST(AtaFacts, TellWhetherAnOverwriteCanBeToldHowToEnd) {
    emulator::SimulatedClock clock;
    const auto definitive_end = [&](const AtaTraits& traits) {
        AtaDrive drive(traits, clock);
        return told_by(drive).ata_erasure->definitive_end;
    };
    EXPECT_EQ(definitive_end({}), true);
    EXPECT_EQ(definitive_end({.sanitize = {.definitive_ending_pattern = false}}), false);
    EXPECT_EQ(definitive_end({.sanitize = {.overwrite = false}}), std::nullopt);
}

TEST(AtaFacts, TellWhatItsKeysAre) {
    emulator::SimulatedClock clock;
    AtaDrive plain({}, clock);
    EXPECT_FALSE(told_by(plain).tcg);
    emulator::TcgTraits pyrite;
    pyrite.subsystems = {SecuritySubsystem::pyrite_2};
    pyrite.media_encryption = false;
    pyrite.removal = {RemovalMechanism::unmap};
    AtaDrive drive({.tcg = pyrite}, clock);
    const auto told = told_by(drive).tcg;
    ASSERT_TRUE(told);
    EXPECT_EQ(told->subsystems, std::vector{SecuritySubsystem::pyrite_2});
    EXPECT_EQ(*told->removal, std::vector{RemovalMechanism::unmap});
    EXPECT_EQ(revert_effect(*told), RevertEffect::nothing);
    EXPECT_EQ(told->text, "");
}

// With the octets of an address in reverse order a small drive has a hundred thousand terabytes.
TEST(AtaFacts, TellNoCapacityThatCannotBeWrittenDown) {
    for (const MaxAddress kind : {MaxAddress::hpa, MaxAddress::ama})
        for (const std::uint32_t octets : {512U, 4096U}) {
            emulator::SimulatedClock clock;
            AtaDrive drive({.blocks = 2048,
                            .logical_bytes = octets,
                            .physical_bytes = 4096,
                            .max_address = kind},
                           clock);
            drive.turn(emulator::Knob::lba_swapped);
            const Drive told = told_by(drive);
            ASSERT_TRUE(told.hidden_areas);
            EXPECT_GT(native_sectors(*told.hidden_areas), std::uint64_t{1} << 44U);
            EXPECT_FALSE(told.native_size_bytes);
            EXPECT_FALSE(to_line(to_json(told)).empty());
        }
}

} // namespace
} // namespace quietus
