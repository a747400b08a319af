// Whether a way to destroy suffices, and that a statement is asked of the profile again.
#include "quietus/policy/destruction.hpp"

#include "policy_questions.hpp"
#include "profile_texts.hpp"

#include <gmock/gmock.h>

#include <functional>

namespace quietus {
namespace {

using testing::HasSubstr;

class Destruction : public testing::Test {
  protected:
    [[nodiscard]] PolicyRequest asked(std::string_view marking) const {
        return {
            read_classification(profile, marking).value(), Disposition::destroy, std::nullopt, {}};
    }
    [[nodiscard]] DestructionAnswer answer(std::string_view marking, std::string_view medium,
                                           const DestructionWay& way) const {
        return judge_destruction(profile, question_about(asked(marking), *find_medium(medium)),
                                 way);
    }
    [[nodiscard]] std::string
    codes(const std::function<void(PolicyBasis&, DestructionAnswer&)>& forge) const {
        const DestructionWay way{"platters-4-pieces", std::nullopt};
        PolicyBasis basis = basis_of_destruction({profile, std::string(64, 'a'), std::nullopt},
                                                 asked("OFFICIAL"), *find_medium("hdd"));
        DestructionAnswer said = answer("OFFICIAL", "hdd", way);
        forge(basis, said);
        std::string all;
        for (const PolicyObjection& each : review_destruction(profile, basis, way, said))
            all += (all.empty() ? "" : " ") + each.code;
        return all;
    }
    Profile profile = shipped("uk-official");
};

TEST_F(Destruction, SufficesAsTheRuleSays) {
    EXPECT_TRUE(answer("OFFICIAL", "hdd", {"platters-4-pieces", std::nullopt}).sufficient);
    EXPECT_TRUE(answer("OFFICIAL", "hdd", {"degauss-and-stop", std::nullopt}).sufficient);
    EXPECT_TRUE(answer("OFFICIAL", "ssd-sata", {"disintegrate-6", std::nullopt}).sufficient);
    EXPECT_TRUE(answer("OFFICIAL", "ssd-sata", {"disintegrate-6", 6}).sufficient);
}

TEST_F(Destruction, DoesNotSufficeOtherwiseAndSaysWhy) {
    EXPECT_THAT(answer("OFFICIAL", "hdd", {"shred", std::nullopt}).reason,
                HasSubstr("official-hdd-destroy asks for "));
    EXPECT_THAT(answer("OFFICIAL", "ssd-sata", {"disintegrate-6", 7}).reason,
                HasSubstr("pieces of 7 mm are left"));
    EXPECT_THAT(answer("OFFICIAL", "ssd-sata", {"platters-4-pieces", std::nullopt}).reason,
                HasSubstr("no such way"));
    EXPECT_THAT(answer("OFFICIAL", "hdd", {"melt away", std::nullopt}).reason,
                HasSubstr("no such way"));
    for (const char* marking : {"SECRET", "TOP SECRET", "CONFIDENTIAL"})
        EXPECT_THAT(answer(marking, "hdd", {"incinerate", std::nullopt}).reason,
                    HasSubstr("secret-destroy leaves it to a person"));
}

TEST_F(Destruction, IsOfTheMediumsOwnWays) {
    EXPECT_TRUE(check_way({"shred", std::nullopt}, *find_medium("hdd")));
    const auto none = check_way({"disintegrate-6", std::nullopt}, *find_medium("hdd"));
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().fault, Fault::usage);
    EXPECT_THAT(none.error().hint, HasSubstr("platters-4-pieces"));
    EXPECT_FALSE(check_way({"platters-4-pieces", std::nullopt}, MediumId::unknown));
}

// Information security manual, ISM-1728 and ISM-1729.
TEST(Residue, CountsAsTheManualSays) {
    const auto secret = *find_classification("au.secret");
    const auto top = *find_classification("au.top-secret");
    EXPECT_EQ(residue_of(secret, {"disintegrate-9", 3}), "OFFICIAL");
    EXPECT_EQ(residue_of(secret, {"disintegrate-9", 4}), "PROTECTED");
    EXPECT_EQ(residue_of(secret, {"disintegrate-9", 6}), "PROTECTED");
    EXPECT_EQ(residue_of(secret, {"disintegrate-9", 9}), "SECRET");
    EXPECT_EQ(residue_of(secret, {"disintegrate-9", std::nullopt}), "SECRET"); // at most
    EXPECT_EQ(residue_of(secret, {"disintegrate-9", 10}), "");
    EXPECT_EQ(residue_of(top, {"disintegrate-9", 3}), "OFFICIAL");
    EXPECT_EQ(residue_of(top, {"disintegrate-9", 4}), "SECRET");
    EXPECT_EQ(residue_of(secret, {"melt", std::nullopt}), "");
    EXPECT_EQ(residue_of(*find_classification("uk.secret"), {"disintegrate-9", 3}), "");
}

TEST_F(Destruction, IsReviewed) {
    EXPECT_EQ(codes([](PolicyBasis&, DestructionAnswer&) {}), "");
    EXPECT_EQ(
        codes([](PolicyBasis& basis, DestructionAnswer&) { basis.decision->profile.version = 9; }),
        "E_POLICY_UNKNOWN");
    for (const std::function<void(PolicyBasis&)>& forge :
         std::vector<std::function<void(PolicyBasis&)>>{
             [](PolicyBasis& basis) { basis.decision->classification_given = "SECRET"; },
             [](PolicyBasis& basis) { basis.decision->classification = "uk.nothing"; },
             [](PolicyBasis& basis) { basis.decision->medium = "floppy"; },
             [](PolicyBasis& basis) { basis.decision->disposition = "reuse"; },
             [](PolicyBasis& basis) { basis.decision->decision = "deny"; },
             [](PolicyBasis& basis) { basis.rule = "secret-destroy"; },
             [](PolicyBasis& basis) { basis.source = "somebody"; }})
        EXPECT_EQ(codes([&](PolicyBasis& basis, DestructionAnswer&) { forge(basis); }),
                  "E_POLICY_DECISION");
    EXPECT_EQ(codes([](PolicyBasis&, DestructionAnswer& said) { said.sufficient = false; }),
              "E_METHOD_INSUFFICIENT");
    EXPECT_EQ(codes([](PolicyBasis& basis, DestructionAnswer&) { basis.decision->duties.clear(); }),
              "E_RESIDUAL");
}

} // namespace
} // namespace quietus
