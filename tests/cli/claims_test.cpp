// No output, document or manual page says what nobody can prove: everything that is rendered is
// searched for the claims of forbidden_claim().
#include "program_fixture.hpp"

#include "quietus/policy/lint.hpp"

namespace quietus {
namespace {

class Claims : public QuietusProgram {
  protected:
    static void expect_none(const std::string& where, const std::string& text) {
        EXPECT_FALSE(text.empty()) << where;
        EXPECT_EQ(forbidden_claim(text), "") << where;
    }
    void expect_none_of(const Words& words) const {
        const auto result = quietus(words);
        expect_none(testing::PrintToString(words), result.out + result.err);
    }
    [[nodiscard]] CommandResult audit(const Words& more) const {
        Words words{QUIETUS_AUDIT_PROGRAM};
        words.insert(words.end(), more.begin(), more.end());
        return run_command(words, directory + "/scratch");
    }
    [[nodiscard]] CommandResult erase(const Words& more) const {
        Words words{"plan", "image:" + image, "--json"};
        words.insert(words.end(), more.begin(), more.end());
        const auto plan = parse_json(quietus(words).out);
        if (!plan) return {};
        words = {"erase", "image:" + image, "--confirm",
                 std::string(
                     plan->find("plans")->as<Json::Array>()->front().text_of("confirmation_code"))};
        words.insert(words.end(), more.begin(), more.end());
        return quietus(words);
    }
};

TEST_F(Claims, AreFoundWhereTheyAre) {
    EXPECT_NE(forbidden_claim("the data are now un" + std::string("recoverable")), "");
}

TEST_F(Claims, StandInNoManualPage) {
    std::size_t pages = 0;
    for (const auto& entry : std::filesystem::directory_iterator(QUIETUS_SOURCE "/man")) {
        const auto shown =
            run_command({"mandoc", "-Tutf8", entry.path().string()}, directory + "/scratch");
        expect_none(entry.path().string(), shown.out);
        ++pages;
    }
    EXPECT_GE(pages, 5U);
    expect_none("SPEC.md", content(QUIETUS_SOURCE "/certificates/SPEC.md"));
    expect_none("README.md", content(QUIETUS_SOURCE "/README.md"));
}

TEST_F(Claims, StandInNoHelp) {
    for (const char* verb : {"list", "inspect", "plan", "erase", "certify", "status", "sign",
                             "recheck", "key", "policy", "register", "selftest"})
        expect_none_of({verb, "--help"});
    for (const char* verb : {"list", "show", "explain", "lint", "sign"})
        expect_none_of({"policy", verb, "--help"});
    expect_none("quietus-audit", audit({"--help"}).out);
    for (const char* verb : {"verify", "show", "register"})
        expect_none(verb, audit({verb, "--help"}).out);
}

TEST_F(Claims, StandInNoAnswerOfPolicy) {
    expect_none_of({"policy", "list"});
    for (const char* profile : {"uk-official", "nist-800-88r2", "au-ism", "legacy-overwrite"})
        expect_none_of({"policy", "show", profile});
    for (const char* marking : {"OFFICIAL", "OFFICIAL-SENSITIVE", "SECRET", "CONFIDENTIAL"})
        for (const char* where : {"reuse", "release", "destroy"})
            expect_none_of({"policy", "explain", "--classification", marking, "--disposition",
                            where, "--medium", "nvme"});
}

TEST_F(Claims, StandInNoDocumentAndNoneOfWhatIsSaidOfIt) {
    expect_none_of({"list", "--all"});
    expect_none_of({"inspect", "image:" + image});
    expect_none_of(
        {"plan", "image:" + image, "--classification", "OFFICIAL", "--disposition", "reuse"});
    const auto erased = erase({"--classification", "OFFICIAL", "--disposition", "reuse"});
    ASSERT_EQ(erased.status, 0) << erased.err;
    expect_none("erase", erased.out + erased.err);
    // And an attempt record: no read-back, no proof.
    overwrite(image, contents_of_image());
    const auto attempt = erase({"--technique", "overwrite", "--verification", "none"});
    ASSERT_EQ(attempt.status, 6) << attempt.err;
    expect_none("erase", attempt.out + attempt.err);
    expect_none_of({"status"});

    std::size_t payloads = 0;
    for (const std::string& name : documents()) {
        const std::string path = state + "/certificates/" + name;
        if (!name.ends_with(".json")) continue;
        expect_none(name, content(path));
        expect_none(name, audit({"verify", "--trust", state + "/keys/root.pem", path}).out);
        expect_none(name, audit({"show", "--trust", state + "/keys/root.pem", path}).out);
        ++payloads;
    }
    EXPECT_EQ(payloads, 2U);
    for (const auto& [path, text] : everything())
        if (path.ends_with(".jsonl")) expect_none(path, text);
}

} // namespace
} // namespace quietus
