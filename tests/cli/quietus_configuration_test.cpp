// quietus.toml under the program: what it gives, what beats it, and what a locked station refuses.
#include "program_fixture.hpp"

#include <unistd.h>

namespace quietus {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

class QuietusConfiguration : public QuietusProgram {
  protected:
    void SetUp() override {
        QuietusProgram::SetUp();
        configure("");
    }
    void configure(const std::string& text) const {
        overwrite(file, "[directories]\nstate = \"" + state + "\"\n" + text);
    }
    /// quietus with the configuration and without --state.
    [[nodiscard]] CommandResult configured(Words words) const {
        words.insert(words.begin(), {QUIETUS_PROGRAM, "--config", file});
        return run_command(words, directory + "/scratch");
    }
    [[nodiscard]] CommandResult plan(const Words& more = {}) const {
        Words words{"plan", "image:" + image, "--technique", "overwrite", "--json"};
        words.insert(words.end(), more.begin(), more.end());
        return configured(words);
    }
    [[nodiscard]] static Json planned(const CommandResult& result) {
        EXPECT_EQ(result.status, 0) << result.err;
        const auto json = parse_json(result.out);
        return json ? json->find("plans")->as<Json::Array>()->front() : Json{};
    }
    void expect_locked(const Words& words, const std::string& option) const {
        const auto before = everything();
        const auto result = configured(words);
        EXPECT_EQ(result.status, 3) << testing::PrintToString(words);
        EXPECT_THAT(result.err, StartsWith("quietus: " + option + ": "));
        EXPECT_THAT(result.err, HasSubstr("the station is locked (" + file + ", line 4)"));
        EXPECT_EQ(result.out, "");
        EXPECT_EQ(everything(), before);
    }

    std::string file = made + "/test/quietus.toml";
    inline static const std::string locked = "[station]\nlocked = true\n"; // lines 3 and 4
};

TEST_F(QuietusConfiguration, MustBeThereWhenItIsNamed) {
    const auto result = run_command({QUIETUS_PROGRAM, "--config", directory + "/none.toml", "list"},
                                    directory + "/scratch");
    EXPECT_EQ(result.status, 2);
    EXPECT_THAT(result.err, HasSubstr("--config: " + directory + "/none.toml: "));
    EXPECT_EQ(result.out, "");
}

TEST_F(QuietusConfiguration, EndsEveryVerbWithFileAndLineWhenItIsWrong) {
    configure("[defaults]\nlimit_rate = \"1M\"\n");
    for (const char* verb : {"list", "status", "selftest"}) {
        const auto result = configured({verb});
        EXPECT_EQ(result.status, 2) << verb;
        EXPECT_THAT(result.err, HasSubstr(file + ": line 4: defaults: unknown key \"limit_rate\""));
        EXPECT_THAT(result.err, HasSubstr("hint: did you mean limit-rate?"));
    }
    const auto result = configured({"list", "--json"});
    EXPECT_TRUE(is_one_document(result.out));
    EXPECT_THAT(result.out, HasSubstr("line 4"));
}

TEST_F(QuietusConfiguration, GivesWhatTheCommandLineDoesNot) {
    configure("[defaults]\nscheme = \"uk.is5.enhanced\"\n");
    EXPECT_EQ(planned(plan()).text_of("scheme"), "uk.is5.enhanced");
    EXPECT_EQ(planned(plan({"--scheme", "generic.zero"})).text_of("scheme"), "generic.zero");
}

TEST_F(QuietusConfiguration, SaysWhereAValueIsFromThatDoesNotFit) {
    configure("[defaults]\nverification = \"none\"\n");
    const auto result = plan({"--scheme", "uk.is5.enhanced"});
    EXPECT_EQ(result.status, 2);
    EXPECT_THAT(result.err, HasSubstr("weaker than the full read-back"));
    EXPECT_THAT(result.err, HasSubstr("--verification is from " + file + ", line 4"));
    configure("[defaults]\nminimum-rate = \"1M\"\n");
    EXPECT_THAT(plan({"--limit-rate", "1k"}).err,
                HasSubstr("--minimum-rate is from " + file + ", line 4"));
}

TEST_F(QuietusConfiguration, StandsOnTheDocument) {
    const std::string elsewhere = directory + "/elsewhere";
    configure("certificates = \"" + elsewhere +
              "\"\n[station]\norganisation = \"Department\"\n"
              "site = \"Bench\"\n[people]\noperator = \"alice\"\nwitness = \"bob\"\n[defaults]\n"
              "marking = \"SENSITIVE\"\nreference = [\"one\", \"two\"]\n[log]\nfile = \"" +
              directory + "/log\"\n");
    const std::string code(planned(plan({"--witness", "carol"})).text_of("confirmation_code"));
    const auto erased = configured({"erase", "image:" + image, "--technique", "overwrite",
                                    "--witness", "carol", "--confirm", code});
    ASSERT_EQ(erased.status, 0) << erased.err;
    EXPECT_THAT(names(elsewhere),
                ElementsAre("QTS-TEST01-00000001.qdc.json", "QTS-TEST01-00000001.qdc.p7s"));
    const std::string document = content(elsewhere + "/QTS-TEST01-00000001.qdc.json");
    for (const char* part : {"\"Department\"", "\"Bench\"", "\"alice\"", "\"carol\"",
                             "\"document_marking\":\"SENSITIVE\"", "[\"one\",\"two\"]"})
        EXPECT_THAT(document, HasSubstr(part));
    EXPECT_THAT(document, testing::Not(HasSubstr("bob"))); // the command line beats it
    EXPECT_THAT(content(directory + "/log"), HasSubstr("QTS-TEST01-00000001"));
}

TEST_F(QuietusConfiguration, NamesTheStation) {
    std::filesystem::remove_all(state);
    configure("[station]\nid = \"BENCH9\"\n");
    EXPECT_EQ(configured({"key", "init"}).status, 0);
    EXPECT_THAT(configured({"key", "show"}).out, HasSubstr("station BENCH9\n"));
    // A person's key is of no station.
    EXPECT_EQ(
        configured({"key", "init", "--person", "alice", "--out", directory + "/alice"}).status, 0);
}

TEST_F(QuietusConfiguration, LockedRefusesWhatIsNotForTheOperatorToChoose) {
    configure(locked);
    const std::string drive = "image:" + image;
    expect_locked({"plan", drive, "--technique", "overwrite"}, "--technique");
    expect_locked({"erase", drive, "--technique", "overwrite"}, "--technique");
    expect_locked({"list", "--state", directory + "/other"}, "--state");
    expect_locked({"list", "--log", directory + "/log"}, "--log");
    expect_locked({"status", "--certificates", directory}, "--certificates");
    expect_locked({"erase", drive, "--key", directory + "/key"}, "--key");
    expect_locked({"erase", drive, "--passin", "fd:0"}, "--passin");
    expect_locked({"key", "init", "--keep-ca", directory + "/ca"}, "--keep-ca");
    expect_locked({"key", "init", "--person", "eve", "--out", directory + "/eve"}, "--out");
    expect_locked({"key", "import", "--certificate", directory + "/c.pem"}, "--certificate");
    expect_locked({"recheck", drive, "--certificate", "x", "--trust", directory + "/r"}, "--trust");
    expect_locked({"policy", "explain", "--policy", directory + "/my.toml"}, "--policy");
}

TEST_F(QuietusConfiguration, LockedLetsOnlyInterlocksBeSetAsideThatThePolicyLists) {
    configure(locked);
    const std::string drive = "image:" + image;
    // uk-official lists weak-identity, and not clock.
    expect_locked({"plan", drive, "--override", "clock"}, "--override clock");
    const auto listed = configured({"plan", drive, "--override", "weak-identity"});
    EXPECT_THAT(listed.err, testing::Not(HasSubstr("locked")));
    // Without the lock, which of them may be is not for the profile to say.
    configure("");
    EXPECT_EQ(plan({"--override", "clock"}).status, 0);
}

TEST_F(QuietusConfiguration, LockedLeavesEverythingElseAsItIs) {
    configure(locked + "[defaults]\nmarking = \"SENSITIVE\"\n");
    EXPECT_EQ(configured({"status"}).status, 0);
    EXPECT_EQ(configured({"key", "show", "--json"}).status, 0);
    EXPECT_EQ(configured({"policy", "list"}).status, 0);
    // About a document that somebody brings: there is none of that name.
    EXPECT_THAT(configured({"recheck", "image:" + image, "--certificate", directory + "/x"}).err,
                HasSubstr("recheck: " + directory + "/x"));
}

TEST_F(QuietusConfiguration, LockedSaysWhatItsDrivesHeldAndTheDocumentSaysThatItDid) {
    configure(locked + "[defaults]\nclassification = \"OFFICIAL\"\ndisposition = \"reuse\"\n");
    const auto planned = configured({"plan", "image:" + image, "--json", "--disposition", "reuse"});
    ASSERT_EQ(planned.status, 0) << planned.err;
    const auto json = parse_json(planned.out);
    ASSERT_TRUE(json);
    const std::string code(
        json->find("plans")->as<Json::Array>()->front().text_of("confirmation_code"));
    const auto erased =
        configured({"erase", "image:" + image, "--disposition", "reuse", "--confirm", code});
    ASSERT_EQ(erased.status, 0) << erased.err;
    const std::string document = content(state + "/certificates/QTS-TEST01-00000001.qdc.json");
    EXPECT_THAT(document, HasSubstr("{\"by\":\"configuration\",\"name\":\"classification\","
                                    "\"reference\":\"\",\"value\":\"OFFICIAL\"}"));
    EXPECT_THAT(document, HasSubstr("{\"by\":\"option\",\"name\":\"disposition\","));
}

/// The program where /etc has nothing but this as its default configuration.
class DefaultConfiguration : public QuietusConfiguration {
  protected:
    void SetUp() override {
        QuietusConfiguration::SetUp();
        if (run_command({"unshare", "--mount", "true"}, directory + "/scratch").status != 0)
            GTEST_SKIP() << "needs root, and the right to mount";
    }
    [[nodiscard]] CommandResult by_default(Words words) const {
        words.insert(words.begin(), {"unshare", "--mount", "sh", "-c",
                                     "mount -t tmpfs none /etc && mkdir /etc/quietus && "
                                     "cp \"$0\" /etc/quietus/quietus.toml && exec \"$@\"",
                                     file, QUIETUS_PROGRAM});
        return run_command(words, directory + "/scratch");
    }
};

TEST_F(DefaultConfiguration, IsReadWithoutBeingNamed) {
    EXPECT_THAT(by_default({"key", "show"}).out, HasSubstr("station TEST01\n"));
    configure("[defaults]\njobs = 0\n");
    EXPECT_THAT(by_default({"list"}).err, HasSubstr("/etc/quietus/quietus.toml: line 4: "));
}

TEST_F(DefaultConfiguration, GivesWayToAnother) {
    const std::string other = directory + "/other.toml";
    overwrite(other, "[directories]\nstate = \"" + directory + "/nothing\"\n");
    EXPECT_NE(by_default({"key", "show", "--config", other}).status, 0);
}

TEST_F(DefaultConfiguration, KeepsItsLockWhateverIsNamedInstead) {
    configure(locked);
    const std::string other = directory + "/other.toml";
    overwrite(other, "[station]\nlocked = false\n");
    for (const Words& words : {Words{"list", "--config", other},
                               {"list", "--config", "/etc/quietus/quietus.toml"},
                               {"list", "--config", directory + "/none"}}) {
        const auto result = by_default(words);
        EXPECT_EQ(result.status, 3) << result.err;
        EXPECT_THAT(result.err, HasSubstr("--config: the station is locked "
                                          "(/etc/quietus/quietus.toml, line 4)"));
    }
}

TEST_F(DefaultConfiguration, MightBeALockWhenItCannotBeUnderstood) {
    configure("[station]\nlocked = maybe\n");
    const std::string other = directory + "/other.toml";
    overwrite(other, "");
    const auto result = by_default({"list", "--config", other});
    EXPECT_EQ(result.status, 2);
    EXPECT_THAT(result.err, HasSubstr("/etc/quietus/quietus.toml: line 4"));
}

} // namespace
} // namespace quietus
