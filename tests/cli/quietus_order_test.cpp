// Disposal orders: what they stand for, what they do not, and what auditors make of them; and what
// the asset register says of drives.
#include "program_fixture.hpp"

namespace quietus {
namespace {

using testing::HasSubstr;
using testing::Not;

class QuietusOrder : public QuietusProgram {
  protected:
    [[nodiscard]] static std::string text(const std::string& more = {},
                                          const std::string& id = "D-1") {
        return "[order]\n"
               "id = \"" +
               id +
               "\"\n"
               "station = \"TEST01\"\n"
               "valid_from = \"2020-01-01T00:00:00Z\"\n"
               "valid_until = \"2099-01-01T00:00:00Z\"\n"
               "classification = \"OFFICIAL\"\n"
               "disposition = \"reuse\"\n"
               "organisation = \"Example Department\"\n"
               "references = [\"R-1\"]\n" +
               more +
               "\n[any]\n"
               "at_most = 1\n"
               "kind = \"image\"\n"
               "removable = false\n"
               "least_bytes = 1\n"
               "most_bytes = 1000000\n";
    }
    void write(const std::string& order) const { overwrite(file, order); }
    void make_approver(const std::string& name = "approver") const {
        const auto result = quietus({"key", "init", "--person", "ap01", "--role", "approver",
                                     "--out", directory + "/" + name});
        ASSERT_EQ(result.status, 0) << result.err;
    }
    [[nodiscard]] CommandResult sign(const std::string& name = "approver") const {
        return quietus({"policy", "sign", file, "--key", directory + "/" + name + "/person.key",
                        "--certificate", directory + "/" + name + "/person.pem"});
    }
    void put_signed(const std::string& order) const {
        std::filesystem::create_directories(trust);
        if (!std::filesystem::exists(directory + "/approver")) {
            make_approver();
            std::filesystem::copy(directory + "/approver/root.pem", trust + "/approver.pem");
        }
        std::filesystem::remove(file + ".p7s");
        write(order);
        const auto result = sign();
        ASSERT_EQ(result.status, 0) << result.err;
        ASSERT_THAT(result.out, HasSubstr("signed by the approver ap01"));
    }
    [[nodiscard]] Words by_order(const Words& more = {}) const {
        Words words{"--order", file, "--trust", trust};
        words.insert(words.end(), more.begin(), more.end());
        return words;
    }
    [[nodiscard]] CommandResult on_order(const std::string& verb, const Words& more = {}) const {
        Words words{verb, "image:" + image};
        const Words options = by_order(more);
        words.insert(words.end(), options.begin(), options.end());
        return quietus(words);
    }
    [[nodiscard]] Json certificate() const {
        const auto json = parse_json(content(certificate_path()));
        return json ? *json : Json();
    }
    [[nodiscard]] std::string certificate_path() const {
        for (const std::string& name : documents())
            if (name.ends_with(".qdc.json")) return state + "/certificates/" + name;
        ADD_FAILURE() << "no certificate";
        return {};
    }
    [[nodiscard]] CommandResult audited(const std::string& roots) const {
        overwrite(directory + "/roots.pem", roots);
        return run_command({QUIETUS_AUDIT_PROGRAM, "verify", "--trust", directory + "/roots.pem",
                            certificate_path()},
                           directory + "/scratch");
    }
    [[nodiscard]] std::string station_root() const { return content(state + "/keys/root.pem"); }

    std::string trust = made + "/test/trust";
    std::string file = made + "/test/order.toml";
};

// --- one that nobody signed ---

TEST_F(QuietusOrder, SavesTypingWhenNobodySignedIt) {
    write(text());
    const auto planned = on_order("plan", {"--json"});
    ASSERT_EQ(planned.status, 0) << planned.err;
    const auto plan = parse_json(planned.out);
    const std::string code(
        plan->find("plans")->as<Json::Array>()->front().text_of("confirmation_code"));
    const auto without = on_order("erase");
    EXPECT_EQ(without.status, 3);
    EXPECT_THAT(without.err, HasSubstr("nobody to ask"));
    EXPECT_EQ(content(image), contents_of_image());
    const auto with = on_order("erase", {"--confirm", code});
    EXPECT_EQ(with.status, 0) << with.err;
    const Json document = certificate();
    EXPECT_EQ(document.find("statements")->text_of("organisation"), "Example Department");
    EXPECT_EQ(document.find("statements")->find("order")->text_of("id"), "D-1");
    EXPECT_EQ(document.find("statements")->find("order")->text_of("approver"), "");
    EXPECT_EQ(audited(station_root()).status, 0);
}

TEST_F(QuietusOrder, LetsOptionsComeFirstWhenNobodySignedIt) {
    write(text());
    const auto planned = on_order("plan", {"--classification", "SECRET"});
    EXPECT_EQ(planned.status, 4);
    EXPECT_THAT(planned.out, HasSubstr("secret-denied"));
}

TEST_F(QuietusOrder, RefusesAFileThatIsNone) {
    write("[order]\nid = \"D-1\"\n");
    expect_image_refusal(by_order(), 2, "line 1: ");
    std::filesystem::remove(file);
    expect_image_refusal(by_order(), 2, "order.toml");
    write(text());
    expect_image_refusal(by_order({"--technique", "overwrite"}), 2, "--order: with --technique");
}

// --- one that an approver signed ---

TEST_F(QuietusOrder, StandsForTheCodeOnce) {
    put_signed(text());
    const auto erased = on_order("erase");
    EXPECT_EQ(erased.status, 0) << erased.err;
    EXPECT_EQ(content(image).find("the secret"), std::string::npos);
    overwrite(image, contents_of_image());
    const auto again = on_order("erase");
    EXPECT_EQ(again.status, 3);
    EXPECT_THAT(again.err, HasSubstr("used for as many drives as it allows"));
    EXPECT_EQ(content(image), contents_of_image());
    // Nor does another text under the same name.
    put_signed(text() + "# more\n");
    EXPECT_EQ(on_order("erase").status, 3);
    EXPECT_EQ(content(image), contents_of_image());
    put_signed(text({}, "D-2"));
    EXPECT_EQ(on_order("erase").status, 0);
}

TEST_F(QuietusOrder, StandsOnTheDocumentWithWhatItGave) {
    put_signed(text("authority = \"Owner\"\nhold_clearance = \"Legal\"\n"));
    ASSERT_EQ(on_order("erase", {"--site", "Bench 1"}).status, 0);
    const Json document = certificate();
    const Json& statements = *document.find("statements");
    EXPECT_EQ(statements.text_of("hold_clearance"), "Legal");
    EXPECT_EQ(statements.find("order")->text_of("approver"), "ap01");
    const std::string sha256(statements.find("order")->text_of("sha256"));
    EXPECT_EQ(content(state + "/certificates/" + sha256 + ".order.toml"), content(file));
    std::map<std::string, std::string> by;
    for (const Json& each :
         *document.find("policy")->find("decision")->find("supplied")->as<Json::Array>())
        by[std::string(each.text_of("name"))] =
            std::string(each.text_of("by")) + " " + std::string(each.text_of("reference"));
    EXPECT_EQ(by, (std::map<std::string, std::string>{{"policy", "default "},
                                                      {"classification", "order D-1"},
                                                      {"disposition", "order D-1"},
                                                      {"organisation", "order D-1"},
                                                      {"authority", "order D-1"},
                                                      {"hold-clearance", "order D-1"}}));
}

TEST_F(QuietusOrder, IsAskedAgainByTheAuditor) {
    put_signed(text());
    ASSERT_EQ(on_order("erase").status, 0);
    const std::string both = station_root() + content(trust + "/approver.pem");
    const auto good = audited(both);
    EXPECT_EQ(good.status, 0) << good.out;
    const auto stranger = audited(station_root());
    EXPECT_EQ(stranger.status, 1) << stranger.out;
    EXPECT_THAT(stranger.out, HasSubstr("ORDER_SIGNATURE"));
    for (const std::string& name : documents())
        if (name.ends_with(".order.toml")) std::filesystem::remove(state + "/certificates/" + name);
    const auto without = audited(both);
    EXPECT_EQ(without.status, 6) << without.out;
    EXPECT_THAT(without.out, HasSubstr("I_ORDER_TEXT"));
}

TEST_F(QuietusOrder, IsRefusedWhenItIsNotForNowAndHere) {
    std::string elsewhere = text();
    elsewhere.replace(elsewhere.find("TEST01"), 6, "TEST02");
    put_signed(elsewhere);
    expect_image_refusal(by_order(), 3, "it is for station TEST02, and this is TEST01");
    std::string expired = text();
    expired.replace(expired.find("2099"), 4, "2021");
    put_signed(expired);
    expect_image_refusal(by_order(), 3, "it expired at 2021-01-01T00:00:00Z");
    std::string early = text();
    early.replace(early.find("2020"), 4, "2098");
    put_signed(early);
    expect_image_refusal(by_order(), 3, "it is not valid before 2098-01-01T00:00:00Z");
}

TEST_F(QuietusOrder, IsRefusedWhenItWasAlteredOrSignedByNobodyTrusted) {
    put_signed(text());
    write(text() + "# a remark\n");
    expect_image_refusal(by_order(), 3, "it was altered after it was signed");
    make_approver("other");
    write(text());
    std::filesystem::remove(file + ".p7s");
    ASSERT_EQ(sign("other").status, 0);
    expect_image_refusal(by_order(), 3, "its signature does not hold here");
    // Nor by somebody who has another role.
    const auto owner = quietus({"key", "init", "--person", "siro", "--role", "policy-owner",
                                "--out", directory + "/owner"});
    ASSERT_EQ(owner.status, 0) << owner.err;
    std::filesystem::remove(file + ".p7s");
    EXPECT_EQ(sign("owner").status, 3); // to a policy owner it is no profile
    EXPECT_FALSE(std::filesystem::exists(file + ".p7s"));
}

TEST_F(QuietusOrder, IsNotContradicted) {
    put_signed(text());
    expect_image_refusal(by_order({"--disposition", "release"}), 3, "which is signed, says");
    EXPECT_EQ(on_order("plan", {"--disposition", "reuse"}).status, 0);
    Words words{"erase", "image:" + image, "--confirm", "AAAA-BBBB"};
    const Words options = by_order();
    words.insert(words.end(), options.begin(), options.end());
    expect_refusal(words, 2, "stands for the codes");
}

TEST_F(QuietusOrder, CoversNoOtherDrive) {
    std::string small = text();
    small.replace(small.find("most_bytes = 1000000"), 20, "most_bytes = 1000");
    put_signed(small);
    expect_image_refusal(by_order(), 3, "order D-1: it does not cover image:");
}

TEST_F(QuietusOrder, IsNotFollowedByWhoApprovedIt) {
    put_signed(text());
    for (const char* role : {"--operator", "--witness"}) {
        const auto own = on_order("erase", {role, "ap01"});
        EXPECT_EQ(own.status, 3) << role;
        EXPECT_THAT(own.err, HasSubstr("nobody approves their own work"));
    }
    EXPECT_EQ(content(image), contents_of_image());
}

TEST_F(QuietusOrder, CannotAllowWhatPolicyDenies) {
    std::string secret = text("owner_accepts = true\n");
    secret.replace(secret.find("\"OFFICIAL\""), 10, "\"SECRET\"");
    put_signed(secret);
    Words words{"erase", "image:" + image};
    const Words options = by_order();
    words.insert(words.end(), options.begin(), options.end());
    expect_refusal(words, 4, "secret-denied");
}

TEST_F(QuietusOrder, IsSignedWhenItIsOneAndByAnApproverAlone) {
    make_approver();
    write("[order]\n");
    EXPECT_EQ(sign().status, 2);
    EXPECT_FALSE(std::filesystem::exists(file + ".p7s"));
    write(text());
    EXPECT_EQ(sign().status, 0);
    const auto openssl = run_command({"openssl", "cms", "-verify", "-binary", "-inform", "DER",
                                      "-in", file + ".p7s", "-content", file, "-CAfile",
                                      directory + "/approver/root.pem", "-out", "/dev/null"},
                                     directory + "/scratch");
    EXPECT_EQ(openssl.status, 0) << openssl.err;
}

// --- what the register says ---

TEST_F(QuietusOrder, IsHeldUpByAssetsThatAreNotExpected) {
    overwrite(state + "/assets.toml", "[[expected]]\nserial = \"EX1\"\nasset_tag = \"A-1\"\n");
    const Words official{"--classification", "OFFICIAL", "--disposition", "reuse"};
    expect_image_refusal(official, 3, "not-expected: it tells no serial");
    Words set_aside = official;
    set_aside.insert(set_aside.end(), {"--override", "not-expected"});
    Words words{"plan", "image:" + image};
    words.insert(words.end(), set_aside.begin(), set_aside.end());
    const auto planned = quietus(words);
    EXPECT_EQ(planned.status, 0) << planned.err;
    EXPECT_THAT(planned.out, HasSubstr("set aside"));
    overwrite(state + "/assets.toml", "[[expected]]\n");
    expect_image_refusal(official, 3, "serial is missing");
}

} // namespace
} // namespace quietus
