// The numbered controls of the Information security manual (December 2025) as an oracle: what each
// of them says, in our words, held against what au-ism answers.
#include "quietus/policy/evaluate.hpp"

#include "policy_questions.hpp"

#include "quietus/policy/schemes.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace quietus {
namespace {

constexpr const char* all_markings[] = {"au.official", "au.official-sensitive", "au.protected",
                                        "au.secret", "au.top-secret"};
constexpr const char* up_to_protected[] = {"au.official", "au.official-sensitive", "au.protected"};
constexpr const char* secret_and_above[] = {"au.secret", "au.top-secret"};
constexpr const char* magnetic[] = {"hdd", "hdd-zoned", "tape"};
constexpr const char* flash[] = {"ssd-sata", "ssd-sas", "nvme", "emmc", "ufs", "usb-flash", "sd"};
constexpr Disposition leaving[] = {Disposition::downgrade, Disposition::transfer,
                                   Disposition::release, Disposition::repair, Disposition::return_};

Ruling ism(const char* marking, const char* medium, Disposition disposition) {
    return evaluate(shipped("au-ism"), ask(marking, medium, disposition));
}

// Every control that the rule rests on is named in its sources.
bool names(const PolicyRule& rule, const std::string& control) {
    return std::ranges::any_of(rule.sources, [&](const std::string& each) {
        return each.find(control) != std::string::npos;
    });
}

std::size_t random_passes(const std::string& scheme) {
    const auto found = find_scheme(scheme);
    EXPECT_TRUE(found) << scheme;
    if (!found) return 0;
    return static_cast<std::size_t>(
        std::ranges::count((*found)->steps, "random_stream", &SchemeStep::data));
}

bool reads_back(const std::string& scheme) {
    const auto found = find_scheme(scheme);
    return found && (*found)->steps.back().op == "verify";
}

TEST(Ism, Control0354OverwritesMagneticMediaAtRandomAndReadsItBack) {
    for (const char* marking : all_markings)
        for (const char* medium : magnetic) {
            const Ruling answer = ism(marking, medium, Disposition::reuse);
            ASSERT_EQ(answer.decision, Decision::allow) << marking << ' ' << medium;
            EXPECT_TRUE(names(*answer.rule, "ISM-0354"));
            EXPECT_GE(random_passes(answer.rule->schemes.front()), 1U);
            EXPECT_TRUE(reads_back(answer.rule->schemes.front()));
            EXPECT_EQ(answer.rule->verification.mode, VerificationMode::full);
        }
}

TEST(Ism, Control0359OverwritesFlashTwiceAtRandomAndReadsItBack) {
    for (const char* marking : all_markings)
        for (const char* medium : flash) {
            const Ruling answer = ism(marking, medium, Disposition::reuse);
            ASSERT_EQ(answer.decision, Decision::allow) << marking << ' ' << medium;
            EXPECT_TRUE(names(*answer.rule, "ISM-0359"));
            for (const std::string& scheme : answer.rule->schemes) {
                EXPECT_EQ(random_passes(scheme), 2U);
                EXPECT_TRUE(reads_back(scheme));
            }
        }
}

TEST(Ism, Control1067UsesAtaSecureEraseBesideTheOverwriteWhereThereIsOne) {
    Question question = ask("au.protected", "hdd", Disposition::release);
    question.drive = offering({"overwrite", "ata-security-erase"});
    const Ruling answer = evaluate(shipped("au-ism"), question);
    ASSERT_NE(answer.method, nullptr);
    EXPECT_EQ(answer.method->steps.size(), 2U);
    EXPECT_TRUE(names(*answer.rule, "ISM-1067"));
}

TEST(Ism, Control0356KeepsTheClassificationOfSecretMagneticMedia) {
    for (const char* marking : secret_and_above)
        for (const char* medium : magnetic)
            for (const Disposition each : leaving) {
                const Ruling answer = ism(marking, medium, each);
                EXPECT_EQ(answer.decision, Decision::deny) << marking << ' ' << medium;
                EXPECT_TRUE(names(*answer.rule, "ISM-0356"));
            }
}

TEST(Ism, Control0360KeepsTheClassificationOfSecretFlash) {
    for (const char* marking : secret_and_above)
        for (const char* medium : flash)
            for (const Disposition each : leaving) {
                const Ruling answer = ism(marking, medium, each);
                EXPECT_EQ(answer.decision, Decision::deny) << marking << ' ' << medium;
                EXPECT_TRUE(names(*answer.rule, "ISM-0360"));
            }
}

TEST(Ism, Controls0330And0375AskForAFormalDecisionBeforeAnythingLeaves) {
    for (const char* marking : up_to_protected)
        for (const char* medium : {"hdd", "nvme"})
            for (const Disposition each : leaving) {
                const Ruling answer = ism(marking, medium, each);
                ASSERT_EQ(answer.decision, Decision::allow) << marking << ' ' << medium;
                EXPECT_TRUE(names(*answer.rule, "ISM-0330"));
                EXPECT_TRUE(names(*answer.rule, "ISM-0375"));
                EXPECT_EQ(answer.rule->people, std::vector{Participant::validator});
            }
}

TEST(Ism, Control0350DestroysOpticalDiscs) {
    for (const char* marking : all_markings) {
        for (const Disposition each : leaving)
            EXPECT_EQ(ism(marking, "optical", each).decision, Decision::deny);
        const Ruling reuse = ism(marking, "optical", Disposition::reuse);
        EXPECT_EQ(reuse.decision, Decision::deny);
        EXPECT_TRUE(names(*reuse.rule, "ISM-0350"));
        EXPECT_EQ(ism(marking, "optical", Disposition::destroy).decision, Decision::allow);
    }
}

TEST(Ism, Controls0351And0352LeaveVolatileMemoryToAPerson) {
    for (const char* marking : all_markings)
        EXPECT_EQ(ism(marking, "volatile", Disposition::reuse).decision, Decision::escalate);
}

TEST(Ism, Controls0368And1722To1727NameWaysToDestroyAndTheirParticles) {
    for (const char* marking : all_markings)
        for (const char* medium : {"hdd", "tape", "nvme", "usb-flash", "optical"}) {
            const Ruling answer = ism(marking, medium, Disposition::destroy);
            ASSERT_EQ(answer.decision, Decision::allow) << marking << ' ' << medium;
            EXPECT_TRUE(names(*answer.rule, "ISM-0368"));
            for (const std::string& way : answer.rule->destruction) {
                const auto found =
                    std::ranges::find(catalogue().destruction, way, &DestructionMethod::id);
                ASSERT_NE(found, catalogue().destruction.end());
                EXPECT_LE(found->particle_mm.value_or(0), 9U) << way;
            }
        }
}

TEST(Ism, Controls1160And1641DegaussMagneticMediaAndDeformThem) {
    const PolicyRule& rule = *ism("au.secret", "hdd", Disposition::destroy).rule;
    EXPECT_TRUE(names(rule, "ISM-1160") && names(rule, "ISM-1641"));
    EXPECT_NE(std::ranges::find(rule.destruction, "degauss-and-deform"), rule.destruction.end());
    const PolicyRule& of_flash = *ism("au.secret", "nvme", Disposition::destroy).rule;
    EXPECT_EQ(std::ranges::find(of_flash.destruction, "degauss-and-deform"),
              of_flash.destruction.end());
}

TEST(Ism, Controls0370To0373SuperviseADestruction) {
    for (const char* marking : all_markings)
        for (const char* medium : {"hdd", "nvme", "optical"}) {
            const PolicyRule& rule = *ism(marking, medium, Disposition::destroy).rule;
            EXPECT_EQ(rule.people, std::vector{Participant::supervisor});
            for (const char* control : {"ISM-0370", "ISM-0371", "ISM-0372", "ISM-0373"})
                EXPECT_TRUE(names(rule, control)) << control;
        }
}

TEST(Ism, Control1735DestroysWhatCouldNotBeSanitised) {
    for (const PolicyRule& rule : shipped("au-ism").rules)
        EXPECT_EQ(rule.on_failure, OnFailure::destroy) << rule.id;
    EXPECT_TRUE(names(*ism("au.official", "hdd", Disposition::reuse).rule, "ISM-1735"));
}

TEST(Ism, DeniesWhatNoControlSpeaksOf) {
    for (const char* marking : all_markings)
        for (const char* medium : {"image", "virtual", "pmem", "sshd"})
            for (const Disposition each : {Disposition::reuse, Disposition::release})
                EXPECT_EQ(ism(marking, medium, each).decision, Decision::deny);
}

} // namespace
} // namespace quietus
