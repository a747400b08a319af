#include "quietus/policy/explain.hpp"

#include "policy_questions.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace quietus {
namespace {

const Alternative* find_alternative(const Explanation& told, AlternativeKind kind,
                                    std::string_view name) {
    const auto found = std::ranges::find_if(told.alternatives, [&](const Alternative& each) {
        return each.kind == kind && each.name == name;
    });
    return found == told.alternatives.end() ? nullptr : &*found;
}

TEST(Explain, NamesTheRuleAndItsSourceWithHowSureWeAre) {
    const Explanation told =
        explain(shipped("uk-official"), ask("uk.official", "hdd", Disposition::reuse));
    EXPECT_EQ(told.decision, Decision::allow);
    EXPECT_EQ(told.profile, "uk-official");
    EXPECT_EQ(told.rule, "official-hdd-reuse");
    EXPECT_NE(told.source.find("ministryofjustice/security-guidance"), std::string::npos);
    EXPECT_NE(told.source.find("(primary)"), std::string::npos);
    EXPECT_EQ(told.level, Level::clear);
    EXPECT_EQ(told.people, std::vector<std::string>{"operator"});
}

TEST(Explain, SaysWhyEachTechniqueIsNotTheOne) {
    Question question = ask("uk.official", "hdd", Disposition::release);
    question.drive = offering({"overwrite", "ata-security-erase-enhanced"});
    const Explanation told = explain(shipped("uk-official"), question);
    ASSERT_EQ(told.techniques.size(), 6U);
    EXPECT_EQ(told.techniques[0].name, "ata-sanitize-overwrite");
    EXPECT_FALSE(told.techniques[0].chosen);
    EXPECT_NE(told.techniques[0].reason.find("do not offer it"), std::string::npos);
    EXPECT_TRUE(told.techniques[4].chosen);
    EXPECT_EQ(told.techniques[4].name, "ata-security-erase-enhanced");
    const std::string& reason = told.techniques[5].reason;
    EXPECT_NE(reason.find("no-remapped-blocks (how many blocks are remapped is for the drive's own "
                          "health report to say, and there is none)"),
              std::string::npos)
        << reason;
    EXPECT_NE(reason.find("owner-accepts (an order that an approver signed has to say so)"),
              std::string::npos);
}

TEST(Explain, SaysWhatWouldShowThatAConditionIsMet) {
    Question question = ask("uk.official-sensitive", "nvme", Disposition::release);
    question.drive = offering({"nvme-sanitize-crypto-erase"});
    Explanation told = explain(shipped("uk-official"), question);
    EXPECT_EQ(told.decision, Decision::deny);
    const auto crypto =
        std::ranges::find(told.techniques, "nvme-sanitize-crypto-erase", &ExplainedMethod::name);
    ASSERT_NE(crypto, told.techniques.end());
    EXPECT_NE(crypto->reason.find("crypto-erase-eligible (the drive's firmware has to give "
                                  "evidence for every item of the list, and none was gathered)"),
              std::string::npos)
        << crypto->reason;
    question = ask("uk.official", "hdd", Disposition::release);
    question.drive = offering({"overwrite"});
    question.drive->remapped_blocks = 3;
    question.drive->met.add(Condition::owner_accepts);
    told = explain(shipped("uk-official"), question);
    EXPECT_NE(told.techniques[5].reason.find("3 blocks are remapped or pending"),
              std::string::npos);
    EXPECT_EQ(told.techniques[5].reason.find("owner-accepts"), std::string::npos);
}

TEST(Explain, SaysWhyTechniquesOutsideTheRuleDoNotCount) {
    const Explanation told =
        explain(shipped("uk-official"), ask("uk.official", "nvme", Disposition::release));
    const Alternative* trim = find_alternative(told, AlternativeKind::technique, "trim");
    ASSERT_NE(trim, nullptr);
    EXPECT_NE(trim->why_not.find("reaches none, and the rule asks for purge"), std::string::npos);
    const Alternative* overwrite = find_alternative(told, AlternativeKind::technique, "overwrite");
    ASSERT_NE(overwrite, nullptr);
    EXPECT_NE(overwrite->why_not.find("reaches clear"), std::string::npos);
    // A technique of another medium was never an alternative.
    EXPECT_EQ(find_alternative(told, AlternativeKind::technique, "ata-security-erase"), nullptr);
}

TEST(Explain, SaysWhoSupervisesADestruction) {
    const Explanation told =
        explain(shipped("au-ism"), ask("au.protected", "hdd", Disposition::destroy));
    EXPECT_EQ(told.people, (std::vector<std::string>{"operator", "supervisor"}));
    const auto said = [&](const Explanation& one) {
        return std::ranges::any_of(one.reasons, [](const std::string& each) {
            return each.starts_with("the witness who signs the statement of destruction "
                                    "supervises it");
        });
    };
    EXPECT_TRUE(said(told));
    EXPECT_FALSE(
        said(explain(shipped("uk-official"), ask("uk.official", "hdd", Disposition::destroy))));
}

TEST(Explain, ShowsWhatWouldBeAllowedInstead) {
    const Explanation told =
        explain(shipped("uk-official"), ask("uk.official", "usb-flash", Disposition::release));
    EXPECT_EQ(told.decision, Decision::deny);
    const Alternative* destroy = find_alternative(told, AlternativeKind::disposition, "destroy");
    ASSERT_NE(destroy, nullptr);
    EXPECT_EQ(destroy->why_not, "the answer would be allow, by rule official-flash-destroy");
    const Alternative* rule =
        find_alternative(told, AlternativeKind::rule, "official-flash-destroy");
    ASSERT_NE(rule, nullptr);
    EXPECT_EQ(rule->why_not, "not for the disposition release");
}

TEST(Explain, SaysWhatADestinationRulesOut) {
    Question question = ask("uk.official", "hdd", Disposition::reuse);
    question.destination = find_classification("uk.secret");
    const Explanation told = explain(shipped("uk-official"), question);
    EXPECT_EQ(told.rule, "never-upwards");
    const Alternative* reuse = find_alternative(told, AlternativeKind::rule, "official-hdd-reuse");
    ASSERT_NE(reuse, nullptr);
    EXPECT_EQ(reuse->why_not, "not for a destination that is higher");
}

TEST(Explain, SaysThatUnknownThingsAreDenied) {
    Question question = ask("uk.official", "hdd", Disposition::reuse);
    question.medium = MediumId::unknown;
    const Explanation told = explain(shipped("uk-official"), question);
    EXPECT_EQ(told.decision, Decision::deny);
    EXPECT_TRUE(told.rule.empty());
    ASSERT_FALSE(told.reasons.empty());
    EXPECT_NE(told.reasons.front().find("what is not known is denied"), std::string::npos);
}

TEST(Explain, NamesDutiesResidualRiskAndRetention) {
    const Explanation told =
        explain(shipped("uk-official"), ask("uk.official-sensitive", "hdd", Disposition::release));
    const auto says = [&](std::string_view what) {
        return std::ranges::any_of(told.reasons, [&](const std::string& each) {
            return each.find(what) != std::string::npos;
        });
    };
    EXPECT_TRUE(says("20 %"));
    EXPECT_TRUE(says("remove labels"));
    EXPECT_TRUE(says("residual risk"));
    EXPECT_TRUE(says("must be destroyed"));
    EXPECT_TRUE(says("7 years"));
    EXPECT_EQ(told.people, (std::vector<std::string>{"operator", "validator"}));
}

} // namespace
} // namespace quietus
