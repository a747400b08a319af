// Drives that erase themselves on the way of a real machine: the worker's process, confined as
// always, sends the commands by SG_IO to a drive in another process.
#include "ata_verdicts.hpp"
#include "confined_drive.hpp"
#include "quietus/app/recover.hpp"

#include <algorithm>

namespace quietus {
namespace {

using emulator::AtaTraits;
using test::filed_drive;
using test::hiding_drive;
using test::Knob;
using test::methods;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

std::string named(const testing::TestParamInfo<Technique>& technique) {
    std::string name(to_text(technique.param));
    std::ranges::replace(name, '-', '_');
    return name;
}

class ConfinedAta : public test::ConfinedDrive, public testing::WithParamInterface<Technique> {
  protected:
    void expect_nothing_left() {
        EXPECT_EQ(drive->residue(), 0U);
        EXPECT_EQ(drive->content().find(test::secret), std::string::npos);
        EXPECT_EQ(drive->content().size(), std::size_t{256} * 4096) << "nothing is hidden any more";
    }
};

INSTANTIATE_TEST_SUITE_P(Techniques, ConfinedAta, testing::ValuesIn(methods), named);

TEST_P(ConfinedAta, ErasesAnHonestDrive) {
    attach(filed_drive());
    ASSERT_EQ(drive->residue(), 256U);
    expect_certified(erase(by(GetParam())));
    expect_nothing_left();
}

// The kernel is told by another process to look at the size again.
TEST_P(ConfinedAta, ErasesWhatAnHonestDriveHides) {
    AtaTraits within_dco = hiding_drive();
    within_dco.dco_blocks = 240;
    AtaTraits by_address = hiding_drive();
    by_address.max_address = emulator::MaxAddress::ama;
    for (const AtaTraits& traits : {hiding_drive(), within_dco, by_address}) {
        attach(traits);
        ASSERT_EQ(drive->content().size(), std::size_t{200} * 4096);
        expect_certified(erase(by(GetParam())));
        expect_nothing_left();
    }
}

// It is killed with the command that begins the operation, or while it watches: the drive goes on
// by itself, and who comes after takes that up.
TEST_P(ConfinedAta, GoesOnAfterItsProcessWasKilled) {
    const bool sanitizes = GetParam() <= Technique::ata_sanitize_overwrite;
    for (const int after : {0, 2}) {
        SCOPED_TRACE(after);
        AtaTraits traits = hiding_drive(); // that is still at it when somebody comes after
        traits.sanitize.crypto_takes = traits.sanitize.block_takes = traits.sanitize.pass_takes =
            std::chrono::minutes(20);
        attach(traits);
        drive->room().kills_after = sanitizes ? after : 0;
        drive->room().kills_at = sanitizes ? 0xB4 : after == 0 ? 0xF4 : 0xF3;
        const Disposal killed = erase(by(GetParam()));
        EXPECT_EQ(killed.verdict, Verdict::interrupted) << why(killed);
        EXPECT_EQ(killed.exit_status, ExitStatus::interrupted);
        EXPECT_THAT(codes(killed), Contains("worker-lost"));
        const auto resumed = go_on(killed.job);
        ASSERT_TRUE(resumed || !sanitizes) << resumed.error().message;
        // A security erasure that had not begun leaves its password.
        const bool erased = resumed && resumed->front().verdict == Verdict::erased;
        EXPECT_TRUE(erased || !sanitizes) << (resumed ? why(resumed->front()) : "");
        if (erased) {
            expect_certified(resumed->front());
            expect_nothing_left();
            continue;
        }
        EXPECT_GT(drive->residue(), 64U) << "all but stamps and canaries";
        const auto freed = recover({.target = "/dev/emulated", .watch = audience}, site());
        ASSERT_TRUE(freed) << freed.error().message;
        EXPECT_THAT(freed->undone, testing::ElementsAre(Leftover::temporary_password));
        expect_certified(erase(by(GetParam())));
        expect_nothing_left();
    }
}

TEST_P(ConfinedAta, LeavesNoDriveErasedWhoseCommandsAreLost) {
    bool more = true;
    unsigned erased = 0;
    int lost = 1; // with the first it is asked who it is, and nothing is begun
    for (; more; lost += 5) {
        SCOPED_TRACE(lost);
        attach(filed_drive());
        drive->room().loses = lost;
        const Judgement judged = erase_unkept(by(GetParam()));
        more = static_cast<int>(drive->room().commands) > lost;
        if (judged.verdict != Verdict::erased) continue;
        ++erased;
        EXPECT_EQ(drive->residue(), 0U);
    }
    EXPECT_GT(lost, 12);
    EXPECT_GE(erased, 1U) << "without a loss";
}

class ConfinedLie : public test::ConfinedDrive, public testing::WithParamInterface<Knob> {};

// What comes back over the way of a real machine is judged as everywhere else. Lies of single
// blocks are told by a medium that is no file.
TEST_P(ConfinedLie, EndsAsTheTableSays) {
    const auto row = std::ranges::find(test::table, std::optional(GetParam()), &test::Row::knob);
    ASSERT_NE(row, test::table.end());
    for (std::size_t at = 0; at < methods.size(); ++at) {
        SCOPED_TRACE(to_text(methods[at]));
        attach(GetParam(), filed_drive());
        // What shows when it is asked who it is needs no run to be refused.
        if (!make_plan(host->told(), by(methods[at]))) {
            EXPECT_EQ(row->verdicts[at], Verdict::refused);
            continue;
        }
        const Judgement judged = erase_unkept(by(methods[at]));
        EXPECT_EQ(to_text(judged.verdict), to_text(row->verdicts[at]))
            << row->why << "\n"
            << to_line(to_json(judged.findings));
        if (judged.verdict == Verdict::erased) {
            EXPECT_EQ(drive->residue(), 0U);
        } else {
            EXPECT_EQ(judged.level, Level::none);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(
    Knobs, ConfinedLie,
    testing::Values(Knob::done_but_nothing, Knob::crypto_keeps_key, Knob::one_block_stays,
                    Knob::last_block_spared, Knob::stale_completed_bit, Knob::stuck_at_99,
                    Knob::fails_at_end, Knob::fails_then_says_ok, Knob::timeout_while_running,
                    Knob::reset_in_middle, Knob::power_loss, Knob::identity_changes,
                    Knob::no_return_descriptor, Knob::fixed_sense, Knob::sense_cut_to_18,
                    Knob::count_zeroed, Knob::lba_swapped, Knob::password_left),
    [](const testing::TestParamInfo<Knob>& knob) {
        std::string name(to_text(knob.param));
        std::ranges::replace(name, '-', '_');
        return name;
    });

class ConfinedOverwrite : public test::ConfinedDrive {
  protected:
    static PlanRequest overwriting() {
        PlanRequest plan;
        plan.scheme = "generic.random";
        return plan;
    }
};

TEST_F(ConfinedOverwrite, LiftsWhatIsHiddenAndWritesOverIt) {
    attach(hiding_drive());
    expect_certified(erase(overwriting()));
    EXPECT_EQ(drive->residue(), 0U);
    EXPECT_EQ(drive->content().size(), std::size_t{256} * 4096);
}

// Whoever answers for the drive is asked over the way that the commands go.
TEST_F(ConfinedOverwrite, SendsNothingToAnotherDrive) {
    attach(hiding_drive());
    host->amend = [](Drive& told) { told.serial = "ANOTHER"; };
    const Disposal refused = erase(overwriting());
    EXPECT_EQ(refused.verdict, Verdict::refused) << why(refused);
    EXPECT_THAT(why(refused), HasSubstr("another serial number answers"));
    EXPECT_EQ(drive->content().size(), std::size_t{200} * 4096);
    EXPECT_EQ(drive->residue(), 256U);
}

// A drive without hidden areas that is only written to gets no way for commands.
TEST_F(ConfinedOverwrite, SendsNoCommandWhereItsPlanNeedsNone) {
    attach(filed_drive());
    expect_certified(erase(overwriting()));
    EXPECT_EQ(drive->residue(), 0U);
    EXPECT_EQ(drive->room().commands, 0U);
}

// The worker, which has no way for commands, has somebody else ask.
TEST_F(ConfinedOverwrite, AsksForHealthWhenAllIsDone) {
    attach(filed_drive());
    bool aged = false;
    audience.at_step_end = [&](const Progress&) { aged = true; };
    const auto expect_limit = [&](bool limited) {
        const Disposal outcome = erase(overwriting());
        expect_certified(outcome);
        const auto files = read_document(outcome.document->path);
        ASSERT_TRUE(files);
        const Json payload = parse_json(files->payload).value();
        const Json* health = payload.find("method")->find("health_after");
        ASSERT_NE(health, nullptr);
        EXPECT_EQ(*health->find("reallocated"), Json(limited ? 1 : 0));
        EXPECT_EQ(to_line(*payload.find("limits")).find("remapped-blocks") != std::string::npos,
                  limited);
    };
    expect_limit(false);
    attach(filed_drive());
    aged = false;
    host->amend = [&](Drive& told) {
        if (aged && told.health) told.health->reallocated = 1;
    };
    expect_limit(true);
}

} // namespace
} // namespace quietus
