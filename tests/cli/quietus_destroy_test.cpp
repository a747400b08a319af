// The statement of physical destruction: who states it, who signs it, what auditors say of it.
#include "program_fixture.hpp"

namespace quietus {
namespace {

using testing::HasSubstr;
using testing::IsSupersetOf;

class QuietusDestroy : public QuietusProgram {
  protected:
    static void SetUpTestSuite() {
        QuietusProgram::SetUpTestSuite();
        for (const auto& [id, role] :
             std::map<std::string, std::string>{{"alice", "operator"}, {"bob", "witness"}}) {
            const auto result = run_command({QUIETUS_PROGRAM, "key", "init", "--person", id,
                                             "--role", role, "--out", made + "/" + id, "-q"},
                                            made);
            ASSERT_EQ(result.status, 0) << result.err;
        }
    }
    void know_both() const {
        for (const std::string id : {"alice", "bob"}) {
            const auto result =
                quietus({"key", "import", "--person", id, "--trust", made + "/" + id + "/root.pem",
                         "--certificate", made + "/" + id + "/person.pem"});
            ASSERT_EQ(result.status, 0) << result.err;
        }
        overwrite(trust, content(state + "/keys/root.pem") + content(made + "/alice/root.pem") +
                             content(made + "/bob/root.pem"));
    }
    [[nodiscard]] static Words stating(const Words& more = {}) {
        Words words{"destroy",  "--serial",       "EX1",         "--medium",  "ssd-sata",
                    "--method", "disintegrate-6", "--equipment", "Example 6", "--classification",
                    "OFFICIAL", "--operator",     "alice",       "--witness", "bob"};
        words.insert(words.end(), more.begin(), more.end());
        return words;
    }
    [[nodiscard]] static Words without(const std::string& option) {
        Words words = stating();
        const auto at = std::find(words.begin(), words.end(), option);
        words.erase(at, at + 2);
        return words;
    }
    [[nodiscard]] CommandResult signed_by(const std::string& id) const {
        return quietus({"sign", document, "--key", made + "/" + id + "/person.key", "--certificate",
                        made + "/" + id + "/person.pem", "--trust", trust});
    }
    [[nodiscard]] CommandResult audited() const {
        return run_command({QUIETUS_AUDIT_PROGRAM, "verify", "--trust", trust, document},
                           directory + "/scratch");
    }

    std::string trust = made + "/test/all.pem";
    std::string document = made + "/test/state/certificates/QTS-TEST01-00000001.qds.json";
};

TEST_F(QuietusDestroy, IsStatedHereAndSignedByTwo) {
    know_both();
    const auto stated = quietus(stating({"--particle", "5", "--residue", "recycled", "--json"}));
    ASSERT_EQ(stated.status, 0) << stated.err;
    EXPECT_TRUE(is_one_document(stated.out));
    const auto json = parse_json(stated.out);
    ASSERT_TRUE(json);
    EXPECT_THAT(keys(*json), IsSupersetOf({"closes", "document", "file", "missing", "sufficient"}));
    EXPECT_EQ(json->text_of("file"), document);

    EXPECT_EQ(audited().status, 6); // nobody has signed yet
    const auto operated = signed_by("alice");
    ASSERT_EQ(operated.status, 0) << operated.err;
    EXPECT_EQ(audited().status, 6);
    const auto witnessed = signed_by("bob");
    ASSERT_EQ(witnessed.status, 0) << witnessed.err;
    const auto verdict = audited();
    EXPECT_EQ(verdict.status, 9) << verdict.out;
    EXPECT_THAT(verdict.out, HasSubstr("STATEMENT OF PHYSICAL DESTRUCTION"));
    const auto shown = run_command({QUIETUS_AUDIT_PROGRAM, "show", "--trust", trust, document},
                                   directory + "/scratch");
    EXPECT_THAT(shown.out, HasSubstr("equipment: Example 6"));
    const auto openssl = run_command({"openssl", "cms", "-verify", "-binary", "-inform", "DER",
                                      "-in", document.substr(0, document.size() - 4) + "p7s",
                                      "-content", document, "-CAfile", trust, "-out", "/dev/null"},
                                     directory + "/scratch");
    EXPECT_EQ(openssl.status, 0) << openssl.err;
}

TEST_F(QuietusDestroy, SaysWhenItDoesNotSuffice) {
    know_both();
    const auto coarse = quietus(stating({"--particle", "7"}));
    EXPECT_EQ(coarse.status, 1);
    EXPECT_THAT(coarse.out, HasSubstr("it does not suffice: pieces of 7 mm are left"));
    EXPECT_THAT(coarse.out, HasSubstr("still to sign: witness"));
}

TEST_F(QuietusDestroy, IsStatedByTwoWhomTheStationKnows) {
    expect_refusal(stating(), 2, "--operator");
    know_both();
    expect_refusal(without("--witness"), 2, "--witness");
    for (const char* option : {"--serial", "--medium", "--method", "--equipment"})
        expect_refusal(without(option), 2, std::string(option) + " is missing");
    expect_refusal(without("--classification"), 2, "--classification is missing");
}

TEST_F(QuietusDestroy, TakesNoNonsense) {
    know_both();
    for (const auto& [option, value] :
         std::vector<std::pair<std::string, std::string>>{{"--particle", "0"},
                                                          {"--particle", "fine"},
                                                          {"--at", "yesterday"},
                                                          {"--at", "2999-01-01T00:00:00Z"},
                                                          {"--job", "QTS-TEST01-00000009"}})
        expect_refusal(stating({option, value}), 2, option);
    Words unknown = stating();
    unknown[6] = "wish";
    expect_refusal(unknown, 2, "--method: no way to destroy it");
}

TEST_F(QuietusDestroy, LeavesADriveOnHoldAlone) {
    know_both();
    overwrite(state + "/assets.toml", "[[hold]]\nserial = \"EX1\"\nreason = \"inquiry 12\"\n");
    expect_refusal(stating(), 3, "on-hold: inquiry 12");
}

} // namespace
} // namespace quietus
