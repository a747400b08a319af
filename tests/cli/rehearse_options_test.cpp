// What a SANITIZE can be told besides, as a trainee tells it: on the plan, in the command, on the
// document, and in what becomes of a drive that fails.
#include "rehearse_fixture.hpp"

#include <string>
#include <vector>

namespace quietus {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class RehearseOptions : public Rehearse {
  protected:
    /// The shipped drives, with more said of the one that has a part hidden.
    [[nodiscard]] std::string with(const std::string& more) const {
        const std::string place = "hidden_by = \"hpa\"\n";
        return changed("firmware", place, place + more + "\n");
    }
    [[nodiscard]] std::string journal() const {
        return content(training + "/jobs/QTS-REHEARSAL-00000001/journal.jsonl");
    }
};

const std::vector<std::string> all_flags{"--technique",
                                         "ata-sanitize-overwrite",
                                         "--pattern",
                                         "01020304",
                                         "--passes",
                                         "3",
                                         "--invert",
                                         "--definitive-ending",
                                         "--allow-unrestricted-exit",
                                         "--zoned-no-reset"};

// COUNT: 8000h ZONED NO RESET, 0080h INVERT, 0040h DEFINITIVE ENDING PATTERN, 0010h FAILURE MODE,
// three passes; LBA: "OW" above the pattern. In ATA PASS-THROUGH (16) the octets stand in pairs.
TEST_F(RehearseOptions, ReachTheDriveAsTheStandardHasThem) {
    const std::string path = with("zoned = true");
    const auto result = erased_in(path, "rehearsal:two", all_flags);
    ASSERT_EQ(result.status, 0) << result.out << result.err;
    EXPECT_THAT(journal(), HasSubstr("850720001480d3010457034f0240b400"));
    const auto payload = parse_json(content(document));
    ASSERT_TRUE(payload);
    const Json& options = *payload->find("method")->find("options");
    EXPECT_EQ(*options.find("definitive_end"), Json(true));
    EXPECT_EQ(*options.find("may_leave_failed"), Json(true));
    EXPECT_EQ(*options.find("zoned_no_reset"), Json(true));
    EXPECT_EQ(payload->text_of("verdict"), "erased");
    EXPECT_EQ(audit({"verify", document}).status, 9);
}

TEST_F(RehearseOptions, AreShownOnThePlan) {
    const std::string path = with("zoned = true");
    Words words = all_flags;
    words.insert(words.begin(), {"plan", "rehearsal:two"});
    EXPECT_THAT(in(path, words).out,
                AllOf(HasSubstr("3 passes of 01020304, inverted between passes, the last as it is "
                                "given"),
                      HasSubstr("released from that by a word"), HasSubstr("stay full")));
    const auto plain = in(path, {"plan", "rehearsal:two", "--technique", "ata-sanitize-overwrite"});
    EXPECT_THAT(plain.out, AllOf(HasSubstr("no other command until a SANITIZE succeeds"),
                                 Not(HasSubstr("stay full")), Not(HasSubstr("as it is given"))));
    const auto security =
        in_scenario("firmware", {"plan", "rehearsal:two", "--technique", "ata-security-erase"});
    EXPECT_THAT(security.out, Not(HasSubstr("if it fails")));
}

TEST_F(RehearseOptions, AreRefusedWhereTheyMeanNothing) {
    const auto told = [this](const Words& more) {
        Words words{"plan", "rehearsal:two"};
        words.insert(words.end(), more.begin(), more.end());
        const auto result = in_scenario("firmware", words);
        EXPECT_EQ(result.status, 2) << testing::PrintToString(more);
        return result.err;
    };
    const std::string owners = "ata-sanitize-crypto-scramble or ata-sanitize-block-erase or "
                               "ata-sanitize-overwrite";
    for (const std::string option : {"--allow-unrestricted-exit", "--zoned-no-reset"})
        for (const std::string technique :
             {"ata-security-erase", "ata-security-erase-enhanced", "overwrite"})
            EXPECT_THAT(told({"--technique", technique, option}),
                        AllOf(HasSubstr(option + ": " + technique + " has no such option"),
                              HasSubstr(owners)));
    for (const std::string technique :
         {"ata-sanitize-block-erase", "ata-security-erase", "overwrite"})
        EXPECT_THAT(told({"--technique", technique, "--definitive-ending"}),
                    HasSubstr("--definitive-ending: " + technique + " has no such option"));
    EXPECT_THAT(told({"--technique", "ata-sanitize-overwrite", "--definitive-ending"}),
                HasSubstr("without --invert"));
    for (const std::string option :
         {"--allow-unrestricted-exit", "--zoned-no-reset", "--definitive-ending"})
        EXPECT_THAT(told({"--classification", "OFFICIAL", "--disposition", "reuse", option}),
                    HasSubstr("policy decides"));
}

// Before anything is touched, and as what the drive cannot do: 4.
TEST_F(RehearseOptions, AreRefusedOfDrivesThatDoNotHaveThem) {
    const std::string path = with("definitive_ending = false");
    const auto before = residue("firmware", "rehearsal:two");
    const auto zones = in(path, {"plan", "rehearsal:two", "--technique", "ata-sanitize-overwrite",
                                 "--zoned-no-reset"});
    EXPECT_EQ(zones.status, 4);
    EXPECT_THAT(zones.err, HasSubstr("no zones"));
    const auto ending = in(path, {"plan", "rehearsal:two", "--technique", "ata-sanitize-overwrite",
                                  "--invert", "--passes", "2", "--definitive-ending"});
    EXPECT_EQ(ending.status, 4);
    EXPECT_THAT(ending.err, HasSubstr("does not say that it ends an inverted overwrite"));
    EXPECT_EQ(residue("firmware", "rehearsal:two"), before);
}

// The verdict is failed as ever; what is different is how the drive is released from that.
TEST_F(RehearseOptions, LetRecoverEndAFailureByAWord) {
    const auto [failed, drive] =
        erased("firmware", "rehearsal:failing",
               {"--technique", "ata-sanitize-overwrite", "--allow-unrestricted-exit"});
    EXPECT_EQ(failed.status, 1);
    EXPECT_EQ(drive.text_of("verdict"), "failed");
    EXPECT_EQ(drive.text_of("level"), "none");
    const auto done = in_scenario("firmware", {"recover", "rehearsal:failing", "--json"});
    ASSERT_EQ(done.status, 0) << done.err;
    const auto said = parse_json(done.out);
    ASSERT_TRUE(said);
    EXPECT_EQ(*said->find("undone"), Json(Json::Array{"failed-sanitize"}));
    EXPECT_EQ(*said->find("carried_out_again"), Json(false));
    EXPECT_GT(residue("firmware", "rehearsal:failing"), 0) << "nothing was erased by that";
    EXPECT_EQ(
        in_scenario("firmware", {"plan", "rehearsal:failing", "--technique", "overwrite"}).status,
        0);
}

} // namespace
} // namespace quietus
