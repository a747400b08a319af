// Command lines that are wrong, and those that only ask: nothing is touched, and it is said why.
#include "program_fixture.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <sstream>

namespace quietus {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class QuietusUsage : public QuietusProgram {};

TEST_F(QuietusUsage, RefusesUnknownVerbsAndOptions) {
    expect_refusal({"frobnicate"}, 2, "frobnicate");
    expect_refusal({}, 2, "no verb");
    expect_refusal({"key"}, 2, "key init");
    expect_refusal({"list", "--frobnicate"}, 2, "--frobnicate");
    expect_refusal({"list", "--technique", "overwrite"}, 2, "list: takes no option --technique");
    expect_refusal({"list", "image:x"}, 2, "unexpected operand");
    expect_image_refusal({"--techniqe", "overwrite"}, 2, "--techniqe");
}

TEST_F(QuietusUsage, NamesWhatIsMissing) {
    expect_refusal({"plan"}, 2, "plan: needs DRIVE...");
    expect_refusal({"erase"}, 2, "erase: needs DRIVE...");
    expect_refusal({"inspect"}, 2, "inspect: needs DRIVE");
    expect_refusal({"certify"}, 2, "certify: needs JOB");
    expect_refusal({"inspect", "image:" + image, "image:" + image}, 2, "unexpected operand");
    expect_image_refusal({}, 2, "--classification is missing");
    expect_image_refusal({"--technique"}, 2, "--technique");
}

TEST_F(QuietusUsage, RefusesUnknownTechniquesAndSchemes) {
    expect_image_refusal({"--technique", "shred"}, 2, "\"shred\" is not one of overwrite");
    expect_image_refusal({"--technique", "overwrite", "--scheme", "uk.is5.enhancd"}, 2,
                         "no scheme \"uk.is5.enhancd\"");
    expect_image_refusal({"--technique", "overwrite", "--scheme", "uk.is5.enhancd"}, 2,
                         "hint: did you mean uk.is5.enhanced?");
}

TEST_F(QuietusUsage, RefusesAVerificationThatIsWrongOrWeaker) {
    for (const char* mode : {"sample:0", "sample:100", "sample:101", "sample:", "sample:-1",
                             "sample:1.5", "sample: 5", "sample:4294967297", "x", "FULL"})
        expect_refusal(
            {"plan", "image:" + image, "--technique", "overwrite", "--verification", mode}, 2,
            "--verification: verification \"" + std::string(mode) + "\"");
    for (const char* mode : {"sample:99", "none"})
        expect_image_refusal(
            {"--technique", "overwrite", "--scheme", "uk.is5.enhanced", "--verification", mode}, 2,
            "weaker than the full read-back");
}

TEST_F(QuietusUsage, NeverOverridesWhatIsNotToBeOverridden) {
    for (const char* name : {"mounted", "read-only"}) // unit tests have them all
        expect_image_refusal({"--technique", "overwrite", "--override", name}, 2,
                             "--override " + std::string(name) + ": can never be overridden");
    expect_image_refusal({"--technique", "overwrite", "--override", "wek-identity"}, 2,
                         "--override wek-identity: no such interlock");
}

TEST_F(QuietusUsage, RefusesTextThatNoDocumentMayHold) {
    for (const std::string text : {"a\nb", "a\x1b[2Jb", "a\x7f", "\xff"})
        expect_image_refusal({"--technique", "overwrite", "--operator", text}, 2, "--operator: ");
    for (const std::string option :
         {"--reference", "--site", "--marking", "--witness", "--organisation", "--contractor",
          "--country", "--authority", "--hold-clearance"})
        expect_refusal(
            {"plan", "image:" + image, "--technique", "overwrite", option, std::string(5120, 'x')},
            2, option + ": ");
}

TEST_F(QuietusUsage, RefusesAssetTagsThatFitNoDrive) {
    for (const char* pair : {"tag", "=tag", "serial="})
        expect_image_refusal({"--technique", "overwrite", "--asset-tag", pair}, 2,
                             "is not of the form SERIAL=TAG");
    expect_image_refusal({"--technique", "overwrite", "--asset-tag", "S1=tag"}, 2,
                         "--asset-tag: no drive of this run has the serial \"S1\"");
    expect_image_refusal({"--technique", "overwrite", "--asset-tag", "S1=t\x01g"}, 2,
                         "--asset-tag: ");
}

TEST_F(QuietusUsage, RefusesADriveThatIsNamedTwice) {
    expect_refusal({"plan", "image:" + image, "image:" + image, "--technique", "overwrite"}, 2,
                   "named twice");
}

TEST_F(QuietusUsage, NeverPrintsAControlCharacter) {
    for (const auto& words : {Words{"a\x1b]0;title\x07"}, Words{"inspect", "image:/\x1b[2J"},
                              Words{"certify", "\x1b[2J"}, Words{"plan", "\x1b[2J"}}) {
        const auto result = quietus(words);
        EXPECT_EQ(result.status, 2);
        EXPECT_THAT(result.err, Not(HasSubstr("\x1b")));
    }
}

TEST_F(QuietusUsage, WritesNoLogWhereItMayNot) {
    expect_refusal({"--log", directory + "/missing/log", "list"}, 2, "--log: ");
    expect_refusal({"--log", directory, "list"}, 2, "--log: ");
    expect_refusal({"--log", image + "/log", "list"}, 2, "--log: ");
    std::filesystem::create_symlink(image, directory + "/link");
    expect_refusal({"--log", directory + "/link", "list"}, 2, "not a regular file");
    const std::string pipe = directory + "/scratch/pipe";
    ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
    expect_refusal({"--log", pipe, "list"}, 2, "not a regular file");
}

TEST_F(QuietusUsage, AppendsToALogThatIsThere) {
    const std::string log = directory + "/log";
    overwrite(log, "before\n");
    ASSERT_EQ(on_image("erase", {"--confirm", code(), "--log", log}).status, 0);
    EXPECT_THAT(content(log), testing::StartsWith("before\n"));
    EXPECT_THAT(content(log),
                testing::ContainsRegex("Z info committed job=QTS-TEST01-00000001 drive=image:"));
}

TEST_F(QuietusUsage, EndsWithAnErrorObjectWhenAskedForJson) {
    const std::string drive = "image:" + image;
    const std::vector<std::pair<Words, int>> wrong{
        {{"frobnicate"}, 2},
        {{"plan"}, 2},
        {{"plan", drive}, 2},
        {{"plan", drive, "--technique", "overwrite", "--scheme", "x"}, 2},
        {{"inspect", "image:" + directory + "/none"}, 2},
        {{"erase", drive, "--technique", "overwrite"}, 3},
        {{"erase", drive, "--technique", "overwrite", "--confirm", "AAAA-AAAA"}, 3},
        {{"certify", "QTS-TEST01-00000009"}, 2},
        {{"key", "init", "--station", "TEST01"}, 3},
        {{"list", "--log", directory}, 2}};
    for (auto [words, status] : wrong) {
        words.emplace_back("--json");
        const auto result = quietus(words);
        EXPECT_EQ(result.status, status) << testing::PrintToString(words);
        const auto all = lines(result.out);
        ASSERT_FALSE(all.empty()) << testing::PrintToString(words);
        const Json* error = all.back().find("error");
        ASSERT_NE(error, nullptr);
        EXPECT_THAT(keys(*error), testing::ElementsAre("exit_status", "hint", "message", "where"));
        EXPECT_EQ(*error->find("exit_status"), Json(status));
        EXPECT_THAT(std::string(error->text_of("message")), Not(IsEmpty()));
        EXPECT_THAT(std::string(error->text_of("where")), Not(IsEmpty()));
    }
}

TEST_F(QuietusUsage, HelpsWithEveryVerbByExample) {
    for (const char* verb : {"list", "inspect", "plan", "erase", "certify", "selftest"}) {
        const auto result = quietus({verb, "--help"});
        EXPECT_EQ(result.status, 0);
        EXPECT_THAT(result.out, testing::StartsWith("usage: quietus " + std::string(verb)));
        EXPECT_THAT(result.out, HasSubstr("\nexample:\n  quietus " + std::string(verb)));
        EXPECT_EQ(result.err, "");
    }
    EXPECT_THAT(quietus({"key", "init", "--help"}).out, HasSubstr("quietus key init --station"));
    EXPECT_THAT(quietus({"--help"}).out, HasSubstr("erase DRIVE..."));
    EXPECT_THAT(quietus({"--version"}).out, testing::StartsWith("quietus 0."));
}

TEST_F(QuietusUsage, HelpsWithinEightyColumns) {
    for (const Words& words : {Words{"--help"},
                               {"list", "--help"},
                               {"inspect", "--help"},
                               {"plan", "--help"},
                               {"erase", "--help"},
                               {"key", "init", "--help"}}) {
        std::istringstream lines(quietus(words).out);
        for (std::string line; std::getline(lines, line);)
            EXPECT_LE(line.size(), 80u) << line;
    }
    EXPECT_THAT(quietus({"erase", "--help"}).out, HasSubstr(" \\\n  ")) << "a shell takes it so";
}

TEST_F(QuietusUsage, TakesOptionsBeforeAndAfterTheVerb) {
    const auto before = quietus({"--json", "inspect", "image:" + image});
    const auto after = quietus({"inspect", "image:" + image, "--json"});
    EXPECT_EQ(before.status, 0);
    EXPECT_EQ(before.out, after.out);
}

TEST_F(QuietusUsage, DoesNotCallAnAnswerGivenThatNobodyReceived) {
    const auto result = run_command(
        {"sh", "-c", "exec \"$0\" inspect \"$1\" >/dev/full", QUIETUS_PROGRAM, "image:" + image},
        directory + "/scratch");
    EXPECT_EQ(result.status, 8);
    EXPECT_THAT(result.err, HasSubstr("standard output"));
}

} // namespace
} // namespace quietus
