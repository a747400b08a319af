// An erasure by the drive itself while something else goes wrong: a command that is lost, evidence
// that cannot be kept, somebody who will not wait, a password of somebody else's.
#include "ata_scene.hpp"

#include "quietus/technique/ata/sanitize.hpp"
#include "quietus/technique/ata/security_erase.hpp"
#include "quietus/technique/ata/temporary_password.hpp"
#include "quietus/transport/ata/commands.hpp"
#include "quietus/transport/ata/sanitize_status.hpp"

#include <gtest/gtest.h>

#include <array>
#include <chrono>

namespace quietus {
namespace {

using emulator::Knob;
using test::findings_of;
using test::LossyAtaPort;
using test::methods;
using test::overwriting;
using test::Scene;
using test::secret;

// For every N: the Nth command never arrives, or is carried out and its answer lost. No run ends in
// `erased` with something left, and none leaves a password behind without saying so.
TEST(AtaMishap, IsSurvivedAtEveryCommand) {
    for (const Technique method : methods)
        for (const auto loss : {LossyAtaPort::Loss::command, LossyAtaPort::Loss::answer}) {
            SCOPED_TRACE(to_text(method));
            unsigned lost_at = 0;
            unsigned erased = 0;
            for (bool more = true; more; ++lost_at) {
                SCOPED_TRACE(lost_at);
                Scene scene({.blocks = 64,
                             .sanitize = {.block_takes = std::chrono::seconds(3),
                                          .pass_takes = std::chrono::seconds(3)}});
                scene.bay.lossy.lost_at = lost_at;
                scene.bay.lossy.loss = loss;
                const auto judged = scene.erase(method, overwriting());
                more = scene.bay.lossy.count > lost_at;
                if (judged.judgement.verdict == Verdict::erased) {
                    ++erased;
                    EXPECT_EQ(scene.drive.residue(as_bytes(secret)), 0U);
                }
                const bool told = scene.evidence.security && scene.evidence.security->password_left;
                EXPECT_TRUE(told || !scene.security_enabled()) << findings_of(judged);
                // One command is too little to be left with a password for.
                EXPECT_FALSE(told);
            }
            EXPECT_GT(lost_at, 12U);
            EXPECT_GE(erased, 1U); // without a loss
        }
}

// Before anything is begun there is nothing to be undone; afterwards the drive goes on.
TEST(AtaMishap, BeginsNothingThatCannotBeRecorded) {
    for (const Technique method : methods) {
        SCOPED_TRACE(to_text(method));
        Scene scene;
        scene.watch.fails_from = 0;
        const auto judged = scene.erase(method, overwriting());
        EXPECT_EQ(judged.judgement.verdict, Verdict::failed);
        EXPECT_EQ(judged.judgement.findings.at(0).code, "firmware-refused");
        EXPECT_EQ(judged.judgement.findings.at(0).text, "no space left");
        EXPECT_FALSE(scene.security_enabled());
        EXPECT_NE(scene.drive.residue(as_bytes(secret)), 0U);
    }
}

TEST(AtaMishap, RecordsEachPhaseBeforeItsCommand) {
    Scene scene;
    static_cast<void>(scene.erase(Technique::ata_security_erase_enhanced));
    std::vector<SecurityPhase> phases;
    for (const SecurityRecord& each : scene.watch.security)
        phases.push_back(each.phase);
    EXPECT_EQ(phases, (std::vector<SecurityPhase>{SecurityPhase::setting_password,
                                                  SecurityPhase::password_proven,
                                                  SecurityPhase::erasing, SecurityPhase::ended}));
    Scene other;
    static_cast<void>(other.erase(Technique::ata_sanitize_block_erase));
    EXPECT_EQ(other.watch.sanitize.front().phase, SanitizePhase::starting);
    EXPECT_EQ(other.watch.sanitize.back().phase, SanitizePhase::ended);
}

// Who lets go is told so; the drive goes on, through its power, and is waited for later. What was
// written down last is enough for that, also when it was written down before a crash.
TEST(AtaMishap, IsLetGoOfAndFoundAgain) {
    for (const std::size_t kept : {0U, 1U, 2U}) {
        SCOPED_TRACE(kept);
        Scene scene;
        scene.watch.release_after = 5;
        const auto judged = scene.erase(Technique::ata_sanitize_overwrite, overwriting());
        EXPECT_EQ(judged.judgement.verdict, Verdict::interrupted);
        EXPECT_EQ(judged.judgement.findings.at(0).code, "firmware-under-way");
        EXPECT_EQ(scene.watch.sanitize.back().phase, SanitizePhase::running);
        const FirmwareEvidence left = scene.watch.kept.at(kept);
        ASSERT_TRUE(can_go_on_from(left));

        scene.drive.power_cycle();
        scene.watch.release_after.reset();
        const auto proven = scene.go_on_from(left);
        EXPECT_EQ(proven.judgement.verdict, Verdict::erased) << findings_of(proven);
        EXPECT_EQ(scene.evidence.sanitize->outcome, FirmwareOutcome::succeeded);
        EXPECT_EQ(scene.drive.residue(as_bytes(secret)), 0U);
    }
}

constexpr std::array sanitizing{Technique::ata_sanitize_crypto_scramble,
                                Technique::ata_sanitize_block_erase,
                                Technique::ata_sanitize_overwrite};

/// As the journal has it of a run that was killed as it sent the command, and whose drive has ended
/// before anybody looked.
FirmwareEvidence killed_as_it_began(Scene& scene, Technique method) {
    scene.watch.kept.clear();
    scene.watch.waits = 0;
    scene.watch.release_after = 1; // it waits for the drive alone
    static_cast<void>(scene.erase(method, overwriting()));
    scene.watch.release_after.reset();
    scene.clock.advance(std::chrono::hours(10));
    FirmwareEvidence left = scene.watch.kept.at(0);
    EXPECT_EQ(left.sanitize->phase, SanitizePhase::starting);
    EXPECT_FALSE(left.sanitize->accepted || left.sanitize->seen_in_progress);
    return left;
}

// Its mark of success was not there when it was first asked, and its canaries have gone. That it
// was this operation nobody has heard: purge is not reported.
TEST(AtaMishap, IsProvenByAMarkThatHasComeSinceItWasKilled) {
    for (const Technique method : sanitizing)
        for (const bool frozen : {false, true}) {
            SCOPED_TRACE(testing::Message() << to_text(method) << frozen);
            Scene scene;
            const FirmwareEvidence left = killed_as_it_began(scene, method);
            // As the firmware of a computer does at start.
            if (frozen) {
                ASSERT_TRUE(scene.drive.execute(ata::sanitize_freeze_lock()));
            }
            const auto judged = scene.go_on_from(left);
            EXPECT_EQ(judged.judgement.verdict, Verdict::erased) << findings_of(judged);
            EXPECT_EQ(judged.reported, Level::clear);
            EXPECT_FALSE(scene.evidence.sanitize->accepted);
            EXPECT_EQ(scene.drive.residue(as_bytes(secret)), 0U);
        }
}

TEST(AtaMishap, IsProvenByNoMarkThatStoodThereBefore) {
    for (const Technique method : sanitizing) {
        SCOPED_TRACE(to_text(method));
        Scene scene;
        static_cast<void>(scene.erase(method, overwriting()));
        const auto judged = scene.go_on_from(killed_as_it_began(scene, method));
        EXPECT_EQ(judged.judgement.verdict, Verdict::indeterminate);
        EXPECT_EQ(findings_of(judged), "firmware-indeterminate: nobody knows whether it began: the "
                                       "mark of success was there before\n");
    }
}

// Somebody else had the drive do something else meanwhile, which ends it as well: that it is clear
// is read back, and more is not said.
TEST(AtaMishap, IsNoPurgeWhenAnotherMayHaveOrderedTheOperation) {
    Scene scene;
    const auto left = killed_as_it_began(scene, Technique::ata_sanitize_crypto_scramble);
    ASSERT_TRUE(scene.drive.execute(ata::sanitize(ata::SanitizeKind::overwrite, {})));
    scene.clock.advance(std::chrono::hours(10));
    const auto judged = scene.go_on_from(left);
    EXPECT_EQ(judged.judgement.verdict, Verdict::erased) << findings_of(judged);
    EXPECT_EQ(judged.reported, Level::clear);
}

// A drive that pretends has kept its canaries; one that has always had the mark tells nothing by
// it.
TEST(AtaMishap, IsNeverErasedWhenTheMarkHasComeAndTheCanariesHaveNotGone) {
    for (const Technique method : sanitizing) {
        SCOPED_TRACE(to_text(method));
        Scene idle;
        idle.drive.turn(Knob::done_but_nothing);
        const auto pretended = idle.go_on_from(killed_as_it_began(idle, method));
        EXPECT_EQ(pretended.judgement.verdict, Verdict::failed) << findings_of(pretended);
        Scene stale;
        stale.drive.turn(Knob::stale_completed_bit);
        const auto marked = stale.go_on_from(killed_as_it_began(stale, method));
        EXPECT_EQ(marked.judgement.verdict, Verdict::indeterminate) << findings_of(marked);
    }
}

TEST(AtaMishap, DoesNotGoOnWithAnotherDrive) {
    Scene scene;
    scene.watch.release_after = 5;
    static_cast<void>(scene.erase(Technique::ata_sanitize_overwrite, overwriting()));
    Scene other({.serial = "ANOTHER"});
    const auto judged = other.go_on_from(scene.watch.kept.back());
    EXPECT_NE(judged.judgement.verdict, Verdict::erased);
    EXPECT_EQ(other.evidence.stopped, StopReason::drive_changed);
    EXPECT_NE(other.drive.residue(as_bytes(secret)), 0U);
}

TEST(AtaMishap, LeavesAnOperationAloneThatIsUnderWay) {
    Scene scene;
    scene.watch.release_after = 5;
    static_cast<void>(scene.erase(Technique::ata_sanitize_overwrite, overwriting()));
    const auto judged = scene.erase(Technique::ata_sanitize_block_erase);
    EXPECT_EQ(judged.judgement.verdict, Verdict::refused);
    EXPECT_EQ(judged.judgement.findings.at(0).text, "the drive has an operation under way already");
}

// A password that somebody else has set is none of our business.
TEST(AtaMishap, DoesNotTouchALockedDrive) {
    for (const Technique method :
         {Technique::ata_security_erase_enhanced, Technique::ata_security_erase}) {
        Scene scene({.security = {.user_password = "theirs"}});
        const auto judged = scene.erase(method);
        EXPECT_EQ(judged.judgement.verdict, Verdict::refused);
        EXPECT_EQ(
            judged.judgement.findings.at(0).text,
            "a password is set already; if an interrupted run has left it, quietus recover takes "
            "it off");
        EXPECT_TRUE(scene.security_enabled());
        EXPECT_FALSE(scene.evidence.canaries);
    }
}

TEST(AtaMishap, NeedsAPowerCycleForASecondBorder) {
    Scene scene({.accessible_blocks = 2000});
    auto& port = *scene.bay.ata();
    static_cast<void>(ata::read_identify(port));
    ASSERT_TRUE(port.execute(ata::read_native_max(true)));
    ASSERT_TRUE(port.execute(ata::set_max(1899, true))->registers->succeeded());
    const auto judged = scene.erase(Technique::ata_sanitize_block_erase);
    EXPECT_EQ(scene.evidence.hidden.state, HiddenState::power_cycle_needed);
    EXPECT_EQ(judged.judgement.verdict, Verdict::refused);
    EXPECT_EQ(judged.judgement.findings.at(0).code, "power-cycle-needed");
    EXPECT_EQ(native_sectors(scene.evidence.hidden.before), 2048U);

    scene.drive.power_cycle();
    const auto again = scene.erase(Technique::ata_sanitize_block_erase);
    EXPECT_EQ(again.judgement.verdict, Verdict::erased) << findings_of(again);
    EXPECT_EQ(scene.drive.residue(as_bytes(secret)), 0U);
}

// Where what was hidden begins two addresses lead to one block. No two stamps of the address probe
// are ever that near to each other there; the canaries at both sides are.
TEST(AtaMishap, FindsAliasesByAnotherCanaryThanWasWritten) {
    for (const Technique method :
         {Technique::ata_sanitize_overwrite, Technique::ata_security_erase_enhanced}) {
        Scene scene(
            {.blocks = 256, .accessible_blocks = 152, .max_address = emulator::MaxAddress::ama});
        scene.drive.media().add(
            {.kind = emulator::FaultKind::alias, .where = {151 * 512, 1024}, .amount = 512});
        const auto judged = scene.erase(method);
        EXPECT_TRUE(scene.evidence.probe && scene.evidence.probe->wrong.empty());
        EXPECT_EQ(judged.judgement.verdict, Verdict::failed) << findings_of(judged);
        EXPECT_NE(findings_of(judged).find("address-aliasing"), std::string::npos);
        ASSERT_TRUE(scene.evidence.canaries);
        EXPECT_EQ(scene.evidence.canaries->not_stored, (std::vector<Extent>{{151 * 512, 512}}));
        EXPECT_FALSE(scene.evidence.sanitize || scene.evidence.security) << "nothing was begun";
    }
}

// --- recovery, with nothing kept ---

Bytes our_password(Scene& scene) {
    const auto words = ata::read_identify(scene.drive).value();
    return ata::temporary_password(words.model(), words.serial());
}

TEST(AtaRecovery, TakesOurPasswordOffALockedDrive) {
    Scene scene;
    ASSERT_TRUE(scene.drive.execute(ata::security_set_password(our_password(scene)))
                    ->registers->succeeded());
    scene.drive.power_cycle();
    ASSERT_TRUE(ata::read_identify(scene.drive)->security().locked);
    EXPECT_TRUE(ata::take_password_off(*scene.bay.ata()));
    EXPECT_FALSE(scene.security_enabled());
    EXPECT_TRUE(ata::take_password_off(*scene.bay.ata())); // there is none any more
}

TEST(AtaRecovery, LeavesTheirPasswordWhereItIs) {
    Scene scene({.security = {.user_password = "theirs"}});
    const auto status = ata::take_password_off(*scene.bay.ata());
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().fault, Fault::refused);
    EXPECT_TRUE(scene.security_enabled());
}

// In the state of a failed operation a drive takes nothing that could prove another; it is ended
// first, by a word where that is allowed, else by an operation that ends well.
TEST(AtaRecovery, EndsTheStateOfAFailedOperation) {
    for (const bool may_leave : {true, false}) {
        SCOPED_TRACE(may_leave);
        Scene scene;
        scene.drive.turn(Knob::fails_at_end);
        FirmwareOptions options = overwriting();
        options.may_leave_failed = may_leave;
        EXPECT_EQ(scene.erase(Technique::ata_sanitize_overwrite, options).judgement.verdict,
                  Verdict::failed);
        scene.drive.power_cycle();
        const auto refused = scene.erase(Technique::ata_sanitize_block_erase);
        EXPECT_EQ(refused.judgement.verdict, Verdict::refused);
        EXPECT_EQ(refused.judgement.findings.at(0).text.substr(0, 66),
                  "an earlier operation has failed: quietus recover ends that state (");

        const ata::SanitizeOrder order{ata::SanitizeKind::block_erase, {}, 2048 * 512};
        SanitizeRecord record;
        test::WaitingWatch watch(scene.clock);
        const auto left =
            ata::leave_failed_state({*scene.bay.ata(), scene.clock, watch}, order, record);
        // The knob is still turned: what cannot be left by a word cannot be left at all.
        EXPECT_EQ(left.has_value(), may_leave);
        EXPECT_EQ(record.accepted, !may_leave);
        EXPECT_EQ(ata::read_sanitize_status(scene.drive)->state,
                  may_leave ? SanitizeState::idle : SanitizeState::failed);
    }
}

} // namespace
} // namespace quietus
