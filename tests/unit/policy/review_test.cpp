// A plan with a true decision, altered in one place at a time, as somebody with the station's key
// could: asked again, the profile must contradict it, under the right code.
#include "quietus/policy/decide.hpp"

#include "policy_questions.hpp"
#include "profile_texts.hpp"

#include "quietus/policy/make_plan.hpp"
#include "quietus/policy/remapped.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace quietus {
namespace {

constexpr std::int64_t in_force = 1'793'000'000; // 2026-10-26: before the shipped ones begin
constexpr std::int64_t later = in_force + 30 * std::int64_t{86400};

class Review : public testing::Test {
  protected:
    Review() {
        drive.kind = DriveKind::ata;
        drive.medium = Medium::magnetic;
        drive.node = "/dev/sdx";
        drive.size_bytes = 1 << 20;
        drive.native_size_bytes = drive.size_bytes;
        plan = decided("OFFICIAL", Disposition::reuse, "uk.ncsc.official-overwrite");
    }

    // As weigh() in app does it.
    [[nodiscard]] Plan decided(std::string_view classification, Disposition disposition,
                               const std::string& scheme) const {
        const PolicyRequest request{
            read_classification(profile, classification).value(),
            disposition,
            std::nullopt,
            {{"classification", std::string(classification), Supplier::option, ""}}};
        Question question = question_about(request, medium_of(drive));
        question.drive = offering({"overwrite"});
        question.drive->remapped_blocks = remapped_blocks(drive.health);
        if (question.drive->remapped_blocks == 0U)
            question.drive->met.add(Condition::no_remapped_blocks);
        if (owner_accepts) question.drive->met.add(Condition::owner_accepts);
        const Ruling ruling = evaluate(profile, question);
        PlanRequest wish;
        wish.scheme = scheme;
        Plan made = make_plan(drive, wish).value();
        if (ruling.decision == Decision::allow)
            made.policy =
                basis_of({profile, std::string(64, 'a'), std::nullopt}, request, question, ruling);
        return made;
    }

    std::string codes(const std::function<void(Plan&)>& alter, std::int64_t at = later) const {
        Plan forged = plan;
        alter(forged);
        std::string text;
        for (const PolicyObjection& each : review(profile, forged, drive, at))
            text += (text.empty() ? "" : " ") + each.code;
        return text;
    }

    Drive drive;
    Profile profile = shipped("uk-official");
    bool owner_accepts = false;
    Plan plan;
};

TEST_F(Review, FindsNothingInATrueDecision) {
    EXPECT_EQ(codes([](Plan&) {}), "");
    EXPECT_EQ(plan.policy.rule, "official-hdd-reuse");
    EXPECT_EQ(plan.policy.decision->people, std::vector<std::string>{"operator"});
}

TEST_F(Review, HasNothingToSayOfDirectMode) {
    EXPECT_EQ(codes([](Plan& forged) { forged.policy = {}; }), "");
}

TEST_F(Review, KnowsTheProfileByItsName) {
    EXPECT_EQ(codes([](Plan& forged) { forged.policy.decision->profile.id = "au-ism"; }),
              "E_POLICY_UNKNOWN");
    EXPECT_EQ(codes([](Plan& forged) { forged.policy.decision->profile.version = 2; }),
              "E_POLICY_UNKNOWN");
}

TEST_F(Review, KnowsWhenTheProfileWasInForce) {
    EXPECT_EQ(codes([](Plan&) {}, in_force), "E_POLICY_WITHDRAWN");
    profile.valid_until = later;
    EXPECT_EQ(codes([](Plan&) {}, later), "E_POLICY_WITHDRAWN");
    EXPECT_EQ(codes([](Plan&) {}, later - 1), "");
}

TEST_F(Review, AsksAgainWhatWasAsked) {
    const std::vector<std::function<void(PolicyDecision&)>> forgeries{
        [](PolicyDecision& d) { d.classification = "uk.gpms.protect"; },
        [](PolicyDecision& d) { d.classification_given = "SECRET"; },
        [](PolicyDecision& d) { d.classification_given = "nonsense"; },
        [](PolicyDecision& d) { d.classification = "uk.unknown"; },
        [](PolicyDecision& d) { d.medium = "nvme"; },
        [](PolicyDecision& d) { d.medium = "floppy"; },
        [](PolicyDecision& d) { d.disposition = "release"; },
        [](PolicyDecision& d) { d.disposition = "sale"; },
        [](PolicyDecision& d) { d.destination = "uk.secret"; },
        [](PolicyDecision& d) { d.destination = "nowhere"; },
        [](PolicyDecision& d) { d.offered = {}; },
        [](PolicyDecision& d) { d.offered = {"magic"}; },
        [](PolicyDecision& d) { d.conditions = {"luck"}; },
        // Said to be met, and nothing in the document that shows it.
        [](PolicyDecision& d) { d.conditions = {"no-remapped-blocks"}; },
        [](PolicyDecision& d) {
            d.conditions = {"no-remapped-blocks"};
            d.remapped_blocks = 1;
        },
        [](PolicyDecision& d) { d.conditions = {"crypto-erase-eligible"}; },
        [](PolicyDecision& d) { d.decision = "escalate"; },
        [](PolicyDecision& d) { d.method = "trim"; },
    };
    for (std::size_t i = 0; i < forgeries.size(); ++i)
        EXPECT_NE(codes([&](Plan& forged) {
                      forgeries[i](*forged.policy.decision);
                  }).find("E_POLICY_DECISION"),
                  std::string::npos)
            << "forgery " << i;
    EXPECT_EQ(codes([](Plan& forged) { forged.policy.rule = "official-ssd-reuse"; }),
              "E_POLICY_DECISION");
    EXPECT_EQ(codes([](Plan& forged) { forged.policy.profile = "au-ism"; }), "E_POLICY_DECISION");
    EXPECT_EQ(codes([](Plan& forged) { forged.policy.source = "somebody"; }), "E_POLICY_DECISION");
}

// The rule lets an overwrite do where nothing is remapped: whoever tells of another count, on
// either side, is found out.
TEST_F(Review, HoldsTheCountOfRemappedBlocksAgainstTheDrivesHealth) {
    drive.health = HealthRecord{0, 0, 100, {}, {}, ""};
    owner_accepts = true;
    plan = decided("OFFICIAL", Disposition::release, "uk.ncsc.official-overwrite");
    ASSERT_TRUE(plan.policy.decision);
    EXPECT_EQ(plan.policy.decision->conditions,
              (std::vector<std::string>{"no-remapped-blocks", "owner-accepts"}));
    EXPECT_EQ(codes([](Plan&) {}), "");
    const std::vector<std::function<void(PolicyDecision&)>> forgeries{
        [](PolicyDecision& d) { d.remapped_blocks.reset(); },
        [](PolicyDecision& d) { d.remapped_blocks = 1; },
        [](PolicyDecision& d) { d.conditions = {"owner-accepts"}; },
    };
    for (std::size_t i = 0; i < forgeries.size(); ++i)
        EXPECT_NE(codes([&](Plan& forged) {
                      forgeries[i](*forged.policy.decision);
                  }).find("E_POLICY_DECISION"),
                  std::string::npos)
            << "forgery " << i;
    for (const auto& other :
         {std::optional<HealthRecord>{}, std::optional(HealthRecord{1, 0, 100, {}, {}, ""}),
          std::optional(HealthRecord{0, 1, 100, {}, {}, ""}),
          std::optional(HealthRecord{{}, 0, 100, {}, {}, ""})}) {
        drive.health = other;
        EXPECT_EQ(codes([](Plan&) {}), "E_POLICY_DECISION");
    }
}

TEST_F(Review, ComesToTheSameAnswerForADriveWithRemappedBlocks) {
    for (PolicyRule& rule : profile.rules)
        if (rule.id == "official-hdd-reuse") rule.remapped_at_most = 3;
    drive.health = HealthRecord{2, 1, 100, {}, {}, ""};
    plan = decided("OFFICIAL", Disposition::reuse, "uk.ncsc.official-overwrite");
    ASSERT_TRUE(plan.policy.decision);
    EXPECT_EQ(plan.policy.decision->remapped_blocks, 3U);
    EXPECT_EQ(codes([](Plan&) {}), "");
    // One more of them, told alike by both: the rule denies it.
    drive.health->reallocated = 3;
    EXPECT_EQ(codes([](Plan& forged) { forged.policy.decision->remapped_blocks = 4; }),
              "E_POLICY_DECISION");
}

// What was planned for a drive that erases itself is judged without asking the drive again what it
// offers: a document does not say so.
TEST_F(Review, FindsNothingInAPlanByWhichTheDriveErasesItself) {
    drive.medium = Medium::flash;
    Drive asked = drive;
    asked.ata_erasure.emplace().block_erase = true;
    asked.ata_erasure->sanitize = SanitizeState::idle;
    const PolicyRequest request{read_classification(profile, "OFFICIAL").value(),
                                Disposition::reuse,
                                std::nullopt,
                                {{"classification", "OFFICIAL", Supplier::option, ""}}};
    Question question = question_about(request, medium_of(drive));
    question.drive = offering({"ata-sanitize-block-erase"});
    const Ruling ruling = evaluate(profile, question);
    ASSERT_EQ(ruling.decision, Decision::allow);
    ASSERT_NE(ruling.method, nullptr);
    PlanRequest wish;
    wish.technique = Technique::ata_sanitize_block_erase;
    plan = make_plan(asked, wish).value();
    plan.policy =
        basis_of({profile, std::string(64, 'a'), std::nullopt}, request, question, ruling);
    EXPECT_EQ(codes([](Plan&) {}), "");
    EXPECT_EQ(plan.level, Level::purge);
    EXPECT_EQ(codes([](Plan& forged) { forged.steps.pop_back(); }), "E_METHOD_INSUFFICIENT");
    EXPECT_EQ(codes([](Plan& forged) { forged.firmware->passes = 17; }), "E_METHOD_INSUFFICIENT");
    EXPECT_EQ(codes([](Plan& forged) { forged.technique = Technique::ata_security_erase; }),
              "E_METHOD_INSUFFICIENT E_METHOD_INSUFFICIENT");
}

TEST_F(Review, SeesThroughAnotherMarkingThanTheOneThatWasGiven) {
    // SECRET stated, OFFICIAL asked about.
    EXPECT_NE(codes([](Plan& forged) {
                  forged.policy.decision->classification_given = "SECRET";
              }).find("E_POLICY_DECISION"),
              std::string::npos);
}

TEST_F(Review, AsksForWhatTheRuleAsksFor) {
    EXPECT_EQ(codes([](Plan& forged) {
                  forged.verification = {VerificationMode::sample, 10};
              }),
              "E_METHOD_INSUFFICIENT E_METHOD_INSUFFICIENT"); // no plan of the scheme, either
    EXPECT_EQ(codes([](Plan& forged) { forged.level = Level::none; }), "E_METHOD_INSUFFICIENT");
    EXPECT_EQ(codes([](Plan& forged) { forged.level = Level::purge; }), "E_METHOD_INSUFFICIENT");
    EXPECT_EQ(codes([](Plan& forged) { forged.policy.decision->level = Level::none; }),
              "E_METHOD_INSUFFICIENT");
    EXPECT_EQ(codes([](Plan& forged) { forged.steps[1].data = StepData::lba_stamp; }),
              "E_METHOD_INSUFFICIENT");
    // Another scheme, true to its own steps: the rule does not allow it.
    const Plan other = decided("OFFICIAL", Disposition::reuse, "x.gutmann");
    EXPECT_EQ(codes([&](Plan& forged) { forged = other; }), "E_METHOD_INSUFFICIENT");
}

TEST_F(Review, ComparesWhatTheRuleLaysDownBesides) {
    const std::vector<std::function<void(PolicyDecision&)>> forgeries{
        [](PolicyDecision& d) { d.people.emplace_back("witness"); },
        [](PolicyDecision& d) { d.people.clear(); },
        [](PolicyDecision& d) { d.recheck_percent = 20; },
        [](PolicyDecision& d) { d.destruction = {"melt"}; },
        [](PolicyDecision& d) { d.on_failure = "escalate"; },
        [](PolicyDecision& d) { d.residual = "none"; },
        [](PolicyDecision& d) { d.duties = {"nothing"}; },
        [](PolicyDecision& d) { d.retention_years = 1; },
    };
    for (std::size_t i = 0; i < forgeries.size(); ++i)
        EXPECT_EQ(codes([&](Plan& forged) { forgeries[i](*forged.policy.decision); }), "E_RESIDUAL")
            << "forgery " << i;
}

TEST_F(Review, IsNotContentWithWhatTheProfileDenies) {
    // A certificate of erasure for SECRET, by a station that asked nobody.
    const std::string found = codes([](Plan& forged) {
        forged.policy.decision->classification = "uk.secret";
        forged.policy.decision->classification_given = "SECRET";
    });
    EXPECT_EQ(found, "E_POLICY_DECISION");
}

TEST_F(Review, FollowsADepartmentsOwnProfile) {
    profile = parse_profile(small_profile).value();
    drive.kind = DriveKind::usb;
    drive.medium = Medium::flash;
    drive.removable = true;
    plan = decided("OFFICIAL-SENSITIVE", Disposition::reuse, "uk.is5.enhanced");
    EXPECT_EQ(codes([](Plan&) {}), "");
    EXPECT_EQ(plan.policy.profile, "example-department");
    EXPECT_EQ(plan.policy.decision->people, (std::vector<std::string>{"operator", "witness"}));
    EXPECT_EQ(plan.policy.decision->retention_years, 10U);
}

} // namespace
} // namespace quietus
