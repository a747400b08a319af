// What a drive says of erasing itself, in each of the ways in which drives say it.
#include "quietus/transport/scsi/ask_erasure.hpp"

#include "quietus/emulator/scsi_drive.hpp"

#include <gtest/gtest.h>

#include <set>

namespace quietus::scsi {
namespace {

using emulator::Knob;
using emulator::ReportsCommands;
using emulator::ScsiTraits;

/// Keeps what was sent.
class Noted final : public ScsiPort {
  public:
    explicit Noted(ScsiPort& port) : port_(port) {}
    Result<ScsiReply> execute(const ScsiCommand& command) override {
        opcodes.insert(command.cdb[0]);
        return port_.execute(command);
    }
    std::set<std::uint8_t> opcodes;

  private:
    ScsiPort& port_;
};

struct Asked {
    ScsiErasure told;
    std::set<std::uint8_t> opcodes;
};

Asked asked(const ScsiTraits& traits, Probing probing = Probing::never) {
    emulator::SimulatedClock clock;
    emulator::ScsiDrive drive(traits, clock);
    drive.hard_reset(); // each command is answered by a unit attention first
    Noted port(drive.commands());
    return {ask_erasure(port, probing).value(), port.opcodes};
}

constexpr auto yes = ScsiOffer::yes;
constexpr auto no = ScsiOffer::no;
constexpr auto unknown = ScsiOffer::unknown;

TEST(AskErasure, ReadsTheMapsWhereThereAreAny) {
    const auto all = asked({.after_block_erase = ScsiReadAfterErase::fails});
    EXPECT_EQ(all.told.overwrite, yes);
    EXPECT_EQ(all.told.block_erase, yes);
    EXPECT_EQ(all.told.crypto_erase, yes);
    EXPECT_EQ(all.told.exit_failure, yes);
    EXPECT_EQ(all.told.format, yes);
    EXPECT_EQ(all.told.returns_at_once, yes);
    EXPECT_EQ(all.told.may_leave_failed, yes);
    EXPECT_EQ(all.told.zoned_no_reset, no);
    EXPECT_EQ(all.told.after_block_erase, ScsiReadAfterErase::fails);
    EXPECT_EQ(all.told.condition, ScsiCondition::idle);
    EXPECT_EQ(all.told.learned_by, "REPORT SUPPORTED OPERATION CODES");
    EXPECT_EQ(all.opcodes, (std::set<std::uint8_t>{0x03, 0x12, 0xA3}))
        << "and nothing that changes";

    ScsiTraits some;
    some.sanitize = {.block_erase = false, .exit_failure = false};
    some.format.supported = false;
    const auto few = asked(some);
    EXPECT_EQ(few.told.overwrite, yes);
    EXPECT_EQ(few.told.block_erase, no);
    EXPECT_EQ(few.told.exit_failure, no);
    EXPECT_EQ(few.told.format, no);
    EXPECT_EQ(few.told.may_leave_failed, no);
}

TEST(AskErasure, ReadsTheListWhereThereIsNoMore) {
    ScsiTraits traits{.reports = ReportsCommands::as_list_alone};
    traits.sanitize.crypto_erase = false;
    const auto listed = asked(traits);
    EXPECT_EQ(listed.told.overwrite, yes);
    EXPECT_EQ(listed.told.crypto_erase, no);
    EXPECT_EQ(listed.told.format, yes);
    EXPECT_EQ(listed.told.may_leave_failed, unknown);
    EXPECT_EQ(listed.told.learned_by, "REPORT SUPPORTED OPERATION CODES, without usage maps");
}

TEST(AskErasure, ProbesAsLittleAsItMay) {
    ScsiTraits silent{.reports = ReportsCommands::not_at_all};
    const auto unasked = asked(silent);
    EXPECT_EQ(unasked.told.block_erase, unknown);
    EXPECT_FALSE(unasked.opcodes.contains(0x48)) << "nothing is probed unless it may be";

    const auto probed = asked(silent, Probing::while_idle);
    EXPECT_EQ(probed.told.block_erase, unknown);
    EXPECT_EQ(probed.told.exit_failure, yes);
    EXPECT_TRUE(probed.opcodes.contains(0x48));

    silent.sanitize.exit_failure = false;
    EXPECT_EQ(asked(silent, Probing::while_idle).told.exit_failure, no);
    EXPECT_EQ(asked(silent, Probing::while_idle).told.block_erase, unknown);

    silent.sanitize = {.overwrite = false, .block_erase = false, .crypto_erase = false};
    const auto none = asked(silent, Probing::while_idle);
    EXPECT_EQ(none.told.block_erase, no);
    EXPECT_EQ(none.told.overwrite, no);
    EXPECT_EQ(none.told.crypto_erase, no);
}

// A failed state is somebody's: EXIT FAILURE MODE would end it.
TEST(AskErasure, ProbesNoUnitThatIsNotIdle) {
    emulator::SimulatedClock clock;
    emulator::ScsiDrive drive({.reports = ReportsCommands::not_at_all}, clock);
    drive.turn(Knob::fails_at_end);
    const ScsiCommand unrestricted{
        {0x48, 0xA2, 0, 0, 0, 0, 0, 0, 0, 0}, 0, std::chrono::seconds(9), {}};
    ASSERT_EQ(drive.commands().execute(unrestricted)->status, good);
    Noted port(drive.commands());
    EXPECT_EQ(ask_erasure(port, Probing::while_idle)->condition, ScsiCondition::sanitizing);
    clock.advance(std::chrono::minutes(2));
    EXPECT_EQ(ask_erasure(port, Probing::while_idle)->condition, ScsiCondition::sanitize_failed);
    EXPECT_FALSE(port.opcodes.contains(0x48));
}

TEST(AskErasure, TellsHowFarAnOperationIs) {
    emulator::SimulatedClock clock;
    emulator::ScsiDrive drive({}, clock);
    const ScsiCommand erase{{0x48, 0x82, 0, 0, 0, 0, 0, 0, 0, 0}, 0, std::chrono::seconds(9), {}};
    ASSERT_EQ(drive.commands().execute(erase)->status, good);
    clock.advance(std::chrono::seconds(30));
    const auto told = ask_erasure(drive.commands(), Probing::never);
    EXPECT_EQ(told->condition, ScsiCondition::sanitizing);
    EXPECT_NEAR(told->progress, 32768, 40);
    EXPECT_EQ(told->block_erase, yes);
}

} // namespace
} // namespace quietus::scsi
