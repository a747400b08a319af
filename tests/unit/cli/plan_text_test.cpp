// A plan in words: everything that decides is shown, and nothing that the label is asked for.
#include "plan_text.hpp"

#include "unit/app/proposal.hpp"

#include <gmock/gmock.h>

namespace quietus::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(PlanInWords, MasksTheEndOfTheSerialOnlyWhenAsked) {
    const Proposal proposal = test::a_disk();
    EXPECT_THAT(plan_in_words(proposal, false), HasSubstr("SERIAL1234\n"));
    EXPECT_THAT(plan_in_words(proposal, true), HasSubstr("SERIAL????\n"));
    EXPECT_THAT(plan_in_words(proposal, true), Not(HasSubstr("1234\n")));
}

TEST(PlanInWords, EscapesALabelThatADriveHolds) {
    Proposal proposal = test::an_image();
    proposal.drive.contents.push_back({"", "ext4", "\x1b[2Jerased\n", "", "filesystem", 0});
    EXPECT_THAT(plan_in_words(proposal, false), HasSubstr("ext4 \"\\u{001b}[2Jerased\\u{000a}\""));
}

TEST(PlanInWords, SaysWhatAMissingReadBackMeans) {
    Proposal proposal = test::an_image();
    proposal.plan.verification = {VerificationMode::none, 0};
    EXPECT_THAT(plan_in_words(proposal, false), HasSubstr("the verdict will be unverified"));
    proposal.plan.verification = {VerificationMode::sample, 20};
    EXPECT_THAT(plan_in_words(proposal, false), HasSubstr("step 3       read back 20 % sample"));
}

TEST(PlanInWords, ShowsEveryPartAndWhatStandsBehind) {
    Proposal proposal = test::an_image();
    proposal.drive.parts = {{"/dev/sda1", 512, PartKind::partition, ""},
                            {"/dev/sdb", 1048576, PartKind::path, "the same blocks"},
                            {"", 0, PartKind::rpmb, "RPMB"}};
    proposal.drive.backing = Backing::raid_volume;
    const std::string text = plan_in_words(proposal, false);
    EXPECT_THAT(text, HasSubstr("part         /dev/sda1, 512 B (512 bytes)\n"));
    EXPECT_THAT(text, HasSubstr("part         /dev/sdb, the same blocks, 1.05 MB"));
    EXPECT_THAT(text, HasSubstr("part         RPMB\n"));
    EXPECT_THAT(text, HasSubstr("image, virtual, raid-volume\n"));
}

TEST(PlanInWords, NamesTheInterlocksThatWereSetAside) {
    Proposal proposal = test::an_image();
    EXPECT_THAT(plan_in_words(proposal, false), Not(HasSubstr("set aside")));
    proposal.drive.guards = {{Interlock::clock, "the clock says \x1b[2J", "date"},
                             {Interlock::fabrics, "it is reached over a network (tcp)", ""}};
    const std::string text = plan_in_words(proposal, false);
    EXPECT_THAT(text, HasSubstr("set aside    clock: the clock says \\u{001b}[2J\n"));
    EXPECT_THAT(text, HasSubstr("set aside    fabrics: it is reached over a network (tcp)\n"));
}

TEST(PlanInWords, SaysWhatADriveIsToldAndOnWhoseWordTheLevelStands) {
    Proposal proposal = test::a_disk();
    EXPECT_THAT(plan_in_words(proposal, false), Not(HasSubstr("once begun")));
    proposal.plan.technique = Technique::ata_sanitize_overwrite;
    proposal.plan.scheme.clear();
    proposal.plan.level = Level::purge;
    proposal.plan.firmware = FirmwareOptions{0x0055AAFF, 16, true};
    std::string text = plan_in_words(proposal, false);
    EXPECT_THAT(text, Not(HasSubstr("scheme ")));
    EXPECT_THAT(text, HasSubstr("level purge at most, by the drive's own word"));
    EXPECT_THAT(text, HasSubstr("16 passes of 0055aaff, inverted between passes\n"));
    EXPECT_THAT(text, HasSubstr("the drive goes on by itself"));
    proposal.plan.technique = Technique::ata_security_erase;
    proposal.plan.level = Level::clear;
    text = plan_in_words(proposal, false);
    EXPECT_THAT(text, HasSubstr("level clear at most\n"));
    EXPECT_THAT(text, HasSubstr("it cannot be let go of"));
    EXPECT_THAT(text, Not(HasSubstr("passes of")));
}

TEST(StepInWords, TellsTheStepsApart) {
    PlanStep step{StepKind::write, StepData::fixed, "55aa", 0};
    EXPECT_EQ(step_in_words(step), "write the octets 55aa");
    step = {StepKind::write, StepData::complement, "", 2};
    EXPECT_EQ(step_in_words(step), "write the complement of step 2");
    step = {StepKind::write, StepData::random_char, "", 0};
    EXPECT_EQ(step_in_words(step), "write one random octet");
    step = {StepKind::verify, StepData::none, "", 1, {VerificationMode::full, 100}};
    EXPECT_EQ(step_in_words(step), "read back every byte");
    step = {StepKind::address_probe, StepData::none, "", 0};
    EXPECT_EQ(step_in_words(step), "address probe");
}

} // namespace
} // namespace quietus::cli
