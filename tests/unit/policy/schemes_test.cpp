#include "quietus/policy/schemes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <set>

namespace quietus {
namespace {

// Each step in short: lower-case pattern bytes, "s" stream, "c" fresh character, "r" the same
// character again, "~" complement, "#" stamp, "v" full read-back. Typed from the descriptions that
// the catalogue names as its sources.
std::string spelled(const SchemeStep& step) {
    if (step.op == "verify") return "v";
    if (step.data == "random_stream") return "s";
    if (step.data == "random_char") return step.reuse ? "r" : "c";
    if (step.data.starts_with("complement")) return "~";
    if (step.data == "lba_stamp") return "#";
    std::string bytes = step.bytes;
    std::ranges::transform(bytes, bytes.begin(), [](unsigned char each) {
        return static_cast<char>(std::tolower(each));
    });
    return bytes;
}

std::string spelled(const std::vector<SchemeStep>& steps) {
    std::string text;
    for (const SchemeStep& step : steps)
        text += (text.empty() ? "" : " ") + spelled(step);
    return text;
}

struct Expected {
    const char* id;
    const char* steps;
};

constexpr Expected expected_schemes[] = {
    {"generic.zero", "00"},
    {"generic.one", "ff"},
    {"generic.random", "s"},
    {"uk.ncsc.official-overwrite", "s v"},
    {"uk.moj.3-random", "s s s v"},
    {"uk.is5.baseline", "00 v"},
    {"uk.is5.enhanced", "00 ff s v"},
    {"us.nist.clear", "00 v"},
    {"us.nist.r1.clear-flash", "c ~ v"},
    {"us.dod.5220-22-m.d", "c ~ c v"},
    {"us.dod.5220-22-m.e", "c ~ c"},
    {"us.dod.5220-22-m.ece", "c ~ s c c ~ s v"},
    {"us.army.ar380-19", "c c ~ v"},
    {"us.af.afssi-5020", "00 ff c v"},
    {"us.navy.navso-5239-26.rll", "ff e4ffffff s v"},
    {"us.navy.navso-5239-26.mfm", "ff fdffffff s v"},
    {"us.ncsc-tg-025", "35 ca 97 v"},
    {"us.nnsa.nap-14-1-c", "s s 00 v"},
    {"de.vsitr", "00 ff 00 ff 00 ff aa v"},
    {"de.tl-03423.vsitr", "ff # v ~ 00 ff 00 aa v"},
    {"de.bsi-9", "ff fe fd fb f7 ef df bf 7f"},
    {"ru.gost-r-50739-95", "00 s"},
    {"ca.rcmp.ops-ii", "00 ff 00 ff 00 ff c v"},
    {"ca.csec.itsg-06", "00 ff s v"},
    {"au.ism.magnetic", "s v"},
    {"au.ism.flash", "s s v"},
    {"au.asci33", "c ~ r ~ s"},
    {"cn.bmb21-2019", "ff 00 s s s ff v"},
    // Gutmann 1996, table in section 5: passes 5 to 31 between four random ones on either side.
    {"x.gutmann", "s s s s "
                  "55 aa 924924 492492 249249 "
                  "00 11 22 33 44 55 66 77 88 99 aa bb cc dd ee ff "
                  "924924 492492 249249 6db6db b6db6d db6db6 "
                  "s s s s"},
    {"x.schneier", "ff 00 s s s s s"},
    {"x.pfitzner7", "s s s s s s s"},
    {"x.pfitzner33", "s s s s s s s s s s s s s s s s s s s s s s s s s s s s s s s s s"},
};

TEST(Schemes, HoldsExactlyTheKnownSchemesInOrder) {
    ASSERT_EQ(schemes().size(), 32u);
    ASSERT_EQ(std::size(expected_schemes), 32u);
    for (std::size_t index = 0; index < schemes().size(); ++index)
        EXPECT_EQ(schemes()[index].id, expected_schemes[index].id);
}

TEST(Schemes, WritesWhatEachSchemesDescriptionSays) {
    for (const Expected& expected : expected_schemes) {
        const auto scheme = find_scheme(expected.id);
        ASSERT_TRUE(scheme) << expected.id;
        EXPECT_EQ(spelled((*scheme)->steps), expected.steps) << expected.id;
    }
}

TEST(Schemes, NeverClaimMoreThanClear) {
    for (const Scheme& scheme : schemes())
        EXPECT_EQ(scheme.max_claim, "clear") << scheme.id;
}

TEST(Schemes, NameTheirSourcesAndHowSureTheyAre) {
    const std::set<std::string> known = {"primary", "primary-restated", "secondary", "implementers",
                                         "memory"};
    for (const Scheme& scheme : schemes()) {
        EXPECT_TRUE(known.contains(scheme.confidence)) << scheme.id;
        EXPECT_FALSE(scheme.sources.empty()) << scheme.id;
        EXPECT_FALSE(scheme.status.empty()) << scheme.id;
        EXPECT_FALSE(scheme.title.empty()) << scheme.id;
    }
}

TEST(Schemes, KeepWhatIsKnownOfWithdrawalAndOtherReadings) {
    EXPECT_EQ((*find_scheme("de.vsitr"))->status, "withdrawn 2009");
    EXPECT_EQ((*find_scheme("us.nist.r1.clear-flash"))->confidence, "memory");
    const auto enhanced = *find_scheme("uk.is5.enhanced");
    ASSERT_EQ(enhanced->variants.size(), 1u);
    EXPECT_EQ(spelled(enhanced->variants[0]), "ff 00 s v");
    EXPECT_TRUE((*find_scheme("us.nnsa.nap-14-1-c"))->note.empty());
}

TEST(Schemes, NamesTheNearestWhenThereIsNoSuch) {
    const auto missing = find_scheme("is5-enhanced");
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().fault, Fault::usage);
    EXPECT_EQ(missing.error().message, "no scheme \"is5-enhanced\"");
    EXPECT_NE(missing.error().hint.find("uk.is5.enhanced"), std::string::npos);
    EXPECT_NE(find_scheme("gutmann").error().hint.find("x.gutmann"), std::string::npos);
}

TEST(Schemes, RefusesHostileNamesInOneLine) {
    EXPECT_FALSE(find_scheme(""));
    EXPECT_FALSE(find_scheme("UK.IS5.ENHANCED"));
    const auto hostile = find_scheme("\x1b[2J\n");
    ASSERT_FALSE(hostile);
    EXPECT_EQ(hostile.error().message.find_first_of("\x1b\n"), std::string::npos);
}

} // namespace
} // namespace quietus
