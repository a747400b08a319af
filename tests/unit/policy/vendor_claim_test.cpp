// What a vendor claims of its implementation counts where a rule accepts it, and nowhere else: how
// such a rule is read, and what comes of it before a drive is told anything.
#include "quietus/policy/decide.hpp"

#include "policy_questions.hpp"
#include "profile_texts.hpp"

#include "quietus/policy/explain.hpp"
#include "quietus/policy/lint.hpp"
#include "quietus/policy/make_plan.hpp"

#include <gmock/gmock.h>

namespace quietus {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr std::int64_t in_force = 1'796'000'000; // 2026-11-30
constexpr auto format = Technique::nvme_format_crypto_erase;
constexpr const char* accepted =
    R"({ do = "nvme-format-crypto-erase", vendor_claim = "accepted" })";

// A rule of NVMe drives that leave, with these techniques.
std::string rule_text(const std::string& techniques, const std::string& level = "purge") {
    return std::string(small_profile) +
           "\n[[rule]]\n"
           "id = \"nvme-leaves\"\n"
           "classifications = [\"uk.official\"]\n"
           "media = [\"nvme\"]\n"
           "dispositions = [\"release\"]\n"
           "decision = \"allow\"\n"
           "level = \"" +
           level + "\"\ntechniques = [" + techniques +
           "]\n"
           "residual = \"some\"\n"
           "retention_years = 1\n"
           "confidence = \"memory\"\n"
           "sources = [\"one\"]\n";
}

std::vector<std::string> flaws_of(const std::string& text) {
    std::vector<std::string> found;
    for (const ProfileFlaw& flaw : lint(text))
        found.push_back(flaw.code + ": " + flaw.text);
    return found;
}

Profile profile_of(const std::string& techniques, const std::string& level = "purge") {
    return read_profile(rule_text(techniques, level)).profile.value();
}

Question about_nvme() {
    Question question = ask("uk.official", "nvme", Disposition::release);
    question.drive = offering({"nvme-format-crypto-erase", "nvme-format-user-data"});
    return question;
}

Drive formattable() {
    Drive drive;
    drive.kind = DriveKind::nvme;
    drive.medium = Medium::flash;
    drive.backing = Backing::physical;
    drive.node = "/dev/nvme9n1";
    drive.size_bytes = 1 << 20;
    drive.native_size_bytes = drive.size_bytes;
    drive.logical_block_bytes = 512;
    NvmeErasure told;
    told.format = true;
    told.format_crypto = true;
    told.sanitize = NvmeSanitizeState::never;
    drive.nvme_erasure = told;
    NvmeScopeRecord scope;
    NvmeNamespaceRecord only;
    only.nsid = 1;
    only.attached = true;
    only.described = true;
    only.blocks = 2048;
    only.block_bytes = 512;
    scope.namespaces = {only};
    scope.total_bytes = "1048576";
    scope.unallocated_bytes = "0";
    scope.namespace_bytes = "1048576";
    scope.complete = true;
    scope.accounted = true;
    drive.nvme_scope = scope;
    return drive;
}

TEST(VendorClaim, IsAcceptedByARuleThatSaysSo) {
    const Profile profile = profile_of(accepted);
    const Ruling answer = evaluate(profile, about_nvme());
    ASSERT_NE(answer.method, nullptr);
    EXPECT_EQ(answer.method->vendor_claim, VendorClaim::accepted);
    EXPECT_EQ(answer.method->level, Level::purge);
    EXPECT_THAT(flaws_of(rule_text(accepted)), IsEmpty());
}

TEST(VendorClaim, IsNotAcceptedBySilence) {
    for (const std::string techniques :
         {"\"nvme-format-crypto-erase\"",
          R"({ do = "nvme-format-crypto-erase", vendor_claim = "none" })"}) {
        const Ruling answer = evaluate(profile_of(techniques), about_nvme());
        EXPECT_EQ(answer.decision, Decision::deny) << techniques;
        EXPECT_EQ(answer.cause, Cause::nothing_offered);
        EXPECT_THAT(flaws_of(rule_text(techniques)),
                    Contains(AllOf(HasSubstr("claim: "), HasSubstr("reaches clear at most"))));
    }
}

// Nobody claims more of an overwrite, nor of a Format that erases user data.
TEST(VendorClaim, IsRefusedWhereThereIsNone) {
    for (const std::string name : {"overwrite", "nvme-format-user-data", "scsi-format-unit"})
        EXPECT_THAT(
            flaws_of(rule_text("{ do = \"" + name + "\", vendor_claim = \"accepted\" }", "clear")),
            Contains(HasSubstr("vendor_claim: no vendor's " + name + " reaches more")));
    EXPECT_THAT(
        flaws_of(rule_text(R"({ do = "nvme-format-crypto-erase", vendor_claim = "perhaps" })")),
        Contains(HasSubstr("vendor_claim: \"perhaps\" is none of none, accepted")));
}

TEST(VendorClaim, OfAHigherClassificationAloneIsWeaker) {
    std::string higher = rule_text(accepted);
    higher = with(higher, "id = \"nvme-leaves\"\nclassifications = [\"uk.official\"]",
                  "id = \"nvme-leaves\"\nclassifications = [\"uk.official-sensitive\"]");
    EXPECT_THAT(flaws_of(higher), Contains(AllOf(HasSubstr("weaker: "), HasSubstr("nvme-leaves"))));
}

TEST(VendorClaim, IsToldWithTheReasons) {
    const auto reason_of = [](const std::string& techniques) {
        return explain(profile_of(techniques), about_nvme()).techniques.front().reason;
    };
    EXPECT_THAT(reason_of(accepted), HasSubstr("what it reaches is as its vendor claims"));
    EXPECT_THAT(reason_of("\"nvme-format-crypto-erase\""),
                HasSubstr("purge by some vendors' claim, which the rule does not accept"));
    EXPECT_THAT(reason_of("\"nvme-format-user-data\""), Not(HasSubstr("claim")));
}

TEST(VendorClaim, StandsInTheDecisionOnlyWhereItIsAccepted) {
    const PolicyRequest request{read_classification(profile_of(accepted), "OFFICIAL").value(),
                                Disposition::release,
                                std::nullopt,
                                {}};
    const auto stated = [&](const Profile& profile) {
        const Question question = about_nvme();
        return basis_of({profile, std::string(64, 'a'), std::nullopt}, request, question,
                        evaluate(profile, question))
            .decision->vendor_claim;
    };
    EXPECT_EQ(stated(profile_of(accepted)), VendorClaim::accepted);
    EXPECT_EQ(stated(profile_of("\"nvme-format-user-data\"", "clear")), std::nullopt);
    EXPECT_EQ(stated(profile_of("\"nvme-format-crypto-erase\"", "clear")), std::nullopt);
}

TEST(VendorClaim, RaisesThePlanOfThatTechniqueAlone) {
    PlanRequest request;
    request.technique = format;
    EXPECT_EQ(make_plan(formattable(), request).value().level, Level::clear);
    request.vendor_claim = VendorClaim::accepted;
    const Plan plan = make_plan(formattable(), request).value();
    EXPECT_EQ(plan.level, Level::purge);
    EXPECT_THAT(plan.not_reached, Contains("level-by-vendor-claim"));
    EXPECT_THAT(plan.not_reached, Contains("level-reported-by-drive"));
    request.verification = Verification{VerificationMode::sample, 10};
    EXPECT_EQ(make_plan(formattable(), request).value().level, Level::clear);
    request.verification.reset();
    request.technique = Technique::nvme_format_user_data;
    EXPECT_EQ(make_plan(formattable(), request).value().level, Level::clear);
}

// A Format reaches namespaces alone: what was in one that is no more, it leaves.
TEST(VendorClaim, ReachesNothingThatNoNamespaceHas) {
    PlanRequest request;
    request.technique = format;
    request.vendor_claim = VendorClaim::accepted;
    Drive drive = formattable();
    drive.nvme_scope->total_bytes = "1052672";
    drive.nvme_scope->unallocated_bytes = "4096";
    const Plan plan = make_plan(drive, request).value();
    EXPECT_EQ(plan.level, Level::clear);
    EXPECT_THAT(plan.not_reached, Not(Contains("level-by-vendor-claim")));
}

// As somebody with the station's key could alter it.
TEST(VendorClaim, IsAskedForAgain) {
    const Profile accepting = profile_of(accepted);
    const Profile silent = profile_of("\"nvme-format-crypto-erase\"", "clear");
    const Drive drive = formattable();
    const auto planned = [&](const Profile& profile) {
        const PolicyRequest request{read_classification(profile, "OFFICIAL").value(),
                                    Disposition::release,
                                    std::nullopt,
                                    {{"classification", "OFFICIAL", Supplier::option, ""}}};
        const Question question = about_nvme();
        const Ruling answer = evaluate(profile, question);
        PlanRequest wish;
        wish.technique = format;
        wish.vendor_claim = answer.method->vendor_claim;
        Plan plan = make_plan(drive, wish).value();
        plan.policy =
            basis_of({profile, std::string(64, 'a'), std::nullopt}, request, question, answer);
        return plan;
    };
    const auto codes = [&](const Profile& profile, const Plan& plan) {
        std::string text;
        for (const PolicyObjection& each : review(profile, plan, drive, in_force))
            text += (text.empty() ? "" : " ") + each.code;
        return text;
    };
    EXPECT_EQ(codes(accepting, planned(accepting)), "");
    EXPECT_EQ(codes(silent, planned(silent)), "");
    Plan forged = planned(accepting);
    forged.policy.decision->vendor_claim.reset();
    EXPECT_EQ(codes(accepting, forged), "E_POLICY_DECISION");
    forged = planned(silent);
    forged.policy.decision->vendor_claim = VendorClaim::accepted;
    EXPECT_EQ(codes(silent, forged), "E_POLICY_DECISION");
    forged = planned(silent);
    forged.policy.decision->vendor_claim = VendorClaim::none;
    EXPECT_EQ(codes(silent, forged), "E_POLICY_DECISION") << "what is not there is not said";
    forged.level = Level::purge;
    EXPECT_THAT(codes(silent, forged), HasSubstr("E_METHOD_INSUFFICIENT"));
}

} // namespace
} // namespace quietus
