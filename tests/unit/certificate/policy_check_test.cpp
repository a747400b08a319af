// What an auditor says of a document's policy: whether there is a text, who signed it, and whether
// the decision follows.
#include "build.hpp"
#include "examine_payload.hpp"

#include "signing_station.hpp"

#include "../policy/policy_questions.hpp"
#include "../policy/profile_texts.hpp"

#include "quietus/keys/make_personal.hpp"
#include "quietus/keys/personal_keys.hpp"
#include "quietus/policy/decide.hpp"
#include "quietus/policy/make_plan.hpp"
#include "quietus/policy/remapped.hpp"
#include "quietus/stream/digest.hpp"

namespace quietus {
namespace {

class PolicyCheck : public SigningStation {
  protected:
    static void SetUpTestSuite() {
        SigningStation::SetUpTestSuite();
        make_owner("owner");
        make_owner("stranger");
    }
    static void make_owner(const std::string& name) {
        SystemClock clock;
        PersonalKeyOrder order;
        order.directory = made + "/" + name;
        order.id = name;
        order.role = Role::policy_owner;
        ASSERT_TRUE(init_personal_key(order, clock));
    }
    static std::string file(const std::string& name) {
        return read_regular_file(made + "/" + name, 1U << 20U).value();
    }
    static TrustAnchors trust_in(const std::string& owner) {
        return TrustAnchors::from_pem(file(owner + "/root.pem")).value();
    }
    // Signed as the type of document that is asked for, by the owner of that name.
    [[nodiscard]] std::string signature(const std::string& octets, const std::string& owner,
                                        DocumentType type = DocumentType::profile) {
        auto key = load_personal_key(
            {made + "/" + owner + "/person.key", made + "/" + owner + "/person.pem"}, {});
        const auto p7s = key.value().sign(octets, type, clock.utc_seconds()).value();
        return std::string(as_text(p7s));
    }

    // A job by the rule of the small profile: OFFICIAL-SENSITIVE, a memory stick, witnessed.
    [[nodiscard]] Payload document(const std::string& rules = std::string(small_profile)) {
        FinishedJob job = job_of();
        Drive& drive = job.record.drive;
        drive.kind = DriveKind::usb;
        drive.medium = Medium::flash;
        drive.removable = true;
        const Profile profile = parse_profile(rules).value();
        const PolicyRequest request{read_classification(profile, "OFFICIAL-SENSITIVE").value(),
                                    Disposition::reuse,
                                    std::nullopt,
                                    {}};
        Question question = question_about(request, medium_of(drive));
        question.drive = offering({"overwrite"});
        drive.health = health;
        question.drive->remapped_blocks = remapped_blocks(health);
        if (question.drive->remapped_blocks == 0U)
            question.drive->met.add(Condition::no_remapped_blocks);
        const Ruling ruling = evaluate(profile, question);
        PlanRequest wish;
        wish.scheme = ruling.rule->schemes.front();
        job.record.plan = make_plan(drive, wish).value();
        const auto& base = shipped_profiles().front();
        job.record.plan.policy =
            basis_of({profile, sha256_hex(rules),
                      ProfileDigest{std::string(base.id), 1, sha256_hex(base.text)}},
                     request, question, ruling);
        job.statements.signers = {{Role::witness, std::string(64, '5')}};
        return build_payload(job.request(), {DocumentType::certificate, job.record.judgement,
                                             signer->identity(), clock.utc_seconds()});
    }
    [[nodiscard]] static std::string codes(const Payload& payload, const ProfileTexts& texts,
                                           const TrustAnchors& anchors) {
        CheckFindings findings;
        check_policy(payload, texts, anchors, findings);
        std::string all;
        for (const CheckFinding& each : findings)
            all += (all.empty() ? "" : " ") + each.code;
        return all;
    }
    [[nodiscard]] ProfileTexts with_text(const std::string& octets, const std::string& owner) {
        ProfileTexts texts = ProfileTexts::shipped();
        texts.add({octets, signature(octets, owner), false});
        return texts;
    }

    const std::string text{small_profile};
    std::optional<HealthRecord> health;
};

TEST_F(PolicyCheck, HasNothingAgainstATrueDecisionByASignedProfile) {
    EXPECT_EQ(codes(document(), with_text(text, "owner"), trust_in("owner")), "");
}

TEST_F(PolicyCheck, HoldsTheDrivesHealthOnTheDocumentAgainstTheDecision) {
    const auto against = [&](const Payload& payload) {
        return codes(payload, with_text(text, "owner"), trust_in("owner"));
    };
    health = HealthRecord{0, 0, 1234, {}, {}, ""};
    const Payload sound = document();
    EXPECT_EQ(against(sound), "");
    Payload worn = sound;
    worn.drive.health->reallocated = 1;
    EXPECT_EQ(against(worn), "E_POLICY_DECISION");
    Payload silent = sound;
    silent.drive.health.reset();
    EXPECT_EQ(against(silent), "E_POLICY_DECISION");
    Payload forged = sound;
    forged.policy.basis.decision->remapped_blocks.reset();
    EXPECT_NE(against(forged), "");
}

TEST_F(PolicyCheck, IsUndecidedWithoutTheText) {
    EXPECT_EQ(codes(document(), ProfileTexts::shipped(), trust_in("owner")), "I_POLICY_TEXT");
    ProfileTexts alone; // the text, but not that of the profile which it extends
    alone.add({text, signature(text, "owner"), false});
    EXPECT_EQ(codes(document(), alone, trust_in("owner")), "I_POLICY_TEXT");
}

TEST_F(PolicyCheck, IsUndecidedWithoutASignatureOrTrust) {
    ProfileTexts unsigned_text = ProfileTexts::shipped();
    unsigned_text.add({text, "", false});
    EXPECT_EQ(codes(document(), unsigned_text, trust_in("owner")), "I_POLICY_SIGNATURE");
    EXPECT_EQ(codes(document(), with_text(text, "owner"), TrustAnchors::none()),
              "I_POLICY_SIGNATURE");
}

TEST_F(PolicyCheck, KnowsASignatureThatDoesNotHold) {
    EXPECT_EQ(codes(document(), with_text(text, "stranger"), trust_in("owner")),
              "E_POLICY_SIGNATURE");
    ProfileTexts other = ProfileTexts::shipped();
    other.add({text, signature(text + "#", "owner"), false});
    EXPECT_EQ(codes(document(), other, trust_in("owner")), "E_POLICY_SIGNATURE");
    // A signature by the same key over the same octets as another kind of document.
    ProfileTexts confused = ProfileTexts::shipped();
    confused.add({text, signature(text, "owner", DocumentType::confirmation), false});
    EXPECT_NE(codes(document(), confused, trust_in("owner")).find("E_POLICY_SIGNATURE"),
              std::string::npos);
}

TEST_F(PolicyCheck, KnowsATextThatIsNoProfileOrAnother) {
    Payload payload = document();
    const std::string nonsense = "nothing = 1\n";
    payload.policy.basis.decision->profile.sha256 = sha256_hex(nonsense);
    EXPECT_EQ(codes(payload, with_text(nonsense, "owner"), trust_in("owner")), "E_POLICY_UNKNOWN");
    payload = document();
    payload.policy.basis.decision->extends.reset();
    EXPECT_EQ(codes(payload, with_text(text, "owner"), trust_in("owner")), "E_POLICY_UNKNOWN");
    payload = document();
    payload.policy.basis.decision->profile.version = 9;
    EXPECT_EQ(codes(payload, with_text(text, "owner"), trust_in("owner")), "E_POLICY_UNKNOWN");
}

TEST_F(PolicyCheck, KnowsAProfileThatWasNotInForce) {
    Payload payload = document();
    payload.timing.started_at = "2030-01-01T00:00:00Z";
    EXPECT_EQ(codes(payload, with_text(text, "owner"), trust_in("owner")), "E_POLICY_WITHDRAWN");
}

TEST_F(PolicyCheck, KnowsADecisionThatDoesNotFollow) {
    Payload payload = document();
    payload.policy.basis.rule = "another";
    EXPECT_EQ(codes(payload, with_text(text, "owner"), trust_in("owner")), "E_POLICY_DECISION");
    payload = document();
    payload.method.scheme = "x.gutmann";
    EXPECT_NE(
        codes(payload, with_text(text, "owner"), trust_in("owner")).find("E_METHOD_INSUFFICIENT"),
        std::string::npos);
    payload = document();
    payload.policy.basis.decision->residual = "none";
    EXPECT_EQ(codes(payload, with_text(text, "owner"), trust_in("owner")), "E_RESIDUAL");
}

TEST_F(PolicyCheck, MissesTheWitnessThatTheRuleAsksFor) {
    Payload payload = document();
    payload.signers_required.pop_back();
    EXPECT_EQ(codes(payload, with_text(text, "owner"), trust_in("owner")), "E_POLICY_PEOPLE");
}

TEST_F(PolicyCheck, SaysThatAValidationIsStillToCome) {
    const std::string validated =
        with(small_profile, "people = [\"witness\"]", "people = [\"witness\", \"validator\"]");
    EXPECT_EQ(codes(document(validated), with_text(validated, "owner"), trust_in("owner")),
              "W_NOT_VALIDATED");
}

TEST_F(PolicyCheck, ReadsAProfileAgainForEachDocumentOfAnother) {
    // One after the other, so that what was read for the first does not answer for the second.
    const std::string other = with(small_profile, "id = \"memory-sticks\"", "id = \"sticks\"");
    ProfileTexts texts = with_text(text, "owner");
    texts.add({other, signature(other, "owner"), false});
    const Payload first = document();
    const Payload second = document(other);
    EXPECT_EQ(codes(first, texts, trust_in("owner")), "");
    EXPECT_EQ(codes(second, texts, trust_in("owner")), "");
    Payload mixed = first;
    mixed.policy.basis.decision->profile.sha256 = second.policy.basis.decision->profile.sha256;
    EXPECT_EQ(codes(mixed, texts, trust_in("owner")), "E_POLICY_DECISION");
}

// --- the signer, too, asks the profiles that are shipped ---

TEST_F(PolicyCheck, LetsNoStationSignWhatAShippedProfileDenies) {
    FinishedJob job = job_of();
    const Profile& profile = shipped("uk-official");
    const auto& base = shipped_profiles().front();
    const PolicyRequest request{
        read_classification(profile, "OFFICIAL").value(), Disposition::reuse, std::nullopt, {}};
    Question question = question_about(request, medium_of(job.record.drive));
    question.drive = offering({"overwrite"});
    job.record.plan.policy = basis_of({profile, sha256_hex(base.text), std::nullopt}, request,
                                      question, evaluate(profile, question));
    auto& decision = *job.record.plan.policy.decision;
    decision.classification = "uk.secret";
    decision.classification_given = "SECRET";
    const Payload payload =
        build_payload(job.request(), {DocumentType::certificate, job.record.judgement,
                                      signer->identity(), clock.utc_seconds()});
    const auto findings = check_semantics(encode(payload).value(), payload.type);
    EXPECT_TRUE(std::ranges::any_of(
        findings, [](const CheckFinding& each) { return each.code == "E_POLICY_DECISION"; }));
}

TEST_F(PolicyCheck, WantsADecisionExactlyWhereAPolicyWasApplied) {
    Payload payload = document();
    payload.policy.basis.decision.reset();
    const auto findings = check_semantics(encode(payload).value(), payload.type);
    EXPECT_TRUE(std::ranges::any_of(findings, [](const CheckFinding& each) {
        return each.code == "E_SCHEMA" && each.text.find("policy.decision") != std::string::npos;
    }));
}

} // namespace
} // namespace quietus
