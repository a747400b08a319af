// Persons: known to a station, required by its documents, signing with their own keys.
#include "program_fixture.hpp"
#include "terminal.hpp"

#include <sys/stat.h>

namespace quietus {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

class QuietusSign : public QuietusProgram {
  protected:
    // Two persons with keys of their own, made once; and who is not known to anybody.
    static void SetUpTestSuite() {
        QuietusProgram::SetUpTestSuite();
        for (const auto& [id, role] : std::map<std::string, std::string>{
                 {"alice", "operator"}, {"bob", "witness"}, {"mallory", "operator"}}) {
            const auto result = run_command({QUIETUS_PROGRAM, "key", "init", "--person", id,
                                             "--role", role, "--out", made + "/" + id, "-q"},
                                            made);
            ASSERT_EQ(result.status, 0) << result.err;
        }
    }
    void SetUp() override {
        QuietusProgram::SetUp();
        overwrite(trust, content(state + "/keys/root.pem") + content(made + "/alice/root.pem") +
                             content(made + "/bob/root.pem"));
    }

    [[nodiscard]] CommandResult import(const std::string& id, const Words& more = {}) const {
        Words words{"key",           "import",
                    "--person",      id,
                    "--trust",       made + "/" + id + "/root.pem",
                    "--certificate", made + "/" + id + "/person.pem"};
        words.insert(words.end(), more.begin(), more.end());
        return quietus(words);
    }
    // A certificate that both must sign, as the station left it.
    void erase_for_both() const {
        ASSERT_EQ(import("alice").status, 0);
        ASSERT_EQ(import("bob").status, 0);
        const Words people{"--operator", "alice", "--witness", "bob"};
        Words words = people;
        words.insert(words.end(), {"--confirm", code(people)});
        const auto result = on_image("erase", words);
        ASSERT_EQ(result.status, 0) << result.err;
    }
    [[nodiscard]] Words signing(const std::string& id, const Words& more = {}) const {
        Words words{"sign",          document,
                    "--key",         made + "/" + id + "/person.key",
                    "--certificate", made + "/" + id + "/person.pem"};
        words.insert(words.end(), more.begin(), more.end());
        return words;
    }
    [[nodiscard]] CommandResult sign(const std::string& id, const Words& more = {}) const {
        Words words = signing(id, {"--trust", trust});
        words.insert(words.end(), more.begin(), more.end());
        return quietus(words);
    }
    // What the openssl program says of the signature, and how many signers it sees.
    [[nodiscard]] CommandResult openssl_verify() const {
        return run_command({"openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in",
                            signature, "-content", document, "-CAfile", trust, "-out",
                            directory + "/scratch/content", "-signer",
                            directory + "/scratch/signers.pem"},
                           directory + "/scratch");
    }
    void expect_signers(std::size_t count) const {
        const auto result = openssl_verify();
        EXPECT_EQ(result.status, 0) << result.err;
        EXPECT_EQ(content(directory + "/scratch/content"), content(document));
        std::size_t found = 0;
        std::istringstream pem(content(directory + "/scratch/signers.pem"));
        for (std::string line; std::getline(pem, line);)
            found += line == "-----BEGIN CERTIFICATE-----";
        EXPECT_EQ(found, count);
    }

    std::string trust = made + "/test/scratch/trust.pem";
    std::string document = made + "/test/state/certificates/QTS-TEST01-00000001.qdc.json";
    std::string signature = made + "/test/state/certificates/QTS-TEST01-00000001.qdc.p7s";
};

TEST_F(QuietusSign, AddsOperatorAndWitnessBesideTheStation) {
    erase_for_both();
    expect_signers(1);
    const std::string payload = content(document);
    const auto first = sign("alice", {"--json"});
    ASSERT_EQ(first.status, 0) << first.err;
    EXPECT_TRUE(is_one_document(first.out));
    const auto told = parse_json(first.out);
    ASSERT_TRUE(told);
    EXPECT_EQ(told->text_of("document"), "QTS-TEST01-00000001");
    EXPECT_EQ(told->text_of("signer"), "alice");
    EXPECT_EQ(*told->find("missing"), Json(Json::Array{"witness"}));
    expect_signers(2);
    const auto second = sign("bob");
    EXPECT_EQ(second.status, 0) << second.err;
    EXPECT_EQ(second.out, "QTS-TEST01-00000001: signed by the witness bob\n");
    expect_signers(3);
    EXPECT_EQ(content(document), payload);
    EXPECT_THAT(documents(),
                ElementsAre("QTS-TEST01-00000001.qdc.json", "QTS-TEST01-00000001.qdc.p7s"));
}

TEST_F(QuietusSign, NamesInTheDocumentWhoMustSign) {
    erase_for_both();
    const auto payload = parse_json(content(document));
    ASSERT_TRUE(payload);
    std::map<std::string, std::string> required;
    for (const Json& each : *payload->find("signers_required")->as<Json::Array>())
        required[std::string(each.text_of("role"))] = each.text_of("certificate_sha256");
    ASSERT_EQ(required.size(), 3u);
    for (const auto& [role, id] :
         std::map<std::string, std::string>{{"operator", "alice"}, {"witness", "bob"}}) {
        const auto print = run_command({"openssl", "x509", "-in", made + "/" + id + "/person.pem",
                                        "-noout", "-fingerprint", "-sha256"},
                                       directory + "/scratch");
        std::string hex;
        for (const char each : print.out.substr(print.out.find('=') + 1))
            if (std::isxdigit(static_cast<unsigned char>(each)) != 0)
                hex += static_cast<char>(std::tolower(static_cast<unsigned char>(each)));
        EXPECT_EQ(required[role], hex);
    }
}

TEST_F(QuietusSign, LeavesNamesWithoutACertificateStated) {
    const Words people{"--operator", "carol", "--witness", "dave"};
    Words words = people;
    words.insert(words.end(), {"--confirm", code(people)});
    ASSERT_EQ(on_image("erase", words).status, 0);
    const auto payload = parse_json(content(document));
    ASSERT_TRUE(payload);
    EXPECT_EQ(payload->find("statements")->text_of("operator"), "carol");
    EXPECT_EQ(payload->find("signers_required")->as<Json::Array>()->size(), 1u);
}

TEST_F(QuietusSign, RefusesAKeyThatTheDocumentDoesNotRequire) {
    erase_for_both();
    overwrite(trust, content(trust) + content(made + "/mallory/root.pem"));
    const auto before = everything();
    const auto result = sign("mallory");
    EXPECT_EQ(result.status, 3);
    EXPECT_THAT(result.err, HasSubstr("does not require a signature by operator mallory"));
    EXPECT_EQ(everything(), before);
}

TEST_F(QuietusSign, RefusesASecondSignatureByTheSame) {
    erase_for_both();
    ASSERT_EQ(sign("alice").status, 0);
    const auto before = everything();
    const auto result = sign("alice");
    EXPECT_EQ(result.status, 3);
    EXPECT_THAT(result.err, HasSubstr("operator alice has signed it already"));
    EXPECT_EQ(everything(), before);
}

TEST_F(QuietusSign, RefusesADocumentThatDoesNotVerify) {
    erase_for_both();
    std::string payload = content(document);
    payload.replace(payload.find("OFFICIAL"), 8, "OFFICIOL");
    overwrite(document, payload);
    const auto before = everything();
    const auto result = sign("alice");
    EXPECT_EQ(result.status, 1);
    EXPECT_THAT(result.err, HasSubstr("it does not verify: E_DIGEST"));
    EXPECT_EQ(everything(), before);
}

TEST_F(QuietusSign, RefusesADocumentWhoseSignersItCannotTrust) {
    erase_for_both();
    overwrite(trust, content(made + "/alice/root.pem"));
    const auto without_station = sign("alice");
    EXPECT_EQ(without_station.status, 1);
    EXPECT_THAT(without_station.err, HasSubstr("E_CHAIN_UNTRUSTED"));
    EXPECT_THAT(without_station.err, HasSubstr("hint: "));
    // The station's root alone, which is the default on a station: alice's is missing.
    const auto before = everything();
    const auto without_alice = quietus(signing("alice"));
    EXPECT_EQ(without_alice.status, 1);
    EXPECT_THAT(without_alice.err, HasSubstr("with this signature it would not verify"));
    EXPECT_EQ(everything(), before);
    std::filesystem::remove(state + "/keys/root.pem");
    EXPECT_EQ(quietus(signing("alice")).status, 2);
}

TEST_F(QuietusSign, RefusesWrongOptions) {
    erase_for_both();
    const auto before = everything();
    EXPECT_EQ(sign("alice", {"--role", "witness"}).status, 2);
    EXPECT_EQ(sign("alice", {"--role", "station"}).status, 2);
    EXPECT_EQ(sign("alice", {"--passin", "pass:word"}).status, 2);
    EXPECT_EQ(quietus({"sign", document, "--trust", trust}).status, 2);
    EXPECT_EQ(
        quietus({"sign", document, "--trust", trust, "--key", made + "/alice/person.key"}).status,
        2);
    const auto mixed =
        quietus({"sign", document, "--trust", trust, "--key", made + "/alice/person.key",
                 "--certificate", made + "/bob/person.pem"});
    EXPECT_EQ(mixed.status, 1);
    EXPECT_THAT(mixed.err, HasSubstr("do not belong together"));
    EXPECT_EQ(everything(), before);
}

TEST_F(QuietusSign, RefusesAKeyThatOthersMayRead) {
    erase_for_both();
    const std::string open = directory + "/open.key";
    overwrite(open, content(made + "/alice/person.key"));
    ASSERT_EQ(chmod(open.c_str(), 0640), 0);
    const auto result = quietus({"sign", document, "--trust", trust, "--key", open, "--certificate",
                                 made + "/alice/person.pem"});
    EXPECT_EQ(result.status, 3);
    EXPECT_THAT(result.err, HasSubstr("chmod 600 " + open));
}

class QuietusLockedKey : public QuietusSign {
  protected:
    void SetUp() override {
        QuietusSign::SetUp();
        secret("word", "word of a thousand\n");
        secret("other", "another word\n");
        ASSERT_EQ(quietus({"key", "init", "--person", "alice", "--out", directory + "/locked",
                           "--passout", "file:" + directory + "/word", "-q"})
                      .status,
                  0);
        ASSERT_EQ(
            quietus({"key", "import", "--person", "alice", "--certificate",
                     directory + "/locked/person.pem", "--trust", directory + "/locked/root.pem"})
                .status,
            0);
        Words words{"--operator", "alice"};
        words.insert(words.end(), {"--confirm", code({"--operator", "alice"})});
        ASSERT_EQ(on_image("erase", words).status, 0);
        overwrite(trust,
                  content(state + "/keys/root.pem") + content(directory + "/locked/root.pem"));
    }
    void secret(const std::string& name, const std::string& text) const {
        overwrite(directory + "/" + name, text);
        ASSERT_EQ(chmod((directory + "/" + name).c_str(), 0600), 0);
    }
    [[nodiscard]] Words locked(const Words& more = {}) const {
        Words words{"sign",          document,
                    "--trust",       trust,
                    "--key",         directory + "/locked/person.key",
                    "--certificate", directory + "/locked/person.pem"};
        words.insert(words.end(), more.begin(), more.end());
        return words;
    }
};

TEST_F(QuietusLockedKey, IsKeptEncryptedAndOpenedFromAFile) {
    const std::string key = content(directory + "/locked/person.key");
    EXPECT_THAT(key, HasSubstr("BEGIN ENCRYPTED PRIVATE KEY"));
    struct stat facts {};
    ASSERT_EQ(stat((directory + "/locked/person.key").c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777U, 0600u);
    EXPECT_EQ(quietus(locked()).status, 3); // nobody to ask
    EXPECT_EQ(quietus(locked({"--passin", "file:" + directory + "/other"})).status, 3);
    const auto result = quietus(locked({"--passin", "file:" + directory + "/word"}));
    EXPECT_EQ(result.status, 0) << result.err;
    EXPECT_THAT(result.out + result.err, Not(HasSubstr("thousand")));
    expect_signers(2);
}

TEST_F(QuietusLockedKey, IsOpenedAtTheTerminalWithoutEcho) {
    Words words{QUIETUS_PROGRAM, "--state", state};
    const Words rest = locked();
    words.insert(words.end(), rest.begin(), rest.end());
    const Screen declined = run_on_terminal(words, ": ", [](const std::string&) { return "\x03"; });
    EXPECT_EQ(declined.status, 3) << declined.text;
    const Screen screen = run_on_terminal(words, ": ", [](const std::string&) {
        return "word of a thousanx\x7f"
               "d\n";
    });
    EXPECT_EQ(screen.status, 0) << screen.text;
    EXPECT_THAT(screen.text, HasSubstr("passphrase of "));
    EXPECT_THAT(screen.text, Not(HasSubstr("thousan")));
    expect_signers(2);
}

class QuietusPeople : public QuietusSign {};

TEST_F(QuietusPeople, AreEnteredOnceAndReplacedOnlyWhenAsked) {
    ASSERT_EQ(import("alice").status, 0);
    const std::string first = content(state + "/people.toml");
    const auto again = import("alice");
    EXPECT_EQ(again.status, 3);
    EXPECT_EQ(content(state + "/people.toml"), first);
    ASSERT_EQ(
        quietus({"key", "init", "--person", "alice", "--out", directory + "/new", "-q"}).status, 0);
    Words words{"key",           "import",
                "--person",      "alice",
                "--trust",       directory + "/new/root.pem",
                "--certificate", directory + "/new/person.pem"};
    EXPECT_EQ(quietus(words).status, 3);
    EXPECT_EQ(content(state + "/people.toml"), first);
    words.emplace_back("--replace");
    EXPECT_EQ(quietus(words).status, 0);
    EXPECT_THAT(content(state + "/people.toml"), HasSubstr("replaced_at = "));
    EXPECT_EQ(names(state + "/people").size(), 2u); // the old certificate stays
    const auto shown = quietus({"key", "show"});
    EXPECT_THAT(shown.out, HasSubstr("person  alice, operator, certificate "));
    EXPECT_THAT(shown.out, HasSubstr(", replaced 20"));
    const auto json = parse_json(quietus({"key", "show", "--json"}).out);
    ASSERT_TRUE(json);
    const auto& people = *json->find("people")->as<Json::Array>();
    ASSERT_EQ(people.size(), 2u);
    EXPECT_NE(people.front().text_of("certificate_sha256"),
              people.back().text_of("certificate_sha256"));
    EXPECT_THAT(keys(people.back()),
                ElementsAre("added_at", "certificate", "certificate_sha256", "person", "role"));
}

TEST_F(QuietusPeople, AreWhoTheirCertificateSays) {
    const auto before = everything();
    const auto result =
        quietus({"key", "import", "--person", "bob", "--trust", made + "/alice/root.pem",
                 "--certificate", made + "/alice/person.pem"});
    EXPECT_EQ(result.status, 3);
    EXPECT_THAT(result.err, HasSubstr("the certificate is of the operator alice"));
    const auto untrusted =
        quietus({"key", "import", "--person", "alice", "--trust", made + "/bob/root.pem",
                 "--certificate", made + "/alice/person.pem"});
    EXPECT_EQ(untrusted.status, 1);
    EXPECT_THAT(untrusted.err, HasSubstr("E_CHAIN_UNTRUSTED"));
    const auto station = quietus(
        {"key", "import", "--person", "TEST01", "--certificate", state + "/keys/station.pem"});
    EXPECT_EQ(station.status, 3);
    EXPECT_EQ(everything(), before);
}

TEST_F(QuietusPeople, CannotWitnessTheirOwnWork) {
    const Words people{"--operator", "alice", "--witness", "alice"};
    Words words = people;
    words.insert(words.end(), {"--confirm", code(people)});
    const auto result = on_image("erase", words);
    EXPECT_EQ(result.status, 2) << result.err;
    EXPECT_EQ(content(image), contents_of_image());
}

TEST_F(QuietusPeople, AreTakenFromAListThatNobodyElseMayWrite) {
    ASSERT_EQ(import("alice").status, 0);
    const Words people{"--operator", "alice"};
    Words words = people;
    words.insert(words.end(), {"--confirm", code(people)});
    ASSERT_EQ(chmod((state + "/people.toml").c_str(), 0666), 0);
    EXPECT_EQ(on_image("erase", words).status, 3);
    ASSERT_EQ(chmod((state + "/people.toml").c_str(), 0644), 0);
    overwrite(state + "/people.toml", content(state + "/people.toml") + "[[person]]\nid = 1\n");
    const auto damaged = on_image("erase", words);
    EXPECT_EQ(damaged.status, 1);
    EXPECT_THAT(damaged.err, HasSubstr("people.toml: line 11: id: not a string"));
    EXPECT_EQ(content(image), contents_of_image());
}

} // namespace
} // namespace quietus
