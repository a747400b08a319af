// The verbs `policy ...`: their JSON, their exit status, and what they say of bad input.
#include "program_fixture.hpp"

namespace quietus {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

class QuietusPolicy : public QuietusProgram {
  protected:
    [[nodiscard]] CommandResult explain(const Words& more) const {
        Words words{"policy", "explain"};
        words.insert(words.end(), more.begin(), more.end());
        return quietus(words);
    }
    [[nodiscard]] Json explained(const Words& more) const {
        Words words = more;
        words.emplace_back("--json");
        const auto result = explain(words);
        EXPECT_EQ(result.status, 0) << result.err;
        EXPECT_TRUE(is_one_document(result.out)) << result.out;
        auto json = parse_json(result.out);
        return json ? *json : Json();
    }
    [[nodiscard]] std::string file(std::string_view text) const {
        overwrite(directory + "/scratch/profile.toml", text);
        return directory + "/scratch/profile.toml";
    }
};

TEST_F(QuietusPolicy, ListsProfilesAndSchemesInOneDocument) {
    const auto result = quietus({"policy", "list", "--json"});
    EXPECT_EQ(result.status, 0);
    EXPECT_TRUE(is_one_document(result.out)) << result.out;
    const auto json = parse_json(result.out);
    ASSERT_TRUE(json);
    EXPECT_THAT(keys(*json), ElementsAre("profiles", "schemes"));
    std::vector<std::string> ids;
    for (const Json& each : *json->find("profiles")->as<Json::Array>()) {
        EXPECT_THAT(keys(each), ElementsAre("id", "signed_by", "title", "version"));
        ids.emplace_back(each.text_of("id"));
    }
    EXPECT_THAT(ids, ElementsAre("uk-official", "nist-800-88r2", "au-ism", "legacy-overwrite"));
    for (const Json& each : *json->find("schemes")->as<Json::Array>()) {
        EXPECT_THAT(keys(each), ElementsAre("confidence", "id", "max_claim", "status", "title"));
        EXPECT_EQ(each.text_of("max_claim"), "clear");
    }
}

TEST_F(QuietusPolicy, ListsForPeople) {
    const auto result = quietus({"policy", "list"});
    EXPECT_EQ(result.status, 0);
    EXPECT_THAT(result.out, HasSubstr("uk-official"));
    EXPECT_THAT(result.out, HasSubstr("uk.is5.enhanced"));
}

TEST_F(QuietusPolicy, ExplainsInOneDocumentWithTheAgreedMembers) {
    const Json told =
        explained({"--classification", "OFFICIAL", "--medium", "nvme", "--disposition", "release"});
    EXPECT_THAT(keys(told), ElementsAre("alternatives", "decision", "level", "people", "reasons",
                                        "rule", "techniques", "verification"));
    EXPECT_EQ(told.text_of("decision"), "allow");
    EXPECT_EQ(told.text_of("level"), "purge");
    EXPECT_THAT(keys(*told.find("rule")), ElementsAre("id", "profile", "source"));
    EXPECT_EQ(told.find("rule")->text_of("profile"), "uk-official");
    EXPECT_EQ(told.find("rule")->text_of("id"), "official-ssd-leaves");
    EXPECT_EQ(told.find("techniques")->as<Json::Array>()->front().text_of("name"),
              "nvme-sanitize-block-erase");
}

TEST_F(QuietusPolicy, ExplainsADenialToPeople) {
    const auto result =
        explain({"--classification", "SECRET", "--medium", "hdd", "--disposition", "release"});
    EXPECT_EQ(result.status, 0);
    for (const char* text :
         {"deny", "secret-denied", "until a signed departmental profile", "NCSC point of contact",
          "disposition destroy: the answer would be escalate"})
        EXPECT_THAT(result.out, HasSubstr(text));
}

TEST_F(QuietusPolicy, ExplainsForTheDriveAtHand) {
    const Json told = explained(
        {"--classification", "OFFICIAL", "--disposition", "reuse", "--drive", "image:" + image});
    EXPECT_EQ(told.text_of("decision"), "allow");
    EXPECT_EQ(told.find("rule")->text_of("id"), "official-image");
    EXPECT_EQ(content(image), contents_of_image());
}

TEST_F(QuietusPolicy, ExplainsByTheProfileThatIsNamed) {
    const Json told = explained({"--policy", "au-ism", "--classification", "PROTECTED", "--medium",
                                 "hdd", "--disposition", "release"});
    EXPECT_EQ(told.find("rule")->text_of("id"), "magnetic-leaves");
    EXPECT_THAT(told.find("rule")->text_of("source"), HasSubstr("ISM-0354"));
}

TEST_F(QuietusPolicy, LeavesNothingThatIsAskedForToChance) {
    expect_refusal({"policy", "explain", "--medium", "hdd", "--disposition", "reuse"}, 2,
                   "--classification is missing");
    expect_refusal({"policy", "explain", "--classification", "OFFICIAL", "--medium", "hdd"}, 2,
                   "--disposition is missing");
    expect_refusal({"policy", "explain", "--classification", "OFFICIAL", "--disposition", "reuse"},
                   2, "neither --medium nor --drive");
    expect_refusal({"policy", "explain", "--classification", "OFICIAL", "--medium", "hdd",
                    "--disposition", "reuse"},
                   2, "knows no classification \"OFICIAL\"");
    expect_refusal({"policy", "explain", "--classification", "OFFICIAL", "--medium", "disc",
                    "--disposition", "reuse"},
                   2, "no medium \"disc\"");
    expect_refusal({"policy", "explain", "--classification", "OFFICIAL", "--medium", "hdd",
                    "--disposition", "sale"},
                   2, "--disposition");
    expect_refusal({"policy", "explain", "--classification", "OFFICIAL", "--medium", "hdd",
                    "--disposition", "reuse", "--destination", "COSMIC"},
                   2, "--destination");
    expect_refusal({"policy", "explain", "--policy", "uk-oficial", "--classification", "OFFICIAL",
                    "--medium", "hdd", "--disposition", "reuse"},
                   2, "no profile \"uk-oficial\"");
    expect_refusal({"policy", "explain", "--classification", "OFFICIAL", "--medium", "hdd",
                    "--drive", "image:" + image, "--disposition", "reuse"},
                   2, "is none of these");
}

TEST_F(QuietusPolicy, NamesWhatThereIsToChooseFrom) {
    const auto classification = explain({"--medium", "hdd", "--disposition", "reuse"});
    EXPECT_THAT(classification.err, HasSubstr("OFFICIAL, OFFICIAL-SENSITIVE, SECRET, TOP SECRET"));
    const auto disposition = explain({"--classification", "OFFICIAL", "--medium", "hdd"});
    EXPECT_THAT(disposition.err,
                HasSubstr("reuse, downgrade, repair, return, release, transfer, destroy"));
}

TEST_F(QuietusPolicy, ShowsTheExactTextOfAProfile) {
    const auto shown = quietus({"policy", "show", "au-ism"});
    EXPECT_EQ(shown.status, 0);
    const auto as_json = quietus({"policy", "show", "au-ism", "--json"});
    EXPECT_TRUE(is_one_document(as_json.out));
    const auto json = parse_json(as_json.out);
    ASSERT_TRUE(json);
    EXPECT_EQ(json->text_of("text"), shown.out);
    // What documents name it by is what anybody's own tool says of the text.
    overwrite(directory + "/scratch/shown.toml", shown.out);
    const auto digest =
        run_command({"sha256sum", directory + "/scratch/shown.toml"}, directory + "/scratch");
    EXPECT_EQ(digest.out.substr(0, 64), json->text_of("sha256"));
    expect_refusal({"policy", "show", "au-isn"}, 2, "no profile \"au-isn\"");
}

// The example of the manual page as a reader would type it in.
std::string example_of_the_manual() {
    std::ifstream page(QUIETUS_POLICY_PAGE);
    std::string text;
    bool inside = false;
    for (std::string line; std::getline(page, line);) {
        if (line == ".\\\" The example ends.") inside = false;
        for (auto at = line.find("\\-"); at != std::string::npos; at = line.find("\\-", at))
            line.erase(at, 1);
        if (inside) text += line + "\n";
        if (line == ".\\\" The example begins.") inside = true;
    }
    return text;
}

TEST_F(QuietusPolicy, FindsNothingWrongInTheExampleOfTheManual) {
    const std::string example = example_of_the_manual();
    ASSERT_NE(example.find("id = \"secret-hdd-stays\""), std::string::npos);
    const auto result = quietus({"policy", "lint", file(example)});
    EXPECT_EQ(result.status, 0) << result.out;
    // It is in force for nobody.
    EXPECT_NE(example.find("valid_until = \"2026-11-02T00:00:00Z\""), std::string::npos);
}

TEST_F(QuietusPolicy, LintsWithFileAndLine) {
    const auto shown = quietus({"policy", "show", "legacy-overwrite"});
    const auto clean = quietus({"policy", "lint", file(shown.out)});
    EXPECT_EQ(clean.status, 0) << clean.out;
    EXPECT_EQ(clean.out, "");

    std::string text = shown.out;
    text.replace(text.find("media = [\"hdd\""), 14, "media = [\"disk\"");
    const auto line =
        1 + std::count(text.begin(),
                       text.begin() + static_cast<std::ptrdiff_t>(text.find("media = [\"disk\"")),
                       '\n');
    const auto result = quietus({"policy", "lint", file(text)});
    EXPECT_EQ(result.status, 1);
    EXPECT_THAT(result.out, HasSubstr("/profile.toml:" + std::to_string(line) +
                                      ": unknown-name: media: no \"disk\""));
    const auto as_json = quietus({"policy", "lint", file(text), "--json"});
    EXPECT_EQ(as_json.status, 1);
    EXPECT_TRUE(is_one_document(as_json.out));
    expect_refusal({"policy", "lint", directory + "/none.toml"}, 2, "none.toml");
}

} // namespace
} // namespace quietus
