#include "quietus/policy/profile.hpp"

#include "policy_questions.hpp"
#include "profile_texts.hpp"

#include "quietus/policy/evaluate.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace quietus {
namespace {

TEST(Profile, ReadsADepartmentsOwn) {
    const auto profile = parse_profile(small_profile);
    ASSERT_TRUE(profile) << profile.error().message;
    EXPECT_EQ(profile->id, "example-department");
    EXPECT_EQ(profile->version, 3U);
    EXPECT_EQ(profile->extends, (ProfileName{"uk-official", 1}));
    EXPECT_EQ(profile->valid_until, profile->valid_from + 365 * 86400);
    const PolicyRule& rule = profile->rules.front();
    EXPECT_EQ(rule.id, "memory-sticks");
    EXPECT_EQ(rule.profile, "example-department");
    EXPECT_EQ(rule.line, 16U);
    EXPECT_EQ(rule.people, std::vector{Participant::witness});
    EXPECT_EQ(rule.retention_years, 10U);
}

TEST(Profile, PutsItsRulesBeforeThoseOfTheOneItExtends) {
    const auto profile = parse_profile(small_profile);
    ASSERT_TRUE(profile);
    EXPECT_EQ(profile->rules.size(), shipped("uk-official").rules.size() + 1);
    const auto rule_for = [&](const char* medium) {
        const Ruling answer =
            evaluate(*profile, ask("uk.official-sensitive", medium, Disposition::reuse));
        return answer.rule->profile + "/" + answer.rule->id;
    };
    EXPECT_EQ(rule_for("usb-flash"), "example-department/memory-sticks");
    EXPECT_EQ(rule_for("nvme"), "uk-official/sensitive-ssd-reuse");
}

TEST(Profile, TakesAManyMediaRuleByTheWordAny) {
    const auto profile =
        parse_profile(with(small_profile, "media = [\"usb-flash\"]", "media = [\"any\"]"));
    ASSERT_TRUE(profile);
    EXPECT_EQ(profile->rules.front().media.size(), static_cast<int>(catalogue().media.size()));
}

// --- every field, given badly ---

struct BadField {
    const char* what;
    const char* instead;
    const char* code;
    std::uint32_t line;
};

constexpr BadField bad_fields[] = {
    {"id = \"example-department\"", "id = \"Example\"", "wrong-value", 2},
    {"id = \"example-department\"\n", "", "missing", 1},
    {"id = \"example-department\"", "id = 7", "wrong-value", 2},
    {"title = \"Example Department\"", "title = \"\"", "wrong-value", 3},
    {"title = \"Example Department\"\n", "", "missing", 1},
    {"version = 3\n", "version = 0\n", "wrong-value", 4},
    {"version = 3\n", "version = \"3\"\n", "wrong-value", 4},
    {"version = 3\n", "version = 3.5\n", "wrong-value", 4},
    {"version = 3\n", "version = -1\n", "wrong-value", 4},
    {"authority = \"SIRO of Example Department\"\n", "", "missing", 1},
    {"jurisdiction = \"GB\"\n", "", "missing", 1},
    {"valid_from = \"2026-11-01T00:00:00Z\"", "valid_from = \"yesterday\"", "wrong-value", 7},
    {"valid_from = \"2026-11-01T00:00:00Z\"", "valid_from = 2026-11-01", "wrong-value", 7},
    {"valid_until = \"2027-11-01T00:00:00Z\"", "valid_until = \"2026-10-01T00:00:00Z\"",
     "wrong-value", 1},
    {"extends = \"uk-official\"", "extends = \"uk-secret\"", "no-such-base", 9},
    {"extends_version = 1", "extends_version = 2", "no-such-base", 9},
    {"extends_version = 1\n", "", "missing", 1},
    {"\"uk-gsc\", \"uk-gpms\"", "\"uk-gsc\", \"uk-gmps\"", "unknown-name", 11},
    {"overrides = [\"weak-identity\"]", "overrides = [\"mount\"]", "unknown-name", 12},
    {"confidence = \"own-reading\"\nsources = [\"Example Department, media policy 7\"]",
     "confidence = \"sure\"\nsources = [\"Example Department, media policy 7\"]", "unknown-name",
     13},
    {"sources = [\"Example Department, media policy 7\"]", "sources = []", "wrong-value", 14},
    {"sources = [\"Example Department, media policy 7\"]", "sources = [1]", "wrong-value", 14},
    {"id = \"memory-sticks\"\n", "", "missing", 16},
    {"classifications = [\"uk.official-sensitive\"]", "classifications = [\"uk.offical\"]",
     "unknown-name", 18},
    {"classifications = [\"uk.official-sensitive\"]", "classifications = \"uk.official-sensitive\"",
     "wrong-value", 18},
    {"media = [\"usb-flash\"]", "media = [\"hard-disk\"]", "unknown-name", 19},
    {"media = [\"usb-flash\"]\n", "", "missing", 16},
    {"dispositions = [\"reuse\"]", "dispositions = [\"sale\"]", "unknown-name", 20},
    {"destinations = [\"unstated\", \"same\"]", "destinations = [\"near\"]", "unknown-name", 21},
    {"decision = \"allow\"", "decision = \"maybe\"", "unknown-name", 22},
    {"decision = \"allow\"", "decision = \"deny\"", "missing", 16},
    {"level = \"clear\"", "level = \"wipe\"", "unknown-name", 23},
    {"level = \"clear\"\n", "", "missing", 16},
    {"techniques = [\"overwrite\"]", "techniques = [\"overwrit\"]", "unknown-name", 24},
    {"techniques = [\"overwrite\"]", "techniques = [\"overwrite then trimm\"]", "unknown-name", 24},
    {"techniques = [\"overwrite\"]", "techniques = [{ level = \"clear\" }]", "missing", 24},
    {"techniques = [\"overwrite\"]", "techniques = [{ do = \"overwrite\", requires = [\"luck\"] }]",
     "unknown-name", 24},
    {"techniques = [\"overwrite\"]", "techniques = [{ do = \"overwrite\", level = \"purge\" }]",
     "wrong-value", 24},
    {"techniques = [\"overwrite\"]", "techniques = [{ do = \"overwrite\", when = \"now\" }]",
     "unknown-member", 24},
    {"techniques = [\"overwrite\"]\n", "", "missing", 16},
    {"schemes = [\"uk.is5.enhanced\"]", "schemes = [\"uk.is5\"]", "unknown-name", 25},
    {"verification = \"full\"", "verification = \"none\"", "wrong-value", 26},
    {"verification = \"full\"", "verification = \"sample:0\"", "wrong-value", 26},
    {"people = [\"witness\"]", "people = [\"friend\"]", "unknown-name", 27},
    {"residual = \"spare blocks keep what they held\"\n", "", "missing", 16},
    {"duties = [\"file the document\"]", "duties = \"file the document\"", "wrong-value", 29},
    {"retention_years = 10", "retention_years = 0", "wrong-value", 30},
    {"retention_years = 10\n", "", "missing", 16},
    {"retention_years = 10", "recheck_percent = 101\nretention_years = 10", "wrong-value", 30},
    {"retention_years = 10", "remapped_at_most = -1\nretention_years = 10", "wrong-value", 30},
    {"retention_years = 10", "destruction = [\"burn\"]\nretention_years = 10", "unknown-name", 30},
    {"retention_years = 10", "on_failure = \"sell\"\nretention_years = 10", "unknown-name", 30},
    {"retention_years = 10", "retention_year = 10\nretention_years = 10", "unknown-member", 30},
    {"[[rule]]", "[rule]", "wrong-value", 16},
    {"[profile]", "[profil]", "missing", 1},
    {"version = 3\n", "version = \n", "syntax", 4},
};

TEST(Profile, TellsTheLineOfEveryBadField) {
    for (const BadField& each : bad_fields) {
        const ProfileReading reading = read_profile(with(small_profile, each.what, each.instead));
        EXPECT_FALSE(reading.profile) << each.instead;
        EXPECT_TRUE(std::ranges::any_of(reading.flaws,
                                        [&](const ProfileFlaw& flaw) {
                                            return flaw.code == each.code && flaw.line == each.line;
                                        }))
            << each.instead << " gave "
            << (reading.flaws.empty() ? "nothing"
                                      : reading.flaws.front().code + " in line " +
                                            std::to_string(reading.flaws.front().line));
    }
}

TEST(Profile, ForgivesNoMissingMemberOfAnyName) {
    // Each member of the profile's head taken away by itself: all but the optional ones are missed.
    const std::string text(small_profile);
    for (const char* optional : {"valid_until", "overrides"})
        EXPECT_TRUE(parse_profile(with(text, std::string("\n") + optional + " = ", "\n# was = ")));
}

TEST(Profile, TellsAllFlawsAtOnceInTheOrderOfTheirLines) {
    auto text = with(small_profile, "version = 3\n", "version = 0\n");
    text = with(text, "media = [\"usb-flash\"]", "media = [\"usb-flash\", \"disc\"]");
    text = with(text, "level = \"clear\"", "level = \"clean\"");
    const ProfileReading reading = read_profile(text);
    ASSERT_EQ(reading.flaws.size(), 4U); // the level is missing then, too
    EXPECT_TRUE(std::ranges::is_sorted(reading.flaws, {}, &ProfileFlaw::line));
}

TEST(Profile, RefusesASecondRuleOfTheSameId) {
    const std::string text(small_profile);
    const auto rule = text.substr(text.find("[[rule]]"));
    const ProfileReading reading = read_profile(text + "\n" + rule);
    ASSERT_EQ(reading.flaws.size(), 1U);
    EXPECT_EQ(reading.flaws.front().code, "doubled");
}

TEST(Profile, ExtendsOnlyWhatIsShippedAndNotItself) {
    EXPECT_FALSE(
        parse_profile(with(small_profile, "id = \"example-department\"", "id = \"uk-official\"")));
}

TEST(Profile, NamesNothingHostileInItsErrors) {
    const auto profile = parse_profile(
        with(small_profile, "media = [\"usb-flash\"]", "media = [\"\\u001b[31mred\"]"));
    ASSERT_FALSE(profile);
    EXPECT_EQ(profile.error().message.find('\x1b'), std::string::npos);
    EXPECT_EQ(profile.error().fault, Fault::invalid);
}

// --- markings as people write them ---

std::string read_as(std::string_view text) {
    const auto stated = read_classification(shipped("uk-official"), text);
    if (!stated) return "refused";
    std::string all = catalogue()[stated->id].id;
    for (const std::string& caveat : stated->caveats)
        all += " + " + caveat;
    return all;
}

TEST(Classification, IsReadAsPeopleWriteIt) {
    EXPECT_EQ(read_as("OFFICIAL"), "uk.official");
    EXPECT_EQ(read_as("official"), "uk.official");
    EXPECT_EQ(read_as("Official-Sensitive"), "uk.official-sensitive");
    EXPECT_EQ(read_as("OFFICIAL SENSITIVE"), "uk.official-sensitive");
    EXPECT_EQ(read_as("O-S"), "uk.official-sensitive");
    EXPECT_EQ(read_as("TOP SECRET"), "uk.top-secret");
    EXPECT_EQ(read_as("top_secret"), "uk.top-secret");
    EXPECT_EQ(read_as("  top   secret "), "uk.top-secret");
    EXPECT_EQ(read_as("NPM"), "uk.gpms.unclassified");
    EXPECT_EQ(read_as("il3"), "uk.il.3");
}

TEST(Classification, CarriesItsCaveats) {
    EXPECT_EQ(read_as("OFFICIAL-SENSITIVE COMMERCIAL"), "uk.official-sensitive + COMMERCIAL");
    EXPECT_EQ(read_as("SECRET UK EYES ONLY"), "uk.secret + UK EYES ONLY");
    EXPECT_EQ(read_as("TOP SECRET ACCOUNTABLE UK EYES ONLY"),
              "uk.top-secret + ACCOUNTABLE + UK EYES ONLY");
    // Personal data makes more of it than the marking says.
    EXPECT_EQ(read_as("OFFICIAL PERSONAL"), "uk.official-sensitive + PERSONAL");
    EXPECT_EQ(read_as("OFFICIAL BULK PERSONAL DATA"), "uk.official-sensitive + BULK PERSONAL DATA");
    EXPECT_EQ(read_as("SECRET PERSONAL"), "uk.secret + PERSONAL");
}

TEST(Classification, LeavesConfidentialOpenUntilSomebodyDecides) {
    EXPECT_EQ(read_as("CONFIDENTIAL"), "uk.gpms.confidential");
    EXPECT_EQ(read_as("CONFIDENTIAL=OFFICIAL-SENSITIVE"), "uk.official-sensitive");
    EXPECT_EQ(read_as("IL4=SECRET"), "uk.secret");
    EXPECT_EQ(read_as("CONFIDENTIAL=OFFICIAL"), "refused"); // not among what it may count as
    EXPECT_EQ(read_as("SECRET=OFFICIAL"), "refused");       // decided already
    const auto stated =
        read_classification(shipped("uk-official"), "CONFIDENTIAL=OFFICIAL-SENSITIVE");
    ASSERT_TRUE(stated);
    EXPECT_TRUE(stated->decided);
    EXPECT_EQ(stated->given, "CONFIDENTIAL=OFFICIAL-SENSITIVE");
}

TEST(Classification, IsRefusedWithTheListOfTheProfile) {
    for (const char* bad : {"", "PROTECTED", "OFFICIAL COSMIC", "OFFICIALS", "=",
                            "SECRET=", "OFFICIAL\t", "OFFICIAL\n", "OFFICIAL\x1b[2J"}) {
        const auto stated = read_classification(shipped("uk-official"), bad);
        ASSERT_FALSE(stated) << bad;
        EXPECT_EQ(stated.error().fault, Fault::usage);
    }
    const auto stated = read_classification(shipped("au-ism"), "RESTRICTED");
    ASSERT_FALSE(stated);
    EXPECT_NE(stated.error().hint.find("OFFICIAL: Sensitive"), std::string::npos);
}

TEST(Classification, BelongsToTheProfilesOwnSchemes) {
    const auto stated = read_classification(shipped("au-ism"), "SECRET");
    ASSERT_TRUE(stated);
    EXPECT_EQ(catalogue()[stated->id].id, "au.secret");
    EXPECT_EQ(read_as("SECRET"), "uk.secret");
}

} // namespace
} // namespace quietus
