// Who answers SCSI commands, and what is in the way of an erasure before anything is written.
#include "scsi_scene.hpp"

#include "quietus/transport/scsi/commands.hpp"

#include <gmock/gmock.h>

#include <functional>

namespace quietus {
namespace {

using emulator::Knob;
using emulator::ReportsCommands;
using emulator::ScsiTraits;
using test::options_for;
using test::scsi_methods;
using test::ScsiScene;
using testing::HasSubstr;

/// Answers to some commands in place of the drive.
class AnsweringPort final : public ScsiPort {
  public:
    using Answer = std::function<std::optional<Result<ScsiReply>>(const ScsiCommand&)>;
    AnsweringPort(ScsiPort& port, Answer answer) : port_(port), answer_(std::move(answer)) {}
    Result<ScsiReply> execute(const ScsiCommand& command) override {
        if (auto reply = answer_(command)) return std::move(*reply);
        return port_.execute(command);
    }

  private:
    ScsiPort& port_;
    Answer answer_;
};

TEST(ScsiIdentity, IsInTheWordsOfDetection) {
    ScsiScene scene({.serial = "  SN 1", .blocks = 100, .block_bytes = 4096});
    scene.drive.hard_reset(); // a unit attention is pending
    const auto found = scsi::identify(scene.drive.commands());
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_EQ(found->who.model, "EMULATED SAS DRIVE");
    EXPECT_EQ(found->who.serial, "SN 1");
    EXPECT_EQ(found->who.sectors, 100U);
    EXPECT_EQ(found->who.logical_bytes, 4096U);
    EXPECT_GE(found->told.size(), 36U + 4U + 4U + 32U);
}

// Of 2^32 blocks and of more: READ CAPACITY (10) could not say it.
TEST(ScsiIdentity, HasTheBlocksOfALargeDrive) {
    for (const std::uint64_t last : {0xFFFFFFFEULL, 0xFFFFFFFFULL, 0x1'0000'0000ULL}) {
        ScsiScene scene;
        AnsweringPort port(scene.drive.commands(),
                           [&](const ScsiCommand& command) -> std::optional<Result<ScsiReply>> {
                               if (command.cdb.at(0) != 0x9E) return std::nullopt;
                               Bytes data(32);
                               for (std::size_t i = 0; i < 8; ++i)
                                   data[i] = static_cast<std::uint8_t>(last >> (56 - 8 * i));
                               data[10] = 0x02; // 512
                               return ScsiReply{scsi::good, {}, data};
                           });
        const auto found = scsi::identify(port);
        ASSERT_TRUE(found);
        EXPECT_EQ(found->who.sectors, last + 1);
    }
}

TEST(ScsiIdentity, HasNoCapacityWhileTheDriveIsBusyWithItself) {
    ScsiScene scene;
    const auto begun = scsi::sanitize(scsi::SanitizeKind::overwrite, {}, 512).value();
    ASSERT_EQ(scene.drive.commands().execute(begun)->status, scsi::good);
    const auto found = scsi::identify(scene.drive.commands());
    ASSERT_TRUE(found);
    EXPECT_EQ(found->who.serial, "EMU00000001");
    EXPECT_EQ(found->who.sectors, 0U);
}

// A drive of two units, one of which does not tell how many of its blocks have moved: then nobody
// knows it of the drive, before or afterwards.
TEST(ScsiHealth, IsNotKnownWhereOneUnitDoesNotTell) {
    constexpr std::uint8_t read_defect_data = 0xB7;
    for (const bool silent : {false, true}) {
        ScsiScene scene({.blocks = 64, .units = 2, .retired_blocks = 3});
        AnsweringPort port(
            scene.bay.lossy, [&](const ScsiCommand& command) -> std::optional<Result<ScsiReply>> {
                if (!silent || command.cdb.at(0) != read_defect_data) return std::nullopt;
                return ScsiReply{scsi::check_condition,
                                 {0x70, 0, 5, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x20, 0, 0, 0, 0, 0},
                                 {}};
            });
        scene.bay.instead = &port;
        static_cast<void>(scene.erase(Technique::scsi_sanitize_overwrite,
                                      options_for(Technique::scsi_sanitize_overwrite)));
        ASSERT_TRUE(scene.evidence.health_before && scene.evidence.health_after);
        const std::optional<std::uint64_t> both =
            silent ? std::nullopt : std::optional<std::uint64_t>(2 * 3);
        EXPECT_EQ(scene.evidence.health_before->reallocated, both);
        EXPECT_EQ(scene.evidence.health_after->reallocated, both);
    }
}

void expect_refused(const ScsiTraits& traits, Technique method, const std::string& why) {
    SCOPED_TRACE(to_text(method));
    ScsiScene scene(traits);
    const std::uint64_t before = scene.residue();
    const auto judged = scene.erase(method, options_for(method));
    EXPECT_EQ(judged.judgement.verdict, Verdict::refused);
    EXPECT_THAT(test::findings_text(judged.judgement), HasSubstr(why));
    EXPECT_EQ(scene.residue(), before) << "nothing was written";
    EXPECT_FALSE(scene.evidence.canaries);
}

TEST(ScsiObstacles, AreFoundBeforeAnythingIsWritten) {
    for (const Technique method : scsi_methods) {
        expect_refused({.reserved_by = 0xABCD}, method, "another host has reserved it");
        expect_refused({.block_bytes = 520}, method, "blocks of 520 octets");
    }
    ScsiTraits without;
    without.sanitize.block_erase = false;
    without.format.supported = false;
    expect_refused(without, Technique::scsi_sanitize_block_erase, "does not have this operation");
    expect_refused(without, Technique::scsi_format_unit, "does not have this operation");
}

// A drive that does not report its commands is asked harmlessly whether it knows SANITIZE at all.
TEST(ScsiObstacles, AreTriedForWhereTheDriveDoesNotReportItsCommands) {
    ScsiTraits without{.reports = ReportsCommands::not_at_all};
    without.sanitize.overwrite = without.sanitize.block_erase = false;
    without.sanitize.crypto_erase = without.sanitize.exit_failure = false;
    expect_refused(without, Technique::scsi_sanitize_overwrite, "does not have this operation");
    // It knows SANITIZE, but not this one: only trying shows that.
    ScsiTraits some{.blocks = 256, .reports = ReportsCommands::not_at_all};
    some.sanitize.block_erase = false;
    ScsiScene scene(some);
    const auto judged = scene.erase(Technique::scsi_sanitize_block_erase);
    EXPECT_EQ(judged.judgement.verdict, Verdict::failed);
    EXPECT_THAT(test::findings_text(judged.judgement), HasSubstr("did not begin: 5/24h/00h"));
}

TEST(ScsiObstacles, AreOperationsUnderWayAndFailed) {
    for (const Technique method : scsi_methods) {
        ScsiScene busy;
        busy.watch.release_after = 5;
        static_cast<void>(busy.erase(Technique::scsi_sanitize_overwrite,
                                     options_for(Technique::scsi_sanitize_overwrite)));
        const auto refused = busy.erase(method, options_for(method));
        EXPECT_EQ(refused.judgement.verdict, Verdict::refused);
        EXPECT_THAT(test::findings_text(refused.judgement), HasSubstr("it is sanitizing"));

        ScsiScene failed;
        failed.drive.turn(Knob::fails_at_end);
        static_cast<void>(failed.erase(Technique::scsi_sanitize_block_erase));
        const auto again = failed.erase(method, options_for(method));
        EXPECT_EQ(again.judgement.verdict, Verdict::refused);
        EXPECT_THAT(test::findings_text(again.judgement), HasSubstr("quietus recover"));
    }
}

// What cannot be brought from the cache onto the medium was never there to be erased.
TEST(ScsiCache, IsOnTheMediumBeforeAnythingIsBegun) {
    for (const Technique method : scsi_methods) {
        SCOPED_TRACE(to_text(method));
        ScsiScene scene({.blocks = 256});
        std::vector<unsigned> opcodes;
        const Bytes write_error{0x70, 0, 3, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x0C, 0, 0, 0, 0, 0};
        AnsweringPort port(scene.drive.commands(),
                           [&](const ScsiCommand& command) -> std::optional<Result<ScsiReply>> {
                               opcodes.push_back(command.cdb.at(0));
                               if (command.cdb[0] != 0x35) return std::nullopt;
                               return ScsiReply{scsi::check_condition, write_error, {}};
                           });
        scene.bay.instead = &port;
        const auto judged = scene.erase(method, options_for(method));
        EXPECT_EQ(judged.judgement.verdict, Verdict::failed);
        EXPECT_THAT(test::findings_text(judged.judgement),
                    HasSubstr("SYNCHRONIZE CACHE: 3/0ch/00h"));
        EXPECT_THAT(opcodes, testing::Not(testing::Contains(0x48)));
        EXPECT_THAT(opcodes, testing::Not(testing::Contains(0x04)));
    }
}

// A drive that does not know the command has no cache.
TEST(ScsiCache, NeedNotBeThere) {
    ScsiScene scene({.blocks = 256});
    const Bytes unknown{0x70, 0, 5, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x20, 0, 0, 0, 0, 0};
    AnsweringPort port(scene.drive.commands(),
                       [&](const ScsiCommand& command) -> std::optional<Result<ScsiReply>> {
                           if (command.cdb.at(0) != 0x35) return std::nullopt;
                           return ScsiReply{scsi::check_condition, unknown, {}};
                       });
    scene.bay.instead = &port;
    EXPECT_EQ(scene.erase(Technique::scsi_sanitize_block_erase).judgement.verdict, Verdict::erased);
}

} // namespace
} // namespace quietus
