// What an emulated SAS drive tells of itself, what of it stands in the way, and its capacity.
#include "quietus/drive/scsi/capacity.hpp"
#include "quietus/drive/scsi/facts.hpp"

#include "quietus/emulator/scsi_drive.hpp"

#include <gmock/gmock.h>

#include <set>

namespace quietus::scsi {
namespace {

using emulator::Knob;
using emulator::ScsiTraits;
using testing::ElementsAre;
using testing::HasSubstr;

struct Told {
    explicit Told(const ScsiTraits& traits, std::optional<Knob> knob = {}) : drive(traits, clock) {
        if (knob) drive.turn(*knob);
        drive.hard_reset(); // a unit attention is pending
        facts = ask_facts(drive.commands()).value();
    }
    emulator::SimulatedClock clock;
    emulator::ScsiDrive drive;
    Facts facts;
};

TEST(ScsiFacts, AreAskedWithoutChangingAnything) {
    Told told({.retired_blocks = 3});
    EXPECT_EQ(told.facts.unit.blocks, 2048U);
    EXPECT_EQ(told.facts.unit.block_bytes, 512U);
    EXPECT_EQ(told.facts.unit.protection, 0U);
    EXPECT_EQ(told.facts.unit.units, 1U);
    EXPECT_EQ(told.facts.unit.ports, 2U);
    EXPECT_EQ(told.facts.unit.registered_hosts, 0U);
    EXPECT_EQ(told.facts.unit.reserved_by, std::nullopt);
    EXPECT_EQ(told.facts.unit.health.reallocated, 3U);
    EXPECT_EQ(told.facts.unit.health.power_on_hours, 1234U);
    EXPECT_EQ(told.facts.erasure.block_erase, ScsiOffer::yes);
    EXPECT_THAT(remarks(told.facts), ElementsAre(HasSubstr("2 ports")));
    EXPECT_EQ(told.drive.media().counts().writes, 0U);
}

TEST(ScsiFacts, SayWhatItsKeysAre) {
    EXPECT_FALSE(Told({}).facts.tcg) << "it does not know the command";
    ScsiTraits traits;
    traits.tcg.emplace();
    traits.tcg->subsystems = {SecuritySubsystem::enterprise};
    traits.tcg->locked = true;
    Told told(traits);
    ASSERT_TRUE(told.facts.tcg);
    EXPECT_THAT(told.facts.tcg->subsystems, ElementsAre(SecuritySubsystem::enterprise));
    EXPECT_TRUE(told.facts.tcg->locked);
    EXPECT_EQ(revert_effect(*told.facts.tcg), RevertEffect::no_keys);
    Drive drive;
    tell(told.facts, drive);
    EXPECT_EQ(drive.tcg, told.facts.tcg);
    EXPECT_EQ(told.drive.media().counts().writes, 0U);
}

TEST(ScsiFacts, OfADriveThatKeepsThemAreNotKnown) {
    Told told({}, Knob::log_unreadable);
    EXPECT_EQ(told.facts.unit.health.reallocated, std::nullopt);
    EXPECT_EQ(told.facts.unit.health.power_on_hours, std::nullopt);
    EXPECT_EQ(told.facts.unit.health.text, "READ DEFECT DATA (12) is not answered");
}

TEST(ScsiRemarks, NameOtherUnitsProtectionAndFailures) {
    Told told({.protection = 2, .units = 2, .ports = 1});
    EXPECT_THAT(remarks(told.facts),
                ElementsAre(HasSubstr("2 logical units"), HasSubstr("type 2")));
    Facts failed;
    failed.erasure.condition = ScsiCondition::sanitize_failed;
    EXPECT_THAT(remarks(failed), ElementsAre(HasSubstr("has failed")));
    failed.erasure.condition = ScsiCondition::format_failed;
    EXPECT_THAT(remarks(failed), ElementsAre(HasSubstr("corrupt")));
}

HiddenAreaRecord lifted(const ScsiTraits& traits) {
    emulator::SimulatedClock clock;
    emulator::ScsiDrive drive(traits, clock);
    drive.hard_reset();
    HiddenAreaRecord record;
    lift_shortened_capacity(drive.commands(), record);
    const auto port = drive.open_block();
    if (record.lifted) {
        EXPECT_EQ(port->geometry().size_bytes, record.lifted->accessible * traits.block_bytes);
    }
    return record;
}

TEST(ShortenedCapacity, IsLiftedToTheLastBlock) {
    for (const std::uint64_t hidden : {1U, 48U, 2047U}) {
        const auto record = lifted({.shown_blocks = 2048 - hidden});
        EXPECT_EQ(record.state, HiddenState::lifted) << record.text;
        EXPECT_EQ(record.before.accessible, 2048 - hidden);
        EXPECT_EQ(record.lifted->accessible, 2048U);
    }
    constexpr std::uint64_t large = (std::uint64_t{1} << 32U) + 9;
    const auto record = lifted({.blocks = large, .shown_blocks = 7});
    EXPECT_EQ(record.lifted->accessible, large);
}

TEST(ShortenedCapacity, IsNoneWhereNothingIsHidden) {
    EXPECT_EQ(lifted({}).state, HiddenState::none);
    EXPECT_EQ(lifted({.block_bytes = 4096}).state, HiddenState::none);
}

TEST(ShortenedCapacity, IsRefusedOrNotKnown) {
    const auto reserved = lifted({.reserved_by = 1});
    EXPECT_EQ(reserved.state, HiddenState::refused);
    EXPECT_THAT(reserved.text, HasSubstr("another host has reserved it"));
    emulator::SimulatedClock clock;
    emulator::ScsiDrive busy({}, clock);
    const ScsiCommand erase{{0x48, 0x82, 0, 0, 0, 0, 0, 0, 0, 0}, 0, std::chrono::seconds(9), {}};
    ASSERT_EQ(busy.commands().execute(erase)->status, good);
    HiddenAreaRecord record;
    lift_shortened_capacity(busy.commands(), record);
    EXPECT_EQ(record.state, HiddenState::unknown);
    EXPECT_EQ(record.text, "READ CAPACITY (16): 2/04h/1bh");
}

} // namespace
} // namespace quietus::scsi
