// Policy mode of `plan` and `erase`: what is decided, what is refused, and what the document and
// the auditor say of it.
#include "program_fixture.hpp"

namespace quietus {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::Not;

class QuietusPolicyMode : public QuietusProgram {
  protected:
    [[nodiscard]] CommandResult by_policy(const std::string& verb, const Words& more = {}) const {
        Words words{verb, "image:" + image};
        words.insert(words.end(), more.begin(), more.end());
        return quietus(words);
    }
    [[nodiscard]] Json planned(const Words& more, int status) const {
        Words words = more;
        words.emplace_back("--json");
        const auto result = by_policy("plan", words);
        EXPECT_EQ(result.status, status) << result.err;
        EXPECT_TRUE(is_one_document(result.out)) << result.out;
        const auto json = parse_json(result.out);
        return json ? json->find("plans")->as<Json::Array>()->front() : Json();
    }
    [[nodiscard]] CommandResult erased(const Words& more) const {
        const std::string code(planned(more, 0).text_of("confirmation_code"));
        Words words = more;
        words.insert(words.end(), {"--confirm", code});
        return by_policy("erase", words);
    }
    [[nodiscard]] std::string certificate() const {
        for (const std::string& name : documents())
            if (name.ends_with(".qdc.json")) return state + "/certificates/" + name;
        ADD_FAILURE() << "no certificate";
        return {};
    }
    [[nodiscard]] CommandResult audited(const std::string& document, const Words& more = {}) const {
        Words words{QUIETUS_AUDIT_PROGRAM, "verify", "--trust", state + "/keys/root.pem", document};
        words.insert(words.end(), more.begin(), more.end());
        return run_command(words, directory + "/scratch");
    }
    // Images that held SECRET may be used again: no department would say so.
    [[nodiscard]] static std::string profile(int version = 1,
                                             const std::string& until = "2099-01-01T00:00:00Z") {
        return "[profile]\n"
               "id = \"example\"\n"
               "title = \"Example Department\"\n"
               "version = " +
               std::to_string(version) +
               "\n"
               "authority = \"SIRO of Example Department\"\n"
               "jurisdiction = \"GB\"\n"
               "valid_from = \"2020-01-01T00:00:00Z\"\n"
               "valid_until = \"" +
               until +
               "\"\n"
               "extends = \"uk-official\"\n"
               "extends_version = 1\n"
               "schemes = [\"uk-gsc\"]\n"
               "confidence = \"own-reading\"\n"
               "sources = [\"Example Department\"]\n"
               "\n"
               "[[rule]]\n"
               "id = \"images\"\n"
               "classifications = [\"uk.official-sensitive\"]\n"
               "media = [\"image\"]\n"
               "dispositions = [\"reuse\"]\n"
               "destinations = [\"unstated\", \"same\"]\n"
               "decision = \"allow\"\n"
               "level = \"none\"\n"
               "techniques = [\"overwrite\"]\n"
               "schemes = [\"uk.is5.enhanced\", \"generic.random\"]\n"
               "verification = \"full\"\n"
               "residual = \"only the file was overwritten\"\n"
               "retention_years = 20\n"
               "confidence = \"own-reading\"\n"
               "sources = [\"Example Department\"]\n";
    }
    [[nodiscard]] Words by_example(const Words& more = {}) const {
        Words words{
            "--policy",           "example",       "--trust", trust_directory, "--classification",
            "OFFICIAL-SENSITIVE", "--disposition", "reuse"};
        words.insert(words.end(), more.begin(), more.end());
        return words;
    }

    const Words official{"--classification", "OFFICIAL", "--disposition", "reuse"};
};

// --- plan ---

TEST_F(QuietusPolicyMode, PlansByTheRuleAndSaysWhy) {
    const Json plan = planned(official, 0);
    EXPECT_THAT(keys(plan), IsSupersetOf({"drive", "decision", "rule", "technique", "level",
                                          "scheme", "steps", "verification", "not_reached",
                                          "estimated_seconds", "confirmation_code", "expires_at"}));
    EXPECT_EQ(plan.text_of("decision"), "allow");
    EXPECT_EQ(plan.find("rule")->text_of("profile"), "uk-official");
    EXPECT_EQ(plan.find("rule")->text_of("id"), "official-image");
    EXPECT_NE(plan.find("rule")->text_of("source"), "");
    EXPECT_EQ(plan.text_of("scheme"), "uk.ncsc.official-overwrite");
    EXPECT_EQ(plan.find("verification")->text_of("mode"), "full");
    EXPECT_FALSE(plan.find("alternatives")->as<Json::Array>()->empty());
    const auto for_people = by_policy("plan", official);
    for (const char* text : {"official-image", "instead of", "residual risk", "confirmation code"})
        EXPECT_THAT(for_people.out, HasSubstr(text));
}

TEST_F(QuietusPolicyMode, ShowsADenialWithoutACode) {
    const Words secret{"--classification", "SECRET", "--disposition", "reuse"};
    const Json plan = planned(secret, 4);
    EXPECT_EQ(plan.text_of("decision"), "deny");
    EXPECT_EQ(plan.find("rule")->text_of("id"), "secret-denied");
    EXPECT_EQ(plan.find("confirmation_code"), nullptr);
    EXPECT_NE(plan.find("drive"), nullptr);
    EXPECT_TRUE(plan.find("steps")->as<Json::Array>()->empty());
    const auto for_people = by_policy("plan", secret);
    EXPECT_EQ(for_people.status, 4);
    EXPECT_THAT(for_people.out, HasSubstr("until a signed departmental profile is loaded"));
    EXPECT_THAT(for_people.out, Not(HasSubstr("confirmation code")));
    EXPECT_EQ(
        planned({"--classification", "SECRET", "--disposition", "destroy"}, 4).text_of("decision"),
        "escalate");
}

TEST_F(QuietusPolicyMode, HasNoDefaultForWhatTheDriveHeldAndWhereItGoes) {
    expect_image_refusal({}, 2, "--classification is missing");
    expect_image_refusal({"--classification", "OFFICIAL"}, 2, "--disposition is missing");
    expect_image_refusal({"--disposition", "reuse"}, 2, "--classification is missing");
    expect_image_refusal({"--classification", "OFFICIAL", "--disposition", "sale"}, 2,
                         "--disposition");
    const auto result = by_policy("plan");
    EXPECT_THAT(result.err, HasSubstr("OFFICIAL, OFFICIAL-SENSITIVE, SECRET, TOP SECRET"));
}

TEST_F(QuietusPolicyMode, ErasesNothingThatIsDenied) {
    for (const char* marking : {"SECRET", "TOP SECRET", "CONFIDENTIAL", "IL5"})
        for (const char* where : {"reuse", "release", "destroy"}) {
            Words words{"erase", "image:" + image, "--classification",
                        marking, "--disposition",  where};
            expect_refusal(words, 4, "plan: policy: ");
        }
    EXPECT_EQ(content(image), contents_of_image());
}

TEST_F(QuietusPolicyMode, MixesNothingWithDirectMode) {
    for (const Words& words : {Words{"--technique", "overwrite", "--classification", "OFFICIAL"},
                               Words{"--technique", "overwrite", "--disposition", "reuse"},
                               Words{"--technique", "overwrite", "--policy", "au-ism"}})
        expect_image_refusal(words, 2, "with --technique no policy is applied");
}

TEST_F(QuietusPolicyMode, LetsAnOperatorChooseWithinTheRuleAlone) {
    Words words = official;
    words.insert(words.end(), {"--scheme", "generic.random"});
    EXPECT_EQ(planned(words, 0).text_of("scheme"), "generic.random");
    words.back() = "x.gutmann";
    expect_image_refusal(words, 2, "does not allow \"x.gutmann\"");
    words = official;
    words.insert(words.end(), {"--verification", "sample:50"});
    expect_image_refusal(words, 2, "weaker than the read-back");
    words.back() = "none";
    expect_image_refusal(words, 2, "weaker than the read-back");
}

TEST_F(QuietusPolicyMode, TakesADecisionAboutConfidentialWithAnAuthorityAlone) {
    const Words decided{"--classification", "CONFIDENTIAL=SECRET", "--disposition", "reuse"};
    expect_image_refusal(decided, 2, "nobody is named who took it");
    Words words = decided;
    words.insert(words.end(), {"--authority", "Owner of the information"});
    EXPECT_EQ(planned(words, 4).find("rule")->text_of("id"), "secret-denied");
}

// --- erase, and the document ---

TEST_F(QuietusPolicyMode, IssuesACertificateThatTheAuditorAsksPolicyAboutAgain) {
    const auto result = erased(official);
    EXPECT_EQ(result.status, 0) << result.err;
    const auto json = parse_json(content(certificate()));
    ASSERT_TRUE(json);
    const Json& policy = *json->find("policy");
    EXPECT_EQ(policy.text_of("statement"), "a policy was applied");
    EXPECT_EQ(policy.text_of("profile"), "uk-official");
    EXPECT_EQ(policy.text_of("rule"), "official-image");
    const Json& decision = *policy.find("decision");
    EXPECT_EQ(decision.text_of("classification"), "uk.official");
    EXPECT_EQ(decision.text_of("classification_given"), "OFFICIAL");
    EXPECT_EQ(decision.text_of("disposition"), "reuse");
    EXPECT_EQ(decision.text_of("medium"), "image");

    // The digest is that of the text that lies beside it, and of the text that is shipped.
    const std::string sha256(decision.find("profile")->text_of("sha256"));
    const std::string beside = state + "/certificates/" + sha256 + ".policy.toml";
    EXPECT_EQ(content(beside), quietus({"policy", "show", "uk-official"}).out);
    EXPECT_EQ(run_command({"sha256sum", beside}, directory + "/scratch").out.substr(0, 64), sha256);

    const auto verdict = audited(certificate());
    EXPECT_EQ(verdict.status, 0) << verdict.out;
    EXPECT_THAT(verdict.out, Not(HasSubstr("POLICY")));
}

TEST_F(QuietusPolicyMode, SaysOnTheDocumentWhoSuppliedEachValue) {
    ASSERT_EQ(erased(official).status, 0);
    const auto json = parse_json(content(certificate()));
    ASSERT_TRUE(json);
    std::map<std::string, std::string> by;
    for (const Json& each :
         *json->find("policy")->find("decision")->find("supplied")->as<Json::Array>())
        by[std::string(each.text_of("name"))] = each.text_of("by");
    EXPECT_EQ(by,
              (std::map<std::string, std::string>{
                  {"policy", "default"}, {"classification", "option"}, {"disposition", "option"}}));
}

TEST_F(QuietusPolicyMode, WillNotGoOnWithoutTheWitnessThatTheRuleAsksFor) {
    std::filesystem::create_directories(trust_directory);
    std::string text = profile();
    text.replace(text.find("retention_years = 20"), 20,
                 "people = [\"witness\"]\nretention_years = 20");
    put_profile(text);
    const std::string code(planned(by_example(), 0).text_of("confirmation_code"));
    const auto refused = by_policy("erase", by_example({"--confirm", code, "--witness", "bob"}));
    EXPECT_EQ(refused.status, 3);
    EXPECT_THAT(refused.err, HasSubstr("asks for a witness"));
    EXPECT_EQ(content(image), contents_of_image());
}

TEST_F(QuietusPolicyMode, DescribesTheDocumentInItsSchema) {
    ASSERT_EQ(erased(official).status, 0);
    const std::string script =
        "import sys, json, pathlib, warnings\n"
        "try: import jsonschema\n"
        "except ImportError: sys.exit(77)\n"
        "warnings.simplefilter('ignore')\n"
        "document = json.load(open(sys.argv[2]))\n"
        "if sys.argv[3:]: del document['policy']['decision'][sys.argv[3]]\n"
        "path = pathlib.Path(sys.argv[1], 'certificate.schema.json')\n"
        "schema = json.load(open(path))\n"
        "resolver = jsonschema.RefResolver(path.as_uri(), schema)\n"
        "jsonschema.Draft202012Validator(schema, resolver=resolver).validate(document)\n";
    const auto validate = [&](const Words& more) {
        Words words{"python3", "-c", script, QUIETUS_SCHEMAS, certificate()};
        words.insert(words.end(), more.begin(), more.end());
        return run_command(words, directory + "/scratch").status;
    };
    const int status = validate({});
    if (status == 77 || status == 127) GTEST_SKIP() << "needs python3-jsonschema";
    EXPECT_EQ(status, 0);
    EXPECT_EQ(validate({"residual"}), 1);
}

TEST_F(QuietusPolicyMode, BelievesNoToolThatTheAuditorHasRevoked) {
    ASSERT_EQ(erased(official).status, 0);
    const std::string auditor = directory + "/auditor";
    std::filesystem::create_directory(auditor);
    std::filesystem::copy(state + "/keys/root.pem", auditor + "/root.pem");
    const auto json = parse_json(content(certificate()));
    ASSERT_TRUE(json);
    const std::string version(json->find("tool")->text_of("version"));
    const auto with = [&](const std::string& tools) {
        overwrite(auditor + "/tools.toml", tools);
        return run_command({QUIETUS_AUDIT_PROGRAM, "verify", "--trust", auditor, certificate()},
                           directory + "/scratch");
    };
    EXPECT_EQ(with("[[tool]]\nversion = \"" + version + "\"\n").status, 0);
    const auto revoked = with("[[tool]]\nversion = \"" + version + "\"\nrevoked = \"bad\"\n");
    EXPECT_EQ(revoked.status, 1);
    EXPECT_THAT(revoked.out, HasSubstr("E_TOOL_REVOKED"));
    const auto unknown = with("[[tool]]\nversion = \"another\"\n");
    EXPECT_EQ(unknown.status, 1);
    EXPECT_THAT(unknown.out, HasSubstr("E_TOOL_UNKNOWN"));
    EXPECT_EQ(with("[[tool]\n").status, 2);
}

// --- departmental profiles ---

TEST_F(QuietusPolicyMode, ErasesByAProfileThatItsOwnerSigned) {
    put_profile(profile());
    const auto result = erased(by_example());
    EXPECT_EQ(result.status, 0) << result.err;
    const auto json = parse_json(content(certificate()));
    ASSERT_TRUE(json);
    const Json& decision = *json->find("policy")->find("decision");
    EXPECT_EQ(json->find("policy")->text_of("rule"), "images");
    EXPECT_EQ(decision.find("extends")->text_of("id"), "uk-official");
    EXPECT_EQ(json->text_of("retain_until").substr(0, 4) >= "2046", true);

    // The auditor needs the owner's root besides, and then has nothing against it.
    const auto without = audited(certificate());
    EXPECT_EQ(without.status, 1) << without.out; // no path from the owner to that root
    EXPECT_THAT(without.out, HasSubstr("POLICY_SIGNATURE"));
    overwrite(directory + "/both.pem",
              content(state + "/keys/root.pem") + content(trust_directory + "/siro.pem"));
    const auto with = run_command(
        {QUIETUS_AUDIT_PROGRAM, "verify", "--trust", directory + "/both.pem", certificate()},
        directory + "/scratch");
    EXPECT_EQ(with.status, 0) << with.out;
}

TEST_F(QuietusPolicyMode, LeavesTheAuditorUndecidedWithoutTheTextOfTheProfile) {
    put_profile(profile());
    ASSERT_EQ(erased(by_example()).status, 0);
    for (const std::string& name : documents())
        if (name.find(".policy.toml") != std::string::npos)
            std::filesystem::remove(state + "/certificates/" + name);
    const auto result = audited(certificate());
    EXPECT_EQ(result.status, 6) << result.out;
    EXPECT_THAT(result.out, HasSubstr("I_POLICY_TEXT"));
    // A directory of trust that has it will do.
    std::filesystem::copy(state + "/keys/root.pem", trust_directory + "/station.pem");
    const auto with =
        run_command({QUIETUS_AUDIT_PROGRAM, "verify", "--trust", trust_directory, certificate()},
                    directory + "/scratch");
    EXPECT_EQ(with.status, 0) << with.out;
}

TEST_F(QuietusPolicyMode, RefusesAProfileThatIsNotSigned) {
    put_profile(profile());
    std::filesystem::remove(trust_directory + "/example.toml.p7s");
    expect_image_refusal(by_example(), 3, "it is not signed");
}

TEST_F(QuietusPolicyMode, RefusesAProfileThatWasAltered) {
    put_profile(profile());
    write_profile(profile() + "# a remark\n");
    expect_image_refusal(by_example(), 3, "it was altered after it was signed");
}

TEST_F(QuietusPolicyMode, RefusesAProfileThatHasExpired) {
    put_profile(profile(1, "2021-01-01T00:00:00Z"));
    expect_image_refusal(by_example(), 3, "it expired at 2021-01-01T00:00:00Z");
}

TEST_F(QuietusPolicyMode, RefusesAProfileOfAnOwnerWhoIsNotTrustedHere) {
    put_profile(profile());
    make_owner("other");
    std::filesystem::remove(trust_directory + "/siro.pem");
    std::filesystem::copy(directory + "/other/root.pem", trust_directory + "/other.pem");
    expect_image_refusal(by_example(), 3, "its signature does not hold here");
    std::filesystem::remove(trust_directory + "/other.pem");
    expect_image_refusal(by_example(), 3, "no key is trusted here");
}

TEST_F(QuietusPolicyMode, RefusesAProfileOlderThanTheOneItErasedBy) {
    put_profile(profile(2));
    ASSERT_EQ(erased(by_example()).status, 0);
    overwrite(image, contents_of_image());
    std::filesystem::remove(trust_directory + "/example.toml.p7s");
    write_profile(profile(1));
    ASSERT_EQ(sign_profile().status, 0);
    expect_image_refusal(by_example(), 3, "it is version 1, and this station has used version 2");
    // Nor another text under the same version.
    std::filesystem::remove(trust_directory + "/example.toml.p7s");
    write_profile(profile(2) + "# other\n");
    ASSERT_EQ(sign_profile().status, 0);
    expect_image_refusal(by_example(), 3, "another text than the version 2");
}

TEST_F(QuietusPolicyMode, TrustsNoDirectoryThatOthersMayWriteTo) {
    put_profile(profile());
    std::filesystem::permissions(trust_directory, std::filesystem::perms::others_write,
                                 std::filesystem::perm_options::add);
    expect_image_refusal(by_example(), 3, "others may write to it");
}

TEST_F(QuietusPolicyMode, ListsWhatHoldsAndSaysWhyTheRestDoesNot) {
    put_profile(profile());
    const auto good = quietus({"policy", "list", "--trust", trust_directory, "--json"});
    EXPECT_THAT(good.out, HasSubstr("\"signed_by\":\"siro\""));
    write_profile(profile() + "# a remark\n");
    const auto bad = quietus({"policy", "list", "--trust", trust_directory});
    EXPECT_EQ(bad.status, 0);
    EXPECT_THAT(bad.err, HasSubstr("it was altered"));
    EXPECT_THAT(bad.out, Not(HasSubstr("siro")));
}

// --- signing ---

TEST_F(QuietusPolicyMode, SignsWhatIsCleanWithThePolicyOwnersKeyAlone) {
    std::filesystem::create_directories(trust_directory);
    make_owner();
    std::string text = profile();
    text.replace(text.find("media = [\"image\"]"), 17, "media = [\"disc\"]");
    write_profile(text);
    auto refused = sign_profile();
    EXPECT_EQ(refused.status, 3);
    EXPECT_THAT(refused.err, HasSubstr("example.toml:18: unknown-name"));
    EXPECT_FALSE(std::filesystem::exists(trust_directory + "/example.toml.p7s"));

    write_profile(profile());
    const auto operator_key = quietus({"key", "init", "--person", "jd17", "--role", "operator",
                                       "--out", directory + "/operator"});
    ASSERT_EQ(operator_key.status, 0) << operator_key.err;
    refused = sign_profile("operator");
    EXPECT_EQ(refused.status, 3);
    EXPECT_THAT(refused.err, HasSubstr("not of a policy-owner"));

    EXPECT_EQ(sign_profile().status, 0);
    // Stock tools agree about the octets.
    const auto openssl = run_command({"openssl", "cms", "-verify", "-binary", "-inform", "DER",
                                      "-in", trust_directory + "/example.toml.p7s", "-content",
                                      trust_directory + "/example.toml", "-CAfile",
                                      directory + "/owner/root.pem", "-out", "/dev/null"},
                                     directory + "/scratch");
    EXPECT_EQ(openssl.status, 0) << openssl.err;
    refused = sign_profile(); // never over anything
    EXPECT_EQ(refused.status, 5) << refused.err;
}

} // namespace
} // namespace quietus
