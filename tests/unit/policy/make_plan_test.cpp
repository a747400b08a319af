#include "quietus/core/json_fields.hpp"
#include "quietus/policy/judge.hpp"
#include "quietus/policy/make_plan.hpp"
#include "quietus/policy/schemes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace quietus {
namespace {

constexpr Verification full{VerificationMode::full, 100};
constexpr Verification none{VerificationMode::none, 0};
constexpr Verification tenth{VerificationMode::sample, 10};

Drive loop_drive() {
    Drive drive;
    drive.node = "/dev/loop7";
    drive.kind = DriveKind::loop;
    drive.medium = Medium::virtual_medium;
    drive.size_bytes = 256U << 20U;
    return drive;
}

Drive disk() {
    Drive drive;
    drive.node = "/dev/sdb";
    drive.kind = DriveKind::ata;
    drive.medium = Medium::magnetic;
    drive.size_bytes = 1'000'000'000'000;
    return drive;
}

Plan plan_of(const Drive& drive, std::string scheme,
             std::optional<Verification> verification = {}) {
    auto plan = make_plan(drive, {Technique::overwrite, std::move(scheme), verification});
    EXPECT_TRUE(plan) << plan.error().message;
    return plan.value_or(Plan{});
}

PlanStep write(StepData data, std::string bytes = "", std::uint32_t of = 0) {
    return {StepKind::write, data, std::move(bytes), of, none};
}

TEST(MakePlan, ProbesThenWritesAsTheSchemeSays) {
    const Plan plan = plan_of(disk(), "uk.is5.enhanced");
    ASSERT_EQ(plan.steps.size(), 4u);
    EXPECT_EQ(plan.steps[0].kind, StepKind::address_probe);
    EXPECT_EQ(plan.steps[1], write(StepData::fixed, "00"));
    EXPECT_EQ(plan.steps[2], write(StepData::fixed, "ff"));
    EXPECT_EQ(plan.steps[3], write(StepData::random_stream));
    EXPECT_EQ(plan.verification, full);
    EXPECT_EQ(plan.scheme, "uk.is5.enhanced");
    EXPECT_EQ(plan.scheme_status, "legacy");
    EXPECT_FALSE(plan.policy.applied);
}

TEST(MakePlan, WritesTheSameCharacterAgainWhereTheSchemeSaysSo) {
    const Plan plan = plan_of(disk(), "au.asci33");
    ASSERT_EQ(plan.steps.size(), 6u);
    EXPECT_EQ(plan.steps[1], write(StepData::random_char));
    EXPECT_EQ(plan.steps[2], write(StepData::complement, "", 2));
    EXPECT_EQ(plan.steps[3], write(StepData::random_char, "", 2));
    EXPECT_EQ(plan.steps[4], write(StepData::complement, "", 2));
    EXPECT_EQ(plan.steps[5], write(StepData::random_stream));
}

TEST(MakePlan, RefusesAUnitWithPartsThatAnOverwriteDoesNotReach) {
    Drive drive = disk();
    drive.parts = {{"/dev/sdb1", 4096, PartKind::partition, ""},
                   {"/dev/sdc", 4096, PartKind::path, "the same blocks"}};
    EXPECT_TRUE(make_plan(drive, {}));
    for (const PartKind kind : {PartKind::name_space, PartKind::logical_unit, PartKind::boot_area,
                                PartKind::general_purpose_area}) {
        Drive whole = drive;
        whole.parts.push_back({"/dev/one", 4096, kind, "first"});
        whole.parts.push_back({"", 0, kind, "second\n"});
        const auto plan = make_plan(whole, {});
        ASSERT_FALSE(plan);
        EXPECT_EQ(plan.error().fault, Fault::unsupported);
        EXPECT_THAT(plan.error().message,
                    testing::EndsWith(": /dev/one, first, 4096 bytes; second\\u{000a}"));
    }
}

TEST(MakePlan, ReachesWhatTheDriveIsMadeUpOf) {
    Drive drive = disk();
    drive.parts = {{"/dev/sdc", 4096, PartKind::logical_unit, "LUN 1"}};
    EXPECT_FALSE(make_plan(drive, {}));
    drive.members = {{drive.node, 4096, 1, 1}, {"/dev/sdc", 4096, 2, 2}};
    drive.size_bytes = 8192;
    EXPECT_TRUE(make_plan(drive, {}));
    drive.parts.push_back({"", 4096, PartKind::logical_unit, "LUN 2"});
    EXPECT_FALSE(make_plan(drive, {})) << "nobody has a node of that";
}

TEST(MakePlan, NamesProtectedMemoryAsNotReached) {
    Drive drive = disk();
    drive.parts = {{"", 4194304, PartKind::rpmb, "RPMB"}};
    EXPECT_THAT(make_plan(drive, {})->not_reached, testing::Contains("protected-area-not-reached"));
    drive.parts.clear();
    EXPECT_THAT(make_plan(drive, {})->not_reached,
                testing::Not(testing::Contains("protected-area-not-reached")));
    drive.kind = DriveKind::mmc;
    const auto limits = make_plan(drive, {})->not_reached;
    EXPECT_EQ(std::ranges::count(limits, "protected-area-not-reached"), 1);
    EXPECT_TRUE(std::ranges::is_sorted(limits));
}

TEST(MakePlan, RefusesBlocksOfOddSizes) {
    for (const std::uint32_t bytes : {520U, 528U, 4160U, 256U, 1U}) {
        Drive drive = disk();
        drive.logical_block_bytes = bytes;
        EXPECT_EQ(make_plan(drive, {}).error().fault, Fault::unsupported) << bytes;
    }
}

// Its medium says it, which a document carries: the auditor comes to the same.
TEST(MakePlan, ClaimsNoLevelForWhatIsNoDrive) {
    Drive volume = disk();
    volume.kind = DriveKind::scsi;
    volume.backing = Backing::raid_volume;
    volume.medium = Medium::virtual_medium;
    const auto plan = make_plan(volume, {});
    EXPECT_EQ(plan->level, Level::none);
    EXPECT_THAT(plan->not_reached, testing::Contains("storage-beneath-unknown"));
}

TEST(MakePlan, KeepsAVerificationInTheMiddleAndComplementsTheStepBefore) {
    const Plan plan = plan_of(disk(), "de.tl-03423.vsitr");
    ASSERT_EQ(plan.steps.size(), 9u);
    EXPECT_EQ(plan.steps[2], write(StepData::lba_stamp, "00"));
    EXPECT_EQ(plan.steps[3], (PlanStep{StepKind::verify, StepData::none, "", 3, full}));
    EXPECT_EQ(plan.steps[4], write(StepData::complement, "", 3));
    EXPECT_EQ(plan.steps[8], write(StepData::fixed, "aa"));
    EXPECT_EQ(plan.verification, full);
}

TEST(MakePlan, TellsTwoDrawnCharactersApart) {
    const Plan plan = plan_of(disk(), "us.dod.5220-22-m.ece");
    EXPECT_EQ(plan.steps[2].of, 2u); // complement of the first
    EXPECT_EQ(plan.steps[6].of, 6u); // complement of the third, not of the first or second
}

TEST(MakePlan, ReadsBackInFullWhenNobodyAsks) {
    EXPECT_EQ(plan_of(disk(), "generic.zero").verification, full);
    EXPECT_EQ(plan_of(disk(), "au.asci33").verification, full);
}

TEST(MakePlan, TakesAnyVerificationWhereTheSchemeAsksForNone) {
    EXPECT_EQ(plan_of(disk(), "generic.zero", none).verification, none);
    EXPECT_EQ(plan_of(disk(), "generic.zero", tenth).verification, tenth);
    EXPECT_EQ(plan_of(disk(), "uk.is5.baseline", full).verification, full);
}

TEST(MakePlan, NeverWeakensWhatTheSchemeAsks) {
    for (const Verification& weak : {tenth, none, Verification{VerificationMode::sample, 99}}) {
        const auto plan = make_plan(disk(), {Technique::overwrite, "uk.is5.baseline", weak});
        ASSERT_FALSE(plan);
        EXPECT_EQ(plan.error().fault, Fault::usage);
        EXPECT_THAT(plan.error().message, testing::HasSubstr("weaker"));
        EXPECT_THAT(plan.error().message, testing::HasSubstr("uk.is5.baseline"));
    }
}

TEST(MakePlan, RefusesAVerificationThatIsNone) {
    for (const Verification& odd :
         {Verification{VerificationMode::sample, 0}, Verification{VerificationMode::sample, 100},
          Verification{VerificationMode::full, 3}, Verification{VerificationMode::none, 1}}) {
        const auto plan = make_plan(disk(), {Technique::overwrite, "generic.zero", odd});
        ASSERT_FALSE(plan);
        EXPECT_EQ(plan.error().fault, Fault::usage);
    }
}

TEST(MakePlan, RefusesAnUnknownScheme) {
    const auto plan = make_plan(disk(), {Technique::overwrite, "uk.is5.enhance", {}});
    ASSERT_FALSE(plan);
    EXPECT_EQ(plan.error().fault, Fault::usage);
    EXPECT_THAT(plan.error().hint, testing::HasSubstr("uk.is5.enhanced"));
}

TEST(MakePlan, CannotReachADriveWithoutCapacity) {
    Drive drive = disk();
    drive.size_bytes = 0;
    const auto plan = make_plan(drive, {});
    ASSERT_FALSE(plan);
    EXPECT_EQ(plan.error().fault, Fault::unsupported);
    EXPECT_THAT(plan.error().message, testing::HasSubstr("/dev/sdb"));
    drive.size_bytes = std::uint64_t{1} << 53;
    EXPECT_EQ(make_plan(drive, {}).error().fault, Fault::unsupported);
    drive = disk();
    drive.logical_block_bytes = 0;
    EXPECT_EQ(make_plan(drive, {}).error().fault, Fault::unsupported);
}

TEST(MakePlan, PromisesClearOnADriveAndNothingOverStorageBeneath) {
    EXPECT_EQ(plan_of(disk(), "x.gutmann").level, Level::clear);
    EXPECT_EQ(plan_of(loop_drive(), "x.gutmann").level, Level::none);
    EXPECT_EQ(plan_of(loop_drive(), "generic.random").not_reached,
              std::vector<std::string>{"storage-beneath-unknown"});
    EXPECT_EQ(
        plan_of(disk(), "generic.zero").not_reached,
        (std::vector<std::string>{"addressing-sampled", "native-capacity-unknown",
                                  "spare-blocks-not-reached", "technique-not-proven-on-hardware"}));
    Drive known = disk();
    known.native_size_bytes = known.size_bytes;
    EXPECT_EQ(
        plan_of(known, "generic.random").not_reached,
        (std::vector<std::string>{"spare-blocks-not-reached", "technique-not-proven-on-hardware"}));
}

TEST(MakePlan, EstimatesByBytesAndMedium) {
    // 1 TB at 100 MB/s is 10000 s a pass.
    EXPECT_NEAR(double(plan_of(disk(), "generic.zero", none).estimated_seconds), 10000, 2);
    EXPECT_NEAR(double(plan_of(disk(), "generic.zero", tenth).estimated_seconds), 11000, 2);
    EXPECT_NEAR(double(plan_of(disk(), "uk.is5.enhanced").estimated_seconds), 40000, 2);
    EXPECT_NEAR(double(plan_of(disk(), "de.tl-03423.vsitr").estimated_seconds), 90000, 2);
    Drive stick = disk();
    stick.kind = DriveKind::usb;
    EXPECT_GT(plan_of(stick, "generic.zero").estimated_seconds,
              plan_of(disk(), "generic.zero").estimated_seconds);
    Drive tiny = loop_drive();
    tiny.size_bytes = 512;
    EXPECT_EQ(plan_of(tiny, "generic.zero").estimated_seconds, 1u);
    Drive largest = disk();
    largest.size_bytes = (std::uint64_t{1} << 53) - 1;
    EXPECT_GT(plan_of(largest, "x.gutmann").estimated_seconds, 3'000'000'000u); // no overflow
}

// An empty run over every scheme's plan reaches the evidence, not the plan, as its flaw.
TEST(MakePlan, MakesAPlanOfEverySchemeThatTheJudgeCanFollow) {
    for (const Scheme& scheme : schemes()) {
        const Plan plan = plan_of(disk(), scheme.id);
        EXPECT_EQ(plan.steps.front().kind, StepKind::address_probe);
        EXPECT_EQ(plan.steps.back().kind, StepKind::write) << scheme.id;
        for (std::size_t index = 0; index < plan.steps.size(); ++index) {
            const PlanStep& step = plan.steps[index];
            ASSERT_LE(step.of, index) << scheme.id; // numbers count from 1: only earlier steps
            if (step.data == StepData::complement || step.kind == StepKind::verify) {
                ASSERT_NE(step.of, 0u);
                EXPECT_EQ(plan.steps[step.of - 1].kind, StepKind::write);
            }
            for (const char digit : step.bytes)
                EXPECT_TRUE((digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f'));
        }
        for (const Finding& finding : judge(disk(), plan, {}).findings)
            EXPECT_EQ(finding.code, "missing-record") << scheme.id;
    }
}

TEST(PlanText, IsCanonicalAndLeavesTheEstimateOut) {
    Plan plan = plan_of(disk(), "uk.is5.enhanced");
    const std::string text = plan_text(plan);
    const auto json = parse_json(text);
    ASSERT_TRUE(json);
    EXPECT_EQ(to_canonical(*json).value_or(""), text);
    EXPECT_EQ(json->find("estimated_seconds"), nullptr);
    EXPECT_EQ(json->text_of("scheme"), "uk.is5.enhanced");
    plan.estimated_seconds = std::numeric_limits<std::uint64_t>::max();
    EXPECT_EQ(plan_text(plan), text);
}

TEST(PlanText, ChangesWithEveryStep) {
    const Plan plan = plan_of(disk(), "uk.is5.enhanced");
    Plan other = plan;
    other.steps[1].bytes = "01";
    EXPECT_NE(plan_text(other), plan_text(plan));
    other = plan;
    other.verification = none;
    EXPECT_NE(plan_text(other), plan_text(plan));
}

TEST(ParseVerification, ReadsItsThreeForms) {
    EXPECT_EQ(parse_verification("full").value_or(none), full);
    EXPECT_EQ(parse_verification("none").value_or(full), none);
    EXPECT_EQ(parse_verification("sample:10").value_or(none), tenth);
    EXPECT_EQ(parse_verification("sample:1")->percent, 1u);
    EXPECT_EQ(parse_verification("sample:99")->percent, 99u);
}

TEST(ParseVerification, RefusesEverythingElse) {
    for (const char* text : {"",
                             "sample",
                             "sample:",
                             "sample:0",
                             "sample:100",
                             "sample:1.5",
                             "sample:+5",
                             "sample:-5",
                             "sample: 5",
                             "sample:5 ",
                             "sample:05",
                             "sample:5%",
                             "sample:0x5",
                             "sample:4294967306",
                             "sample:99999999999999999999",
                             "full:3",
                             "Full",
                             "FULL",
                             "none ",
                             "sampel:5",
                             "\n"}) {
        const auto verification = parse_verification(text);
        ASSERT_FALSE(verification) << text;
        EXPECT_EQ(verification.error().fault, Fault::usage);
        EXPECT_EQ(verification.error().message.find('\n'), std::string::npos);
    }
}

} // namespace
} // namespace quietus
