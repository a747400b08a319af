// `recover` on the way of a real machine: its commands come from a process that is confined as a
// worker is, and the drive is in another.
#include "confined_drive.hpp"

#include "quietus/app/recover.hpp"
#include "quietus/technique/ata/temporary_password.hpp"
#include "quietus/transport/ata/commands.hpp"

namespace quietus {
namespace {

using emulator::AtaDrive;
using emulator::AtaTraits;
using emulator::Knob;
using emulator::SimulatedClock;
using test::filed_drive;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// As an erasure leaves it that lost its power.
void lock(AtaDrive& drive, SimulatedClock&) {
    const auto& made = drive.traits();
    EXPECT_TRUE(drive.execute(
        ata::security_set_password(ata::temporary_password(made.model, made.serial))));
    drive.power_cycle();
}

// It failed once, and would not again. Another operation that succeeds ends that, and nothing else.
void fail_once(AtaDrive& drive, SimulatedClock& clock) {
    AtaDrive failing(drive.traits(), clock);
    failing.turn(Knob::fails_at_end);
    EXPECT_TRUE(failing.execute(ata::sanitize(ata::SanitizeKind::overwrite, {})));
    clock.advance(std::chrono::hours(10));
    drive.recall(failing.memory());
}

// The same with FAILURE MODE 1: a word ends that.
void fail_once_unrestricted(AtaDrive& drive, SimulatedClock& clock) {
    AtaDrive failing(drive.traits(), clock);
    failing.turn(Knob::fails_at_end);
    EXPECT_TRUE(
        failing.execute(ata::sanitize(ata::SanitizeKind::overwrite, {.may_leave_failed = true})));
    clock.advance(std::chrono::hours(10));
    drive.recall(failing.memory());
}

AtaTraits overwriting_drive() {
    AtaTraits traits = filed_drive();
    traits.sanitize.crypto_scramble = traits.sanitize.block_erase = false;
    return traits;
}

class ConfinedUndo : public test::ConfinedDrive {
  protected:
    Result<Recovery> recovered() {
        return recover({.target = "/dev/emulated", .watch = audience}, site());
    }
    std::vector<Leftover> left() {
        const Drive now = host->told();
        EXPECT_TRUE(now.ata_erasure);
        return leftovers_of(now);
    }
    void expect_refused(const Result<Recovery>& outcome, Fault fault, const std::string& why) {
        ASSERT_FALSE(outcome);
        EXPECT_EQ(outcome.error().fault, fault) << outcome.error().message;
        EXPECT_THAT(outcome.error().message, HasSubstr(why));
    }
};

TEST_F(ConfinedUndo, TakesTheTemporaryPasswordOff) {
    attach(filed_drive(), lock);
    ASSERT_THAT(left(), ElementsAre(Leftover::temporary_password));
    const auto outcome = recovered();
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_THAT(outcome->undone, ElementsAre(Leftover::temporary_password));
    EXPECT_GT(drive->room().commands, 0U) << "from the process that had it open";
    EXPECT_THAT(left(), IsEmpty());
    EXPECT_EQ(drive->residue(), 256U) << "nothing was erased";
}

TEST_F(ConfinedUndo, EndsTheStateOfAFailedSanitizeByAWordWhereThatWasAllowed) {
    attach(filed_drive(), fail_once_unrestricted);
    ASSERT_THAT(left(), ElementsAre(Leftover::failed_sanitize));
    const std::uint64_t before = drive->residue();
    const auto outcome = recovered();
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_THAT(outcome->undone, ElementsAre(Leftover::failed_sanitize));
    EXPECT_FALSE(outcome->carried_out_again);
    EXPECT_THAT(left(), IsEmpty());
    EXPECT_EQ(drive->residue(), before) << "and nothing else was done";
}

TEST_F(ConfinedUndo, EndsTheStateOfAFailedSanitizeByAnother) {
    for (const AtaTraits& traits : {filed_drive(), overwriting_drive()}) {
        attach(traits, fail_once);
        ASSERT_THAT(left(), ElementsAre(Leftover::failed_sanitize));
        const auto outcome = recovered();
        ASSERT_TRUE(outcome) << outcome.error().message;
        EXPECT_THAT(outcome->undone, ElementsAre(Leftover::failed_sanitize));
        EXPECT_TRUE(outcome->carried_out_again);
        EXPECT_FALSE(outcome->let_go);
        EXPECT_THAT(left(), IsEmpty());
    }
}

TEST_F(ConfinedUndo, SendsNothingToADriveThatHasNothingToUndo) {
    attach(filed_drive());
    const auto outcome = recovered();
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_THAT(outcome->undone, IsEmpty());
    EXPECT_EQ(drive->room().commands, 0U);
}

TEST_F(ConfinedUndo, LeavesTheirPasswordWhereItIs) {
    AtaTraits traits = filed_drive();
    traits.security.user_password = "theirs";
    attach(traits);
    expect_refused(recovered(), Fault::refused, "the password is none of ours");
    EXPECT_THAT(left(), ElementsAre(Leftover::temporary_password)) << "as far as the drive tells";
}

// What is seen before it is held, what is seen while it is, and who answers.
TEST_F(ConfinedUndo, SendsNothingToADriveInUseOrToAnother) {
    attach(filed_drive(), lock);
    const auto in_use = [](Drive& told) {
        told.guards = {{Interlock::mounted, "/srv", "umount /srv"}};
    };
    host->amend = in_use;
    expect_refused(recovered(), Fault::refused, "mounted");
    unsigned looks = 0;
    host->amend = [&](Drive& told) {
        if (++looks > 1) in_use(told);
    };
    expect_refused(recovered(), Fault::refused, "mounted: /srv");
    EXPECT_EQ(drive->room().commands, 0U);
    host->amend = [](Drive& told) { told.serial = "ANOTHER"; };
    expect_refused(recovered(), Fault::refused, "another serial number answers");
    host->amend = [](Drive&) {};
    EXPECT_THAT(left(), ElementsAre(Leftover::temporary_password));
}

// The drive goes on with what it was told, and is taken up by nobody but itself.
TEST_F(ConfinedUndo, LetsGoHalfWayWhenItIsAskedTo) {
    AtaTraits traits = overwriting_drive();
    traits.sanitize.pass_takes = std::chrono::hours(2);
    attach(traits, fail_once);
    drive->room().takes = 10'000;
    audience.stop = [](const Progress& progress) { return progress.bytes_done > 0; };
    const auto outcome = recovered();
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_TRUE(outcome->let_go);
    EXPECT_THAT(outcome->undone, IsEmpty());
    EXPECT_EQ(host->told().ata_erasure->sanitize, SanitizeState::in_progress);
    expect_refused(recovered(), Fault::refused, "it erases itself still");
    clock->sleep(std::chrono::hours(3));
    EXPECT_THAT(left(), IsEmpty()) << "it has ended by itself";
}

TEST_F(ConfinedUndo, IsLeftAtOnceWhenThatIsAskedFor) {
    AtaTraits traits = overwriting_drive();
    traits.sanitize.pass_takes = std::chrono::hours(2);
    attach(traits, fail_once);
    drive->room().takes = 10'000;
    audience.at_progress = [this](const Progress&) { audience.leave = true; };
    expect_refused(recovered(), Fault::io, "it was left at once, as requested");
}

// A drive that takes a password off and has it again when it is asked next.
TEST_F(ConfinedUndo, BelievesNoDriveThatLies) {
    attach(filed_drive(), lock);
    drive->room().locks_again = true;
    expect_refused(recovered(), Fault::drive, "");
    EXPECT_THAT(left(), ElementsAre(Leftover::temporary_password));
    drive->room().locks_again = false;
    EXPECT_TRUE(recovered());
    EXPECT_THAT(left(), IsEmpty());
}

// It fails again, and so it is not said to be ended.
TEST_F(ConfinedUndo, BelievesNoOperationThatFails) {
    attach(overwriting_drive(), [](AtaDrive& made, SimulatedClock& time) {
        fail_once(made, time);
        made.turn(Knob::fails_at_end);
    });
    expect_refused(recovered(), Fault::drive, "");
    EXPECT_THAT(left(), ElementsAre(Leftover::failed_sanitize));
}

// Killed with the command that takes the password off, or with the one that begins an operation.
TEST_F(ConfinedUndo, IsLostWithItsProcessAndCanBeRepeated) {
    for (const bool locked : {true, false}) {
        if (locked)
            attach(filed_drive(), lock);
        else
            attach(overwriting_drive(), fail_once);
        drive->room().kills_at = locked ? 0xF6 : 0xB4;
        expect_refused(recovered(), Fault::io, "the process that sends it commands is lost");
        clock->sleep(std::chrono::hours(3));
        const auto again = recovered();
        ASSERT_TRUE(again) << again.error().message;
        EXPECT_THAT(left(), IsEmpty());
    }
}

// Whichever command gets no answer: what is said to be undone is, and what is not can be repeated.
TEST_F(ConfinedUndo, SurvivesTheLossOfAnyCommand) {
    for (const bool locked : {true, false}) {
        bool more = true;
        unsigned undone = 0;
        for (int lost = 0; more; ++lost) {
            SCOPED_TRACE(testing::Message() << (locked ? "password " : "sanitize ") << lost);
            if (locked)
                attach(filed_drive(), lock);
            else
                attach(filed_drive(), fail_once);
            drive->room().loses = lost;
            const auto outcome = recovered();
            more = static_cast<int>(drive->room().commands) > lost;
            drive->room().loses = -1;
            if (outcome) {
                ++undone;
                EXPECT_THAT(left(), IsEmpty());
                continue;
            }
            EXPECT_FALSE(outcome.error().message.empty());
            clock->sleep(std::chrono::hours(3));
            const auto again = recovered();
            ASSERT_TRUE(again) << again.error().message;
            EXPECT_THAT(left(), IsEmpty());
        }
        EXPECT_GE(undone, 1U) << "without a loss";
    }
}

} // namespace
} // namespace quietus
