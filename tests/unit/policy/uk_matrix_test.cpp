// The whole of uk-official as a table, typed from the guidance that its rules name: for each
// marking and medium what it takes to use a drive again, to let it go, and to destroy it.
#include "quietus/policy/evaluate.hpp"

#include "policy_questions.hpp"

#include "quietus/policy/explain.hpp"

#include <gtest/gtest.h>

#include <map>

namespace quietus {
namespace {

// What the answer has to be, in short.
//   deny, escalate      nothing is done
//   none, clear, purge  the least level, with a full read-back
//   +w +v               a witness; a validator with a second look at 20 %
//   =6mm =platters =tape   destroyed so, after whatever can be erased
struct Row {
    const char* medium;
    const char* stays;  ///< reuse
    const char* leaves; ///< downgrade, transfer, release, repair, return
    const char* destroyed;
};

constexpr Row official[] = {
    {"hdd", "clear", "purge", "=platters"},  {"hdd-zoned", "clear", "purge", "=platters"},
    {"sshd", "clear", "purge", "=6mm"},      {"ssd-sata", "clear", "purge", "=6mm"},
    {"ssd-sas", "clear", "purge", "=6mm"},   {"nvme", "clear", "purge", "=6mm"},
    {"emmc", "clear", "deny", "=6mm"},       {"ufs", "clear", "deny", "=6mm"},
    {"usb-flash", "clear", "deny", "=6mm"},  {"sd", "clear", "deny", "=6mm"},
    {"tape", "clear", "deny", "=tape"},      {"optical", "deny", "deny", "=6mm"},
    {"virtual", "none+w", "none+w", "deny"}, {"image", "none", "none", "deny"},
    {"pmem", "deny", "deny", "deny"},        {"volatile", "deny", "deny", "deny"},
};

constexpr Row sensitive[] = {
    {"hdd", "purge", "purge+v", "=platters+w"}, {"hdd-zoned", "purge", "purge+v", "=platters+w"},
    {"sshd", "purge", "purge+v", "=6mm+w"},     {"ssd-sata", "purge", "purge+v", "=6mm+w"},
    {"ssd-sas", "purge", "purge+v", "=6mm+w"},  {"nvme", "purge", "purge+v", "=6mm+w"},
    {"usb-flash", "clear", "deny", "=6mm+w"},   {"sd", "clear", "deny", "=6mm+w"},
    {"emmc", "deny", "deny", "deny"},           {"ufs", "deny", "deny", "deny"},
    {"tape", "deny", "deny", "deny"},           {"optical", "deny", "deny", "deny"},
    {"virtual", "deny", "deny", "deny"},        {"image", "deny", "deny", "deny"},
    {"pmem", "deny", "deny", "deny"},           {"volatile", "deny", "deny", "deny"},
};

std::string destruction_in_short(const PolicyRule& rule) {
    using Ways = std::vector<std::string>;
    if (rule.destruction == Ways{"disintegrate-6"}) return "=6mm";
    if (rule.destruction == Ways{"platters-4-pieces", "degauss-and-stop", "degauss-and-deform"})
        return "=platters";
    if (rule.destruction == Ways{"shred-tape", "degauss-and-cut-tape"}) return "=tape";
    return "=?";
}

std::string people_in_short(const PolicyRule& rule) {
    std::string text;
    for (const Participant each : rule.people)
        text += each == Participant::witness ? "+w" : each == Participant::validator ? "+v" : "+?";
    return text;
}

std::string in_short(const Ruling& answer) {
    if (answer.decision != Decision::allow) return std::string(to_text(answer.decision));
    const PolicyRule& rule = *answer.rule;
    EXPECT_EQ(rule.verification, (Verification{VerificationMode::full, 100})) << rule.id;
    EXPECT_EQ(rule.recheck_percent != 0, people_in_short(rule) == "+v") << rule.id;
    EXPECT_EQ(rule.on_failure, OnFailure::destroy) << rule.id;
    if (!rule.destruction.empty()) return destruction_in_short(rule) + people_in_short(rule);
    return std::string(to_text(rule.level)) + people_in_short(rule);
}

std::string answer_for(const char* classification, const char* medium, Disposition disposition) {
    return in_short(evaluate(shipped("uk-official"), ask(classification, medium, disposition)));
}

constexpr Disposition leaving[] = {Disposition::downgrade, Disposition::transfer,
                                   Disposition::release, Disposition::repair, Disposition::return_};

void expect_row(const char* classification, const Row& row) {
    EXPECT_EQ(answer_for(classification, row.medium, Disposition::reuse), row.stays)
        << classification << ' ' << row.medium;
    for (const Disposition each : leaving)
        EXPECT_EQ(answer_for(classification, row.medium, each), row.leaves)
            << classification << ' ' << row.medium << ' ' << to_text(each);
    EXPECT_EQ(answer_for(classification, row.medium, Disposition::destroy), row.destroyed)
        << classification << ' ' << row.medium;
}

TEST(UkOfficial, AnswersOfficialAsTheTableSays) {
    ASSERT_EQ(std::size(official), catalogue().media.size());
    for (const char* marking :
         {"uk.official", "uk.gpms.protect", "uk.gpms.restricted", "uk.il.1", "uk.il.2", "uk.il.3"})
        for (const Row& row : official)
            expect_row(marking, row);
}

TEST(UkOfficial, AnswersOfficialSensitiveAsTheTableSays) {
    ASSERT_EQ(std::size(sensitive), catalogue().media.size());
    for (const Row& row : sensitive)
        expect_row("uk.official-sensitive", row);
}

TEST(UkOfficial, DeniesSecretAndAboveEveryDispositionAndEscalatesTheirDestruction) {
    for (const char* marking :
         {"uk.secret", "uk.top-secret", "uk.gpms.confidential", "uk.il.4", "uk.il.5", "uk.il.6"})
        for (const MediumClass& medium : catalogue().media)
            expect_row(marking, {medium.id.c_str(), "deny", "deny", "escalate"});
}

TEST(UkOfficial, SaysThatADepartmentalProfileIsNeeded) {
    for (const Disposition each : {Disposition::reuse, Disposition::destroy}) {
        const Explanation told = explain(shipped("uk-official"), ask("uk.secret", "nvme", each));
        ASSERT_FALSE(told.reasons.empty());
        EXPECT_NE(told.reasons.front().find("until a signed departmental profile is loaded"),
                  std::string::npos);
    }
}

TEST(UkOfficial, DeniesWhatWasNeverProtected) {
    // The table has no row for it in this profile: a departmental one may.
    for (const MediumClass& medium : catalogue().media)
        expect_row("uk.gpms.unclassified", {medium.id.c_str(), "deny", "deny", "deny"});
}

// --- the techniques in their order ---

std::vector<std::string> techniques_of(const char* classification, const char* medium,
                                       Disposition disposition) {
    std::vector<std::string> names;
    const Ruling answer =
        evaluate(shipped("uk-official"), ask(classification, medium, disposition));
    for (const Method& each : answer.rule->methods)
        if (each.level <= level_on(each, *find_medium(medium)) &&
            obstacle_of(each, ask(classification, medium, disposition)) == Obstacle::none)
            names.push_back(name_of(each));
    return names;
}

using Names = std::vector<std::string>;

TEST(UkOfficial, PrefersSanitizeOnHardDisksAndFallsBackToAnOverwrite) {
    EXPECT_EQ(
        techniques_of("uk.official", "hdd", Disposition::release),
        (Names{"ata-sanitize-overwrite", "scsi-sanitize-overwrite", "ata-sanitize-crypto-scramble",
               "scsi-sanitize-crypto-erase", "ata-security-erase-enhanced", "overwrite"}));
}

TEST(UkOfficial, HasNoFallbackForOfficialSensitiveHardDisks) {
    for (const Disposition each : leaving)
        for (const std::string& name : techniques_of("uk.official-sensitive", "hdd", each))
            EXPECT_NE(name, "overwrite");
}

TEST(UkOfficial, PrefersBlockEraseToAKeyOnSolidStateDrives) {
    EXPECT_EQ(techniques_of("uk.official", "nvme", Disposition::release),
              (Names{"nvme-sanitize-block-erase", "nvme-sanitize-crypto-erase",
                     "nvme-sanitize-overwrite"}));
    EXPECT_EQ(techniques_of("uk.official-sensitive", "nvme", Disposition::release),
              (Names{"nvme-sanitize-block-erase", "nvme-sanitize-crypto-erase",
                     "nvme-sanitize-crypto-erase then nvme-sanitize-block-erase"}));
}

TEST(UkOfficial, TakesTwoRandomPassesOnRemovableFlash) {
    const Ruling answer =
        evaluate(shipped("uk-official"), ask("uk.official", "usb-flash", Disposition::reuse));
    EXPECT_EQ(answer.rule->schemes, Names{"au.ism.flash"}); // ISM-0359
}

} // namespace
} // namespace quietus
