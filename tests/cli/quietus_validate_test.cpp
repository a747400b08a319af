// The statement of validation: who may make it, what auditors say of it, and what cannot be made of
// it afterwards.
#include "program_fixture.hpp"

namespace quietus {
namespace {

using testing::HasSubstr;
using testing::Not;

class QuietusValidate : public QuietusProgram {
  protected:
    static void SetUpTestSuite() {
        QuietusProgram::SetUpTestSuite();
        for (const auto& [where, person] :
             std::map<std::string, Words>{{"alice", {"alice", "operator"}},
                                          {"vera", {"vera", "validator"}},
                                          {"other-vera", {"vera", "validator"}},
                                          {"same-alice", {"Alice", "validator"}}}) {
            const auto result =
                run_command({QUIETUS_PROGRAM, "key", "init", "--person", person[0], "--role",
                             person[1], "--out", made + "/" + where, "-q"},
                            made);
            ASSERT_EQ(result.status, 0) << result.err;
        }
    }
    void SetUp() override {
        QuietusProgram::SetUp();
        std::string roots = content(state + "/keys/root.pem");
        for (const char* where : {"alice", "vera", "other-vera", "same-alice"})
            roots += content(made + "/" + where + "/root.pem");
        overwrite(trust, roots);
    }
    void know(const std::string& where, const std::string& id) const {
        const auto result =
            quietus({"key", "import", "--person", id, "--trust", made + "/" + where + "/root.pem",
                     "--certificate", made + "/" + where + "/person.pem"});
        ASSERT_EQ(result.status, 0) << result.err;
    }
    // By a rule that asks for a validator, or by none.
    void erase(const Words& how = {"--policy", "nist-800-88r2", "--classification", "LOW",
                                   "--disposition", "reuse"}) const {
        Words words{"plan", "image:" + image, "--json"};
        words.insert(words.end(), how.begin(), how.end());
        const auto planned = quietus(words);
        const auto json = parse_json(planned.out);
        ASSERT_TRUE(json) << planned.err;
        const Json& plan = json->find("plans")->as<Json::Array>()->front();
        words = {"erase", "image:" + image, "--confirm",
                 std::string(plan.text_of("confirmation_code"))};
        words.insert(words.end(), how.begin(), how.end());
        const auto erased = quietus(words);
        ASSERT_EQ(erased.status, 0) << erased.err;
    }
    [[nodiscard]] Words saying(const std::string& decision, const Words& more = {},
                               const std::string& who = "vera") const {
        Words words{"validate",      document,
                    "--decision",    decision,
                    "--key",         made + "/" + who + "/person.key",
                    "--certificate", made + "/" + who + "/person.pem",
                    "--trust",       trust};
        words.insert(words.end(), more.begin(), more.end());
        return words;
    }
    [[nodiscard]] CommandResult audited(const Words& more = {},
                                        const std::string& named = {}) const {
        Words words{QUIETUS_AUDIT_PROGRAM, "verify", "--trust", trust,
                    named.empty() ? document : named};
        words.insert(words.end(), more.begin(), more.end());
        return run_command(words, directory + "/scratch");
    }
    [[nodiscard]] CommandResult register_audited() const {
        return run_command({QUIETUS_AUDIT_PROGRAM, "register", state + "/log", "--trust", trust,
                            "--documents", state + "/certificates"},
                           directory + "/scratch");
    }
    void replace(const std::string& path, const std::string& from, const std::string& to) const {
        std::string text = content(path);
        const auto at = text.find(from);
        ASSERT_NE(at, std::string::npos);
        overwrite(path, text.replace(at, from.size(), to));
    }

    std::string trust = made + "/test/all.pem";
    std::string stem = made + "/test/state/certificates/QTS-TEST01-00000001.qdc";
    std::string document = stem + ".json";
    std::string statement = stem + ".validation.json";
    std::string signature = stem + ".validation.p7s";
};

TEST_F(QuietusValidate, AcceptsWhatARuleWantsAccepted) {
    know("vera", "vera");
    erase();
    const auto before = audited();
    EXPECT_EQ(before.status, 0);
    EXPECT_THAT(before.out, HasSubstr("W_NOT_VALIDATED"));
    EXPECT_EQ(audited({"--require", "validated"}).status, 6);

    const auto given = quietus(saying("accepted", {"--json"}));
    ASSERT_EQ(given.status, 0) << given.err;
    EXPECT_TRUE(is_one_document(given.out));
    const auto json = parse_json(given.out);
    EXPECT_EQ(json->text_of("file"), statement);
    EXPECT_EQ(json->text_of("decision"), "accepted");

    const auto verdict = audited({"--require", "validated"});
    EXPECT_EQ(verdict.status, 0) << verdict.out;
    EXPECT_THAT(verdict.out, HasSubstr("accepted by the validator vera for LOW"));
    EXPECT_THAT(verdict.out, Not(HasSubstr("W_NOT_VALIDATED")));
    EXPECT_EQ(audited({"--require", "validated", "--log", state + "/log"}).status, 0);
    EXPECT_EQ(audited({"--require", "validated"}, statement).status, 0) << "by any of its files";
    EXPECT_EQ(audited({}, state + "/certificates").status, 0) << "no document of its own";
    const auto in_full = audited({"--json"});
    EXPECT_THAT(in_full.out, HasSubstr("\"validation\":{\"classification\":\"LOW\","
                                       "\"decision\":\"accepted\""));
    const auto log = register_audited();
    EXPECT_EQ(log.status, 0) << log.out;
}

TEST_F(QuietusValidate, IsASignatureThatOpensslVerifies) {
    know("vera", "vera");
    erase();
    ASSERT_EQ(quietus(saying("accepted")).status, 0);
    const auto openssl = run_command({"openssl", "cms", "-verify", "-binary", "-inform", "DER",
                                      "-in", signature, "-content", statement, "-CAfile",
                                      made + "/vera/root.pem", "-out", "/dev/null"},
                                     directory + "/scratch");
    EXPECT_EQ(openssl.status, 0) << openssl.err;
}

TEST_F(QuietusValidate, RejectsSoThatNobodyReleasesIt) {
    know("vera", "vera");
    erase();
    expect_refusal(saying("rejected"), 2, "--reason is missing");
    const auto given = quietus(saying("rejected", {"--reason", "held SECRET, by the owner"}));
    ASSERT_EQ(given.status, 0) << given.err;
    const auto verdict = audited();
    EXPECT_EQ(verdict.status, 9) << verdict.out;
    EXPECT_THAT(verdict.out, HasSubstr("REJECTED by its validator"));
    EXPECT_THAT(verdict.out, HasSubstr("W_VALIDATION_REJECTED"));
    EXPECT_THAT(verdict.out, HasSubstr("held SECRET, by the owner"));
    const auto required = audited({"--require", "validated"});
    EXPECT_EQ(required.status, 1);
    EXPECT_THAT(required.out, HasSubstr("E_REQUIRED_VALIDATION"));
    EXPECT_EQ(register_audited().status, 0) << "a rejection takes nothing from the records";
    // A statement stands, whatever lies beside the certificate.
    expect_refusal(saying("accepted"), 3, "has been validated: rejected by vera");
    std::filesystem::remove(statement);
    std::filesystem::remove(signature);
    expect_refusal(saying("accepted"), 3, "whose statement is not beside it any more");
    const auto gone = register_audited();
    EXPECT_EQ(gone.status, 6) << gone.out;
    EXPECT_THAT(gone.out, HasSubstr("I_REGISTER_DOCUMENT_MISSING"));
}

TEST_F(QuietusValidate, IsWantedWithItsClassification) {
    know("vera", "vera");
    erase({"--technique", "overwrite"});
    expect_refusal(saying("accepted"), 2, "--classification is missing");
    const auto given = quietus(saying("accepted", {"--classification", "OFFICIAL"}));
    ASSERT_EQ(given.status, 0) << given.err;
    EXPECT_EQ(audited({"--require", "validated"}).status, 0);
}

TEST_F(QuietusValidate, AcceptsNoOtherClassificationThanWasDecided) {
    know("vera", "vera");
    erase();
    expect_refusal(saying("accepted", {"--classification", "HIGH"}), 2,
                   "cannot be accepted as HIGH");
}

TEST_F(QuietusValidate, IsByAValidatorWhomTheStationKnows) {
    erase();
    expect_refusal(saying("accepted"), 3, "this station knows no validator vera");
    know("vera", "vera");
    expect_refusal(saying("accepted", {}, "other-vera"), 3, "knows no validator vera");
    expect_refusal(saying("accepted", {}, "alice"), 2, "is for the role operator");
    Words undecided = saying("accepted");
    undecided.erase(undecided.begin() + 2, undecided.begin() + 4);
    expect_refusal(undecided, 2, "--decision is missing");
}

TEST_F(QuietusValidate, IsNotByWhoDidIt) {
    know("same-alice", "Alice");
    erase({"--technique", "overwrite", "--operator", "alice"}); // stated alone
    expect_refusal(saying("accepted", {"--classification", "LOW"}, "same-alice"), 3,
                   "E_ROLE_SAME_PERSON");
}

TEST_F(QuietusValidate, IsNotByWhoSignedIt) {
    know("same-alice", "Alice");
    know("alice", "alice");
    erase({"--technique", "overwrite", "--operator", "alice"});
    expect_refusal(saying("accepted", {"--classification", "LOW"}, "same-alice"), 3,
                   "I_ROLE_MISSING");
    const auto signing = quietus({"sign", document, "--key", made + "/alice/person.key",
                                  "--certificate", made + "/alice/person.pem", "--trust", trust});
    ASSERT_EQ(signing.status, 0) << signing.err;
    expect_refusal(saying("accepted", {"--classification", "LOW"}, "same-alice"), 3,
                   "E_ROLE_SAME_PERSON");
}

TEST_F(QuietusValidate, IsFoundWhenItWasAltered) {
    know("vera", "vera");
    erase();
    ASSERT_EQ(quietus(saying("rejected", {"--reason", "no"})).status, 0);
    const std::string genuine = content(statement);
    replace(statement, "rejected", "accepted");
    const auto turned = audited();
    EXPECT_EQ(turned.status, 1) << turned.out;
    EXPECT_THAT(turned.out, HasSubstr("E_DIGEST: validation: "));
    EXPECT_EQ(register_audited().status, 1);
    overwrite(statement, genuine);
    std::filesystem::remove(signature);
    const auto torn = audited();
    EXPECT_EQ(torn.status, 6) << torn.out;
    EXPECT_THAT(torn.out, HasSubstr("I_FILE: validation: "));
}

TEST_F(QuietusValidate, IsOfThisCertificateAlone) {
    know("vera", "vera");
    erase();
    ASSERT_EQ(quietus(saying("accepted")).status, 0);
    erase();
    const std::string second = state + "/certificates/QTS-TEST01-00000002.qdc";
    std::filesystem::copy(statement, second + ".validation.json");
    std::filesystem::copy(signature, second + ".validation.p7s");
    const auto borrowed = audited({}, second + ".json");
    EXPECT_EQ(borrowed.status, 1);
    EXPECT_THAT(borrowed.out, HasSubstr("E_VALIDATION_DOCUMENT"));
}

// Whoever has a validator's key could sign another one; the log keeps the first.
TEST_F(QuietusValidate, StandsInTheLogAgainstAnotherOne) {
    know("vera", "vera");
    erase();
    const std::string log = state + "/log";
    std::filesystem::copy(log, directory + "/log", std::filesystem::copy_options::recursive);
    ASSERT_EQ(quietus(saying("rejected", {"--reason", "no"})).status, 0);
    EXPECT_EQ(audited({"--log", log}).status, 9);
    const auto unlogged = audited({"--log", directory + "/log"});
    EXPECT_EQ(unlogged.status, 6) << unlogged.out;
    EXPECT_THAT(unlogged.out, HasSubstr("I_NOT_LOGGED: log: the statement of validation"));
    std::filesystem::remove(statement);
    std::filesystem::remove(signature);
    std::filesystem::copy(made + "/station", directory + "/elsewhere",
                          std::filesystem::copy_options::recursive);
    std::filesystem::copy(state + "/people.toml", directory + "/elsewhere/people.toml");
    std::filesystem::copy(state + "/people", directory + "/elsewhere/people");
    Words again = saying("accepted");
    again.insert(again.begin(), {"--state", directory + "/elsewhere"});
    again.insert(again.begin(), QUIETUS_PROGRAM);
    ASSERT_EQ(run_command(again, directory + "/scratch").status, 0);
    EXPECT_EQ(audited().status, 0) << "by itself it is as good as any";
    const auto found = audited({"--log", log});
    EXPECT_EQ(found.status, 1) << found.out;
    EXPECT_THAT(found.out, HasSubstr("E_VALIDATION_LOG"));
    EXPECT_THAT(found.out, HasSubstr("rejected by vera"));
}

// The key is the validator's own, whatever the station's configuration says; what a certificate is
// checked against is for that to say.
TEST_F(QuietusValidate, IsByTheValidatorsOwnKeyAtALockedStationToo) {
    know("vera", "vera");
    erase();
    const std::string configuration = directory + "/quietus.toml";
    overwrite(configuration, "[station]\nlocked = true\nroots = [\"" + trust +
                                 "\"]\n[directories]\nstate = \"" + state + "\"\n");
    const auto locked = [&](Words words) {
        words.insert(words.begin(), {QUIETUS_PROGRAM, "--config", configuration});
        return run_command(words, directory + "/scratch");
    };
    const auto refused = locked(saying("accepted"));
    EXPECT_EQ(refused.status, 3) << refused.err;
    EXPECT_THAT(refused.err, HasSubstr("--trust: the station is locked"));
    EXPECT_FALSE(std::filesystem::exists(statement));
    Words words = saying("accepted");
    const auto named = std::find(words.begin(), words.end(), "--trust");
    words.erase(named, named + 2);
    const auto result = locked(words);
    EXPECT_EQ(result.status, 0) << result.err;
    EXPECT_TRUE(std::filesystem::exists(statement));
    EXPECT_EQ(audited().status, 0);
}

// One that was made behind the log's back lies beside the certificate like any other.
TEST_F(QuietusValidate, IsMissedByTheRegisterThatNeverHeardOfIt) {
    know("vera", "vera");
    erase();
    std::filesystem::copy(state + "/log", directory + "/log",
                          std::filesystem::copy_options::recursive);
    ASSERT_EQ(quietus(saying("accepted")).status, 0);
    EXPECT_EQ(register_audited().status, 0) << register_audited().out;
    const auto result = run_command({QUIETUS_AUDIT_PROGRAM, "register", directory + "/log",
                                     "--trust", trust, "--documents", state + "/certificates"},
                                    directory + "/scratch");
    EXPECT_EQ(result.status, 1);
    EXPECT_THAT(result.out, HasSubstr("E_REGISTER_DOCUMENT_UNLOGGED"));
    EXPECT_THAT(result.out, HasSubstr(".qdc.validation.json: a statement of validation that is"));
}

TEST_F(QuietusValidate, IsOfACertificateThatHolds) {
    know("vera", "vera");
    erase();
    replace(document, "\"site\":\"\"", "\"site\":\"Q\"");
    expect_refusal(saying("accepted"), 1, "E_DIGEST");
    document = state + "/certificates/nothing.qdc.json";
    expect_refusal(saying("accepted"), 8, "nothing.qdc.json");
}

} // namespace
} // namespace quietus
