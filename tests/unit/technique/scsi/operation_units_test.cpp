// One operation of two logical units: begun in both or in none, and waited for in both.
#include "scripted_unit.hpp"

#include <gtest/gtest.h>

namespace quietus::scsi {
namespace {

/// Two units, told and asked together.
struct TwoUnits {
    std::vector<FirmwareOutcome> run(bool second_begun = false) {
        std::vector<UnitTask> tasks;
        tasks.push_back({{first.unit, first.clock, first.door}, first.operation, first.record});
        tasks.push_back({{second.unit, first.clock, second.door},
                         second.operation,
                         second.record,
                         second_begun});
        run_operations(tasks);
        return {first.record.outcome, second.record.outcome};
    }
    using Outcomes = std::vector<FirmwareOutcome>;

    Stage first;
    Stage second;
};

TEST(ScsiOperationOfTwoUnits, IsBegunInBothAndWaitedForInBoth) {
    TwoUnits units;
    for (Stage* stage : {&units.first, &units.second}) {
        stage->unit.say(idle);
        stage->unit.say(sanitizing, 0x1000);
    }
    units.first.unit.say(idle);
    units.second.unit.say(sanitizing, 0x2000);
    units.second.unit.say(sanitizing, 0x3000);
    units.second.unit.say(idle);
    EXPECT_EQ(units.run(), TwoUnits::Outcomes(2, FirmwareOutcome::succeeded));
    EXPECT_EQ(units.first.record.progress, 0x1000U);
    EXPECT_EQ(units.second.record.progress, 0x3000U);
    EXPECT_LT(units.first.record.asked, units.second.record.asked);
    EXPECT_LT(units.first.record.timing.milliseconds, units.second.record.timing.milliseconds);
    EXPECT_EQ(units.first.door.waits, 3U) << "by one door";
    EXPECT_EQ(units.second.door.waits, 0U);
}

TEST(ScsiOperationOfTwoUnits, IsBegunInNoneUnlessBothWould) {
    for (const bool second : {false, true}) {
        TwoUnits units;
        units.first.unit.say(second ? idle : formatting);
        units.second.unit.say(second ? formatting : idle);
        EXPECT_EQ(units.run(), TwoUnits::Outcomes(2, FirmwareOutcome::refused));
        EXPECT_TRUE(units.first.unit.begun.empty() && units.second.unit.begun.empty());
        const Stage& willing = second ? units.first : units.second;
        EXPECT_EQ(willing.record.text, "another logical unit of the drive did not begin");
        EXPECT_FALSE(willing.record.sense_before.empty());
    }
}

TEST(ScsiOperationOfTwoUnits, IsBegunInNoneWhereItCannotBeKept) {
    TwoUnits units;
    units.first.unit.say(idle);
    units.second.unit.say(idle);
    units.second.door.fails_from = 0;
    EXPECT_EQ(units.run(), TwoUnits::Outcomes(2, FirmwareOutcome::refused));
    EXPECT_TRUE(units.first.unit.begun.empty() && units.second.unit.begun.empty());
}

TEST(ScsiOperationOfTwoUnits, IsNotBegunInTheSecondWhenTheFirstRefuses) {
    TwoUnits units;
    units.first.unit.say(idle);
    units.second.unit.say(idle);
    units.first.unit.to_begin = {check({5, 0x24, 0})};
    EXPECT_EQ(units.run(), TwoUnits::Outcomes(2, FirmwareOutcome::refused));
    EXPECT_TRUE(units.second.unit.begun.empty());
}

// What was begun is waited for, whatever the other says.
TEST(ScsiOperationOfTwoUnits, GoesOnInTheFirstWhenTheSecondRefuses) {
    TwoUnits units;
    for (Stage* stage : {&units.first, &units.second})
        stage->unit.say(idle);
    units.first.unit.say(sanitizing, 0x1000);
    units.first.unit.say(idle);
    units.second.unit.to_begin = {check({5, 0x24, 0})};
    EXPECT_EQ(units.run(),
              (TwoUnits::Outcomes{FirmwareOutcome::succeeded, FirmwareOutcome::refused}));
}

// A drive may take a command to one for all of them: the others were idle before, and are at work.
TEST(ScsiOperationOfTwoUnits, IsSeenInTheSecondThatBeganWithTheFirst) {
    TwoUnits units;
    for (Stage* stage : {&units.first, &units.second}) {
        stage->unit.say(idle);
        stage->unit.say(sanitizing, 0x1000);
        stage->unit.say(idle);
    }
    units.second.unit.to_begin = {check(sanitizing)};
    EXPECT_EQ(units.run(), TwoUnits::Outcomes(2, FirmwareOutcome::succeeded));
    EXPECT_FALSE(units.second.record.accepted);
    EXPECT_FALSE(units.second.record.sense_begun.empty());
    EXPECT_TRUE(units.second.record.seen_in_progress);
}

// The first has nobody before it that could have begun for it.
TEST(ScsiOperationOfTwoUnits, IsRefusedByTheFirstThatIsAtWorkAlready) {
    TwoUnits units;
    units.first.unit.say(idle);
    units.second.unit.say(idle);
    units.first.unit.to_begin = {check(sanitizing)};
    EXPECT_EQ(units.run(), TwoUnits::Outcomes(2, FirmwareOutcome::refused));
}

TEST(ScsiOperationOfTwoUnits, WaitsForWhatWasBegunBeforeBesideWhatItBegins) {
    TwoUnits units;
    units.first.unit.say(idle);
    units.second.record.seen_in_progress = true;
    for (Stage* stage : {&units.first, &units.second}) {
        stage->unit.say(sanitizing, 0x1000);
        stage->unit.say(idle);
    }
    EXPECT_EQ(units.run(true), TwoUnits::Outcomes(2, FirmwareOutcome::succeeded));
    EXPECT_EQ(units.first.unit.begun.size(), 1U);
    EXPECT_TRUE(units.second.unit.begun.empty());
}

TEST(ScsiOperationOfTwoUnits, IsLetGoOfInBoth) {
    TwoUnits units;
    for (Stage* stage : {&units.first, &units.second}) {
        stage->unit.say(idle);
        stage->unit.say(sanitizing, 0x1000);
    }
    units.first.door.release_after = 3;
    EXPECT_EQ(units.run(), TwoUnits::Outcomes(2, FirmwareOutcome::under_way));
    EXPECT_EQ(units.first.record.phase, SanitizePhase::running);
}

} // namespace
} // namespace quietus::scsi
