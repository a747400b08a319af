#include "quietus/policy/lint.hpp"

#include "profile_texts.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace quietus {
namespace {

using Flaws = std::vector<ProfileFlaw>;

std::string codes_of(const Flaws& flaws) {
    std::string text;
    for (const ProfileFlaw& flaw : flaws)
        text += (text.empty() ? "" : ", ") + flaw.code + " " + std::to_string(flaw.line);
    return text;
}

const ProfileFlaw* find_flaw(const Flaws& flaws, std::string_view code) {
    const auto found = std::ranges::find(flaws, code, &ProfileFlaw::code);
    return found == flaws.end() ? nullptr : &*found;
}

std::string second_rule(const char* changes) {
    return std::string(small_profile) + "\n[[rule]]\n" + changes;
}

constexpr const char* allowing_rule = "classifications = [\"uk.official\"]\n"
                                      "media = [\"nvme\"]\n"
                                      "dispositions = [\"reuse\"]\n"
                                      "decision = \"allow\"\n"
                                      "residual = \"some\"\n"
                                      "retention_years = 1\n"
                                      "people = [\"witness\"]\n"
                                      "confidence = \"memory\"\n"
                                      "sources = [\"one\"]\n";

TEST(Lint, FindsNothingInASoundProfile) {
    EXPECT_EQ(codes_of(lint(small_profile)), "");
}

TEST(Lint, TellsWhatKeepsTheTextFromBeingAProfile) {
    const Flaws flaws = lint(with(small_profile, "media = [\"usb-flash\"]", "media = [\"disc\"]"));
    EXPECT_EQ(codes_of(flaws), "unknown-name 19");
    EXPECT_EQ(codes_of(lint("not toml at all")), "syntax 1");
}

TEST(Lint, FindsGaps) {
    // Without the profile that it extends nothing else is answered.
    auto text = with(small_profile, "extends = \"uk-official\"\n", "");
    text = with(text, "extends_version = 1\n", "");
    const Flaws flaws = lint(text);
    const ProfileFlaw* gap = find_flaw(flaws, "gap");
    ASSERT_NE(gap, nullptr);
    EXPECT_EQ(gap->line, 1U);
    const auto of = [&](const std::string& start) {
        return std::ranges::find_if(flaws, [&](const ProfileFlaw& each) {
            return each.code == "gap" && each.text.find(start) != std::string::npos;
        });
    };
    ASSERT_NE(of("uk.official-sensitive, reuse"), flaws.end());
    EXPECT_EQ(of("uk.official-sensitive, reuse")->text.find("usb-flash"),
              std::string::npos); // that one is there
    ASSERT_NE(of("uk.secret, destroy"), flaws.end());
    EXPECT_NE(of("uk.secret, destroy")->text.find("hdd,"), std::string::npos);
}

TEST(Lint, FindsARuleThatEarlierOnesLeaveNothing) {
    const std::string text = second_rule("id = \"again\"\n"
                                         "classifications = [\"uk.official-sensitive\"]\n"
                                         "media = [\"usb-flash\"]\n"
                                         "dispositions = [\"reuse\"]\n"
                                         "destinations = [\"same\"]\n"
                                         "decision = \"deny\"\n"
                                         "reason = \"no\"\n"
                                         "confidence = \"memory\"\n"
                                         "sources = [\"one\"]\n");
    EXPECT_EQ(codes_of(lint(text)), "unreachable 34");
    // One that is left a single destination is reached.
    EXPECT_EQ(codes_of(lint(with(text, "destinations = [\"same\"]",
                                 "destinations = [\"same\", "
                                 "\"lower\"]"))),
              "");
}

TEST(Lint, FindsAClaimBeyondWhatATechniqueMayMake) {
    const std::string text = second_rule("id = \"more\"\n"
                                         "level = \"purge\"\n"
                                         "techniques = [\"overwrite\"]\n"
                                         "schemes = [\"x.gutmann\"]\n") +
                             allowing_rule;
    const Flaws flaws = lint(text);
    EXPECT_EQ(std::ranges::count(flaws, "claim", &ProfileFlaw::code), 2); // technique and scheme
    const ProfileFlaw* claim = find_flaw(flaws, "claim");
    ASSERT_NE(claim, nullptr);
    EXPECT_EQ(claim->line, 34U);
    EXPECT_NE(find_flaw(flaws, "never"), nullptr);
}

TEST(Lint, FindsAMediumWhereNothingSuffices) {
    const std::string text = second_rule("id = \"wrong\"\n"
                                         "level = \"clear\"\n"
                                         "techniques = [\"ata-sanitize-overwrite\"]\n") +
                             allowing_rule;
    const Flaws flaws = lint(text);
    ASSERT_NE(find_flaw(flaws, "never"), nullptr);
    EXPECT_NE(find_flaw(flaws, "never")->text.find("nvme"), std::string::npos);
}

TEST(Lint, FindsWordsThatNobodyCanProve) {
    const std::string claim = std::string("military") + "-grade";
    const Flaws flaws =
        lint(with(small_profile, "residual = \"spare", "residual = \"" + claim + " spare"));
    EXPECT_EQ(codes_of(flaws), "forbidden-claim 16");
}

TEST(Lint, FindsAHigherClassificationWithLess) {
    const std::string text = second_rule("id = \"secret\"\n"
                                         "classifications = [\"uk.secret\"]\n"
                                         "media = [\"hdd\"]\n"
                                         "dispositions = [\"reuse\"]\n"
                                         "destinations = [\"unstated\", \"same\"]\n"
                                         "decision = \"allow\"\n"
                                         "level = \"clear\"\n"
                                         "techniques = [\"overwrite\"]\n"
                                         "residual = \"some\"\n"
                                         "retention_years = 1\n"
                                         "confidence = \"memory\"\n"
                                         "sources = [\"one\"]\n");
    const Flaws flaws = lint(text);
    const ProfileFlaw* weaker = find_flaw(flaws, "weaker");
    ASSERT_NE(weaker, nullptr); // of OFFICIAL-SENSITIVE a purge is asked
    EXPECT_EQ(weaker->line, 34U);
    EXPECT_NE(weaker->text.find("uk.secret"), std::string::npos);
}

// --- claims: the words that must stand nowhere ---

TEST(ForbiddenClaim, IsFoundHoweverItIsWritten) {
    // Put together here, so that a search for them in these sources finds none.
    const std::string un = "un";
    const std::string ncsc = "NCSC";
    EXPECT_NE(forbidden_claim("it is " + un + "recoverable."), "");
    EXPECT_NE(forbidden_claim(un + "recoverably gone"), "");
    EXPECT_NE(forbidden_claim("MILITARY" + std::string("  Grade")), "");
    EXPECT_NE(forbidden_claim("this is " + ncsc + " approved"), "");
    EXPECT_NE(forbidden_claim("this is " + ncsc + "-approved"), "");
    EXPECT_NE(forbidden_claim("CESG-approved"), "");
    EXPECT_NE(forbidden_claim("BSI approved"), "");
    EXPECT_NE(forbidden_claim("IS5-compliant"), "");
    EXPECT_NE(forbidden_claim("compliant with IS5"), "");
    EXPECT_NE(forbidden_claim("compliant with\nNCSC guidance"), "");
    EXPECT_NE(forbidden_claim("DoD compliant"), "");
    EXPECT_NE(forbidden_claim("securely" + std::string(" erased")), "");
}

TEST(ForbiddenClaim, LetsWhatCanBeProvedStand) {
    EXPECT_EQ(forbidden_claim("pattern of HMG IS5 Enhanced"), "");
    EXPECT_EQ(forbidden_claim("level per the shipped technique table; verified; validated by"), "");
    EXPECT_EQ(forbidden_claim("NCSC, Secure sanitisation and disposal"), "");
    EXPECT_EQ(forbidden_claim("approved by the SIRO"), "");
    EXPECT_EQ(forbidden_claim(""), "");
}

} // namespace
} // namespace quietus
