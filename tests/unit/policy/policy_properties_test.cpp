// What must hold of every profile and every question.
#include "quietus/policy/evaluate.hpp"

#include "policy_questions.hpp"

#include "quietus/policy/explain.hpp"
#include "quietus/policy/lint.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>

namespace quietus {
namespace {

class EveryShippedProfile : public testing::TestWithParam<std::string_view> {
  protected:
    [[nodiscard]] const Profile& profile() const { return shipped(GetParam()); }

    // Every question of a profile, known and unknown things included.
    template <typename Visit>
    void for_every_question(const Visit& visit) const {
        const auto classes = static_cast<unsigned>(catalogue().classifications.size());
        const auto media = static_cast<unsigned>(catalogue().media.size());
        for (unsigned one = 0; one <= classes; ++one)
            for (unsigned medium = 0; medium <= media; ++medium)
                for (unsigned where = 0; where < disposition_count; ++where) {
                    Question question;
                    if (one < classes) question.classification = ClassificationId(one);
                    if (medium < media) question.medium = MediumId(medium);
                    question.disposition = Disposition(where);
                    visit(question);
                }
    }
};

bool is_answer(const Ruling& answer) {
    switch (answer.decision) {
    case Decision::allow:
        return answer.rule != nullptr && answer.cause == Cause::rule;
    case Decision::deny:
    case Decision::escalate:
        return answer.method == nullptr;
    }
    return false;
}

TEST_P(EveryShippedProfile, AnswersEverythingAlikeEachTime) {
    for_every_question([&](const Question& question) {
        const Ruling answer = evaluate(profile(), question);
        EXPECT_TRUE(is_answer(answer));
        const Ruling again = evaluate(profile(), question);
        EXPECT_TRUE(again.decision == answer.decision && again.rule == answer.rule &&
                    again.method == answer.method && again.cause == answer.cause);
    });
}

// --- raising a classification never weakens the outcome ---

bool asks_no_less(const Ruling& higher, const Ruling& lower) {
    if (higher.decision != Decision::allow) return true;
    if (lower.decision != Decision::allow) return false;
    const auto& people = higher.rule->people;
    return higher.rule->level >= lower.rule->level &&
           higher.rule->verification.percent >= lower.rule->verification.percent &&
           higher.rule->recheck_percent >= lower.rule->recheck_percent &&
           std::ranges::all_of(lower.rule->people, [&](Participant each) {
               return std::ranges::find(people, each) != people.end();
           });
}

// The one marking that is denied for want of a rule although it protects nothing.
bool is_below_the_profile(const Question& question) {
    return question.classification == ClassificationId::unknown ||
           catalogue()[effective(question.classification)].id == "uk.gpms.unclassified";
}

TEST_P(EveryShippedProfile, AsksNoLessOfAHigherClassification) {
    const auto& all = catalogue().classifications;
    for_every_question([&](const Question& question) {
        if (is_below_the_profile(question)) return;
        const Classification& low = catalogue()[question.classification];
        for (std::size_t index = 0; index < all.size(); ++index) {
            if (all[index].scheme != low.scheme || all[index].rank <= low.rank) continue;
            Question higher = question;
            higher.classification = ClassificationId(index);
            EXPECT_TRUE(asks_no_less(evaluate(profile(), higher), evaluate(profile(), question)))
                << low.id << " to " << all[index].id << ' ' << to_text(question.disposition);
        }
    });
}

// --- removing a technique never turns a denial into permission ---

DriveFacts some_of(std::mt19937& dice) {
    DriveFacts facts;
    for (std::size_t index = 0; index < catalogue().techniques.size(); ++index)
        if (dice() % 2 == 0) facts.offered.add(TechniqueId(index));
    for (const Condition each : {Condition::no_remapped_blocks, Condition::owner_accepts,
                                 Condition::crypto_erase_eligible})
        if (dice() % 2 == 0) facts.met.add(each);
    if (dice() % 2 == 0) facts.remapped_blocks = dice() % 3;
    return facts;
}

DriveFacts without(const DriveFacts& facts, TechniqueId removed) {
    DriveFacts fewer = facts;
    fewer.offered = {};
    for (std::size_t index = 0; index < catalogue().techniques.size(); ++index)
        if (TechniqueId(index) != removed && facts.offered.contains(TechniqueId(index)))
            fewer.offered.add(TechniqueId(index));
    return fewer;
}

TEST_P(EveryShippedProfile, AllowsNothingMoreWhenATechniqueIsTakenAway) {
    std::mt19937 dice(20261126); // the same each time
    for_every_question([&](const Question& bare) {
        Question question = bare;
        question.drive = some_of(dice);
        const Ruling before = evaluate(profile(), question);
        if (before.decision == Decision::allow) return;
        for (std::size_t index = 0; index < catalogue().techniques.size(); ++index) {
            Question fewer = question;
            fewer.drive = without(*question.drive, TechniqueId(index));
            EXPECT_NE(evaluate(profile(), fewer).decision, Decision::allow);
        }
    });
}

TEST_P(EveryShippedProfile, ChoosesOnlyWhatIsOnOfferAndSuffices) {
    std::mt19937 dice(7);
    for_every_question([&](const Question& bare) {
        Question question = bare;
        question.drive = some_of(dice);
        const Ruling answer = evaluate(profile(), question);
        if (answer.method == nullptr) return;
        for (const TechniqueId step : answer.method->steps)
            EXPECT_TRUE(question.drive->offered.contains(step));
        EXPECT_GE(level_on(*answer.method, question.medium), answer.method->level);
        EXPECT_TRUE(question.drive->met.contains(answer.method->requires_));
    });
}

// --- what is said ---

TEST_P(EveryShippedProfile, ExplainsEveryAnswerAndClaimsNothingThatNobodyCanProve) {
    std::set<std::string> said; // most of it many times
    for_every_question([&](const Question& question) {
        const Explanation told = explain(profile(), question);
        EXPECT_FALSE(told.reasons.empty());
        EXPECT_EQ(told.rule.empty(), told.source.empty());
        said.insert(told.source);
        said.insert(told.reasons.begin(), told.reasons.end());
        for (const ExplainedMethod& each : told.techniques)
            said.insert(each.name + ": " + each.reason);
        for (const Alternative& each : told.alternatives)
            said.insert(each.name + ": " + each.why_not);
    });
    for (const std::string& text : said)
        EXPECT_EQ(forbidden_claim(text), "");
}

TEST_P(EveryShippedProfile, IsCleanOfLint) {
    const auto& all = shipped_profiles();
    const auto found = std::ranges::find(all, GetParam(), &ShippedProfile::id);
    ASSERT_NE(found, all.end());
    for (const ProfileFlaw& flaw : lint(found->text))
        ADD_FAILURE() << GetParam() << ':' << flaw.line << ": " << flaw.code << ": " << flaw.text;
}

TEST_P(EveryShippedProfile, IsNotNamedAsAnAuthorityOfItsOwn) {
    EXPECT_NE(profile().authority.find("this project"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Profiles, EveryShippedProfile,
                         testing::Values("uk-official", "nist-800-88r2", "au-ism",
                                         "legacy-overwrite"));

} // namespace
} // namespace quietus
