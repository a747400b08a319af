#include "quietus/policy/evaluate.hpp"

#include "policy_questions.hpp"

#include "quietus/policy/explain.hpp"

#include <gtest/gtest.h>

namespace quietus {
namespace {

TEST(Evaluate, DeniesWhatIsNotInTheCatalogue) {
    const Profile& profile = shipped("uk-official");
    Question question = ask("uk.official", "hdd", Disposition::reuse);
    question.classification = ClassificationId::unknown;
    EXPECT_EQ(evaluate(profile, question).decision, Decision::deny);
    EXPECT_EQ(evaluate(profile, question).cause, Cause::unknown_classification);
    question = ask("uk.official", "hdd", Disposition::reuse);
    question.medium = MediumId::unknown;
    EXPECT_EQ(evaluate(profile, question).decision, Decision::deny);
    EXPECT_EQ(evaluate(profile, question).cause, Cause::unknown_medium);
}

TEST(Evaluate, DeniesWhatNoRuleSpeaksOf) {
    const Ruling answer =
        evaluate(shipped("uk-official"), ask("au.official", "hdd", Disposition::reuse));
    EXPECT_EQ(answer.decision, Decision::deny);
    EXPECT_EQ(answer.cause, Cause::no_rule);
    EXPECT_EQ(answer.rule, nullptr);
}

TEST(Evaluate, TakesTheFirstTechniqueThatIsOnOffer) {
    Question question = ask("uk.official", "nvme", Disposition::release);
    question.drive = offering({"overwrite", "nvme-sanitize-overwrite"});
    const Ruling answer = evaluate(shipped("uk-official"), question);
    EXPECT_EQ(answer.decision, Decision::allow);
    ASSERT_NE(answer.method, nullptr);
    EXPECT_EQ(name_of(*answer.method), "nvme-sanitize-overwrite");
}

TEST(Evaluate, DeniesWhenNothingOnOfferSuffices) {
    Question question = ask("uk.official", "nvme", Disposition::release);
    question.drive = offering({"overwrite", "trim", "nvme-format-user-data"});
    const Ruling answer = evaluate(shipped("uk-official"), question);
    EXPECT_EQ(answer.decision, Decision::deny);
    EXPECT_EQ(answer.cause, Cause::nothing_offered);
    ASSERT_NE(answer.rule, nullptr);
    EXPECT_EQ(answer.rule->id, "official-ssd-leaves");
}

TEST(Evaluate, FallsBackToClearOnlyWhenEveryConditionIsMet) {
    Question question = ask("uk.official", "hdd", Disposition::release);
    question.drive = offering({"overwrite"});
    const Profile& profile = shipped("uk-official");
    EXPECT_EQ(evaluate(profile, question).decision, Decision::deny);
    question.drive->remapped_blocks = 0;
    EXPECT_EQ(evaluate(profile, question).decision, Decision::deny);
    question.drive->met.add(Condition::owner_accepts);
    const Ruling answer = evaluate(profile, question);
    EXPECT_EQ(answer.decision, Decision::allow);
    ASSERT_NE(answer.method, nullptr);
    EXPECT_EQ(answer.method->level, Level::clear);
    EXPECT_EQ(answer.rule->level, Level::purge);
}

TEST(Evaluate, TakesNobodysWordForBlocksThatTheDriveDidNotCount) {
    Question question = ask("uk.official", "hdd", Disposition::release);
    question.drive = offering({"overwrite"});
    question.drive->met.add(Condition::owner_accepts);
    question.drive->met.add(Condition::no_remapped_blocks);
    const Profile& profile = shipped("uk-official");
    EXPECT_EQ(evaluate(profile, question).decision, Decision::deny) << "not counted";
    question.drive->remapped_blocks = 1;
    EXPECT_EQ(evaluate(profile, question).decision, Decision::deny) << "one is there";
    question.drive->remapped_blocks = 0;
    EXPECT_EQ(evaluate(profile, question).decision, Decision::allow);
}

TEST(Evaluate, CombinesTechniquesOneAfterTheOther) {
    Question question = ask("uk.official-sensitive", "nvme", Disposition::release);
    question.drive = offering({"nvme-sanitize-crypto-erase"});
    const Profile& profile = shipped("uk-official");
    EXPECT_EQ(evaluate(profile, question).decision, Decision::deny); // the key alone is not enough
    question.drive->met.add(Condition::crypto_erase_eligible);
    EXPECT_EQ(name_of(*evaluate(profile, question).method), "nvme-sanitize-crypto-erase");

    question = ask("au.secret", "hdd", Disposition::reuse);
    question.drive = offering({"overwrite", "ata-security-erase"});
    EXPECT_EQ(name_of(*evaluate(shipped("au-ism"), question).method),
              "overwrite then ata-security-erase");
    question.drive = offering({"overwrite"});
    EXPECT_EQ(name_of(*evaluate(shipped("au-ism"), question).method), "overwrite");
}

TEST(Evaluate, ErasesBeforeADestructionWhatItCanAndAllowsItInAnyCase) {
    Question question = ask("uk.official", "hdd", Disposition::destroy);
    question.drive = offering({"overwrite"});
    ASSERT_NE(evaluate(shipped("uk-official"), question).method, nullptr);
    question.drive = offering({});
    const Ruling answer = evaluate(shipped("uk-official"), question);
    EXPECT_EQ(answer.decision, Decision::allow);
    EXPECT_EQ(answer.method, nullptr);
}

TEST(Evaluate, AsksAboutAnOldMarkingAsWhatItCountsAs) {
    const Profile& profile = shipped("uk-official");
    const auto rule_for = [&](const char* id) {
        return evaluate(profile, ask(id, "hdd", Disposition::reuse)).rule->id;
    };
    EXPECT_EQ(rule_for("uk.gpms.protect"), "official-hdd-reuse");
    EXPECT_EQ(rule_for("uk.gpms.restricted"), "official-hdd-reuse");
    EXPECT_EQ(rule_for("uk.il.3"), "official-hdd-reuse");
    EXPECT_EQ(rule_for("uk.il.5"), "secret-denied");
    EXPECT_EQ(rule_for("uk.il.6"), "secret-denied");
    EXPECT_EQ(rule_for("uk.gpms.confidential"), "secret-denied");
    EXPECT_EQ(rule_for("uk.il.4"), "secret-denied");
    EXPECT_EQ(rule_for("uk.il.0"), "not-covered");
}

TEST(Evaluate, NeverMovesWhatHeldOfficialDataUpwards) {
    Question question = ask("uk.official", "hdd", Disposition::reuse);
    for (const char* higher : {"uk.secret", "uk.top-secret"}) {
        question.destination = find_classification(higher);
        const Ruling answer = evaluate(shipped("uk-official"), question);
        EXPECT_EQ(answer.decision, Decision::deny);
        EXPECT_EQ(answer.rule->id, "never-upwards") << higher;
    }
    question.destination = find_classification("uk.official-sensitive"); // inside OFFICIAL
    EXPECT_EQ(evaluate(shipped("uk-official"), question).decision, Decision::allow);
}

TEST(Evaluate, ComparesDestinationsWithinOneDomain) {
    const auto id = [](const char* name) { return find_classification(name); };
    EXPECT_EQ(compare(*id("uk.secret"), std::nullopt), Destination::unstated);
    EXPECT_EQ(compare(*id("uk.secret"), id("uk.official")), Destination::lower);
    EXPECT_EQ(compare(*id("uk.official"), id("uk.gpms.unclassified")), Destination::lower);
    EXPECT_EQ(compare(*id("uk.official-sensitive"), id("uk.official")), Destination::same);
    EXPECT_EQ(compare(*id("uk.official"), id("au.official")), Destination::incomparable);
    EXPECT_EQ(compare(*id("uk.official"), id("uk.gpms.confidential")), Destination::incomparable);
}

TEST(Evaluate, CountsRemappedBlocksThatNobodyKnowsAsTooMany) {
    auto profile = shipped("uk-official");
    for (PolicyRule& rule : profile.rules)
        if (rule.id == "official-hdd-reuse") rule.remapped_at_most = 3;
    Question question = ask("uk.official", "hdd", Disposition::reuse);
    question.drive = offering({"overwrite"});
    EXPECT_EQ(evaluate(profile, question).cause, Cause::too_many_remapped);
    question.drive->remapped_blocks = 4;
    EXPECT_EQ(evaluate(profile, question).decision, Decision::deny);
    question.drive->remapped_blocks = 3;
    EXPECT_EQ(evaluate(profile, question).decision, Decision::allow);
}

} // namespace
} // namespace quietus
