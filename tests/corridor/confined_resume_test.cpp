// Going on with a drive whose hidden area was lifted: it has grown to what the journal shows, and
// to nothing else.
#include "confined_drive.hpp"

#include "quietus/transport/ata/commands.hpp"
#include "quietus/transport/ata/identify_words.hpp"
#include "quietus/transport/ata_over_scsi.hpp"

namespace quietus {
namespace {

using test::hiding_drive;
using testing::HasSubstr;

constexpr std::uint64_t block = 4096;

class ConfinedResume : public test::ConfinedDrive {
  protected:
    static PlanRequest overwriting() {
        PlanRequest plan;
        plan.scheme = "generic.random";
        return plan;
    }
    /// Stopped on request, half-way through the pass over all of it.
    std::string interrupted(const emulator::AtaTraits& traits) {
        attach(traits);
        Endurance slowly = often();
        slowly.limit_rate = 512 * block; // half a second for the pass
        audience.stop = [](const Progress& progress) {
            return progress.kind == StepKind::write && progress.bytes_done >= 100 * block;
        };
        const Disposal outcome = erase(overwriting(), slowly);
        audience.stop = [](const Progress&) { return false; };
        EXPECT_EQ(outcome.verdict, Verdict::interrupted) << why(outcome);
        EXPECT_EQ(host->told().size_bytes, 256 * block);
        return outcome.job;
    }
    /// Somebody else hides a part of it again, kept over the power cycle that it takes.
    void hide_beyond(std::uint64_t blocks) {
        drive->power_cycle();
        const auto port = make_sg_io_port(-1, drive->ioctl());
        AtaOverScsi commands(*port);
        ASSERT_TRUE(ata::read_identify(commands));
        ASSERT_TRUE(commands.execute(ata::read_native_max(true)));
        const auto reply = commands.execute(ata::set_max(blocks - 1, true));
        ASSERT_TRUE(reply && reply->registers && reply->registers->succeeded());
        drive->power_cycle();
        drive->rescan();
    }
};

TEST_F(ConfinedResume, AcceptsADriveAsLargeAsItWasLiftedTo) {
    const std::string job = interrupted(hiding_drive());
    const auto resumed = go_on(job);
    ASSERT_TRUE(resumed) << resumed.error().message;
    expect_certified(resumed->front());
    EXPECT_EQ(drive->residue(), 0U);
    EXPECT_EQ(drive->content().size(), 256 * block);
}

// As it was found: then all of it is lifted again.
TEST_F(ConfinedResume, AcceptsADriveThatHidesAsMuchAsBefore) {
    const std::string job = interrupted(hiding_drive());
    hide_beyond(200);
    ASSERT_EQ(host->told().size_bytes, 200 * block);
    drive->power_cycle(); // it takes one such command between two
    const auto resumed = go_on(job);
    ASSERT_TRUE(resumed) << resumed.error().message;
    expect_certified(resumed->front());
    EXPECT_EQ(drive->residue(), 0U);
    EXPECT_EQ(drive->content().size(), 256 * block);
}

TEST_F(ConfinedResume, RefusesADriveOfAnotherSize) {
    const std::string job = interrupted(hiding_drive());
    const std::uint64_t left = drive->residue();
    for (const std::uint64_t blocks :
         {std::uint64_t{255}, std::uint64_t{201}, std::uint64_t{199}}) {
        SCOPED_TRACE(blocks);
        hide_beyond(blocks);
        const std::string before = drive->content();
        const auto refused = go_on(job);
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().fault, Fault::refused);
        EXPECT_THAT(refused.error().message, HasSubstr("has another capacity"));
        EXPECT_EQ(drive->content(), before);
    }
    EXPECT_LE(drive->residue(), left);
    hide_beyond(256);
    const auto resumed = go_on(job);
    ASSERT_TRUE(resumed) << resumed.error().message;
    expect_certified(resumed->front());
}

// A plan that lifts nothing has nothing that could have made the drive grow.
TEST_F(ConfinedResume, RefusesADriveThatHasGrownByNoDoingOfItsJob) {
    const std::string job = interrupted(test::filed_drive());
    host->amend = [](Drive& told) {
        told.size_bytes += block;
        told.native_size_bytes = told.size_bytes;
    };
    const auto refused = go_on(job);
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("has another capacity"));
}

} // namespace
} // namespace quietus
