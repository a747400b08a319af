#include "audit_documents.hpp"

#include "quietus/core/json.hpp"

#include <sys/stat.h>
#include <sys/sysmacros.h>

namespace quietus {
namespace {

class AuditVerify : public AuditDocuments {
  protected:
    // Status and a piece of the answer.
    void expect(const CommandResult& result, int status, const std::string& text) const {
        EXPECT_EQ(result.status, status) << result.out << result.err;
        EXPECT_NE((result.out + result.err).find(text), std::string::npos)
            << result.out << result.err;
    }
};

TEST_F(AuditVerify, AcceptsACertificateByAnyOfItsFiles) {
    overwrite(stem + ".qdc.pdf", "");
    for (const char* suffix : {".qdc.json", ".qdc.p7s", ".qdc.pdf"})
        expect(verify({stem + suffix}), 0, "valid: certificate of erasure");
    overwrite(stem + ".qdc.tlog-proof", ""); // found beside it, by whatever file it is named
    expect(verify({qdc}), 1, "E_LOG_PROOF");
    expect(verify({stem + ".qdc.tlog-proof"}), 1, "E_LOG_PROOF");
}

TEST_F(AuditVerify, StockOpensslAgrees) {
    for (const std::string& document : {stem + ".qdc", attempt_stem}) {
        const std::vector<std::string> words{"openssl",  "cms",
                                             "-verify",  "-binary",
                                             "-inform",  "DER",
                                             "-in",      document + ".p7s",
                                             "-content", document + ".json",
                                             "-CAfile",  made + "/keys/root.pem",
                                             "-out",     "/dev/null"};
        EXPECT_EQ(run_command(words, directory).status, 0);
        overwrite(document + ".json", content(document + ".json") + " ");
        EXPECT_NE(run_command(words, directory).status, 0);
    }
}

TEST_F(AuditVerify, ShowsTheLimitOfASelfIssuedRoot) {
    expect(verify({qdc}), 0, "W_SELF_ISSUED: self-issued, cannot be revoked");
}

TEST_F(AuditVerify, TakesAnAttemptRecordForNoErasure) {
    expect(verify({qar}), 9, "THIS DRIVE IS NOT PROVEN ERASED");
}

TEST_F(AuditVerify, TrustsNobodyWithoutTrust) {
    expect(audit({"verify", qdc}), 6, "I_CHAIN_NO_TRUST");
    expect(audit({"verify", qar}), 6, "I_CHAIN_NO_TRUST");
}

TEST_F(AuditVerify, RefusesADocumentOfAnotherRoot) {
    const std::string other = directory + "/other";
    make_keys("TEST", other);
    expect(audit({"verify", "--trust", other + "/root.pem", qdc}), 1, "E_CHAIN_UNTRUSTED");
}

TEST_F(AuditVerify, RefusesEveryAlterationOfThePayload) {
    const std::string good = content(qdc);
    for (std::size_t at = 0; at < good.size(); at += good.size() / 40) {
        std::string altered = good;
        altered[at] = static_cast<char>(altered[at] ^ 1);
        overwrite(qdc, altered);
        EXPECT_EQ(verify({qdc}).status, 1) << at;
    }
    const auto at = good.find(R"("serial":"")");
    ASSERT_NE(at, std::string::npos);
    overwrite(qdc, std::string(good).replace(at, 11, R"("serial":"X1")"));
    expect(verify({qdc}), 1, "E_DIGEST");
}

TEST_F(AuditVerify, RefusesAnAttemptRecordUnderTheNameOfACertificate) {
    std::filesystem::copy_file(qar, qdc, std::filesystem::copy_options::overwrite_existing);
    std::filesystem::copy_file(attempt_stem + ".p7s", stem + ".qdc.p7s",
                               std::filesystem::copy_options::overwrite_existing);
    expect(verify({qdc}), 1, "E_TYPE");
}

TEST_F(AuditVerify, RefusesTheSignatureOfAnotherPayload) {
    std::filesystem::copy_file(attempt_stem + ".p7s", stem + ".qdc.p7s",
                               std::filesystem::copy_options::overwrite_existing);
    const auto result = verify({qdc});
    expect(result, 1, "E_DIGEST");
    expect(result, 1, "E_SIG_CONTENT_TYPE");
}

TEST_F(AuditVerify, NamesWhatIsWrongWithBadInput) {
    const std::string good = content(qdc);
    overwrite(qdc, "");
    expect(verify({qdc}), 1, "E_JSON_SYNTAX");
    overwrite(qdc, good.substr(0, good.size() / 2));
    expect(verify({qdc}), 1, "E_JSON_SYNTAX");
    overwrite(qdc, "this is no JSON");
    expect(verify({qdc}), 1, "E_JSON_SYNTAX");
    overwrite(qdc, good);
    std::filesystem::resize_file(qdc, std::uintmax_t{1} << 30U);
    expect(verify({qdc}), 1, "E_SIZE");
    overwrite(qdc, good);
    const std::string p7s = content(stem + ".qdc.p7s");
    overwrite(stem + ".qdc.p7s", "");
    expect(verify({qdc}), 1, "E_SIG_");
    overwrite(stem + ".qdc.p7s", p7s + "x");
    expect(verify({qdc}), 1, "E_SIG_TRAILING");
    std::filesystem::resize_file(stem + ".qdc.p7s", (256U << 10U) + 1);
    expect(verify({qdc}), 1, "E_SIZE");
    std::filesystem::remove(stem + ".qdc.p7s");
    expect(verify({qdc}), 6, "qdc.p7s: No such file");
}

TEST_F(AuditVerify, OpensNothingButRegularFiles) {
    std::filesystem::create_directory(directory + "/empty");
    expect(verify({directory + "/empty"}), 1, "a directory, not a document");
    const std::string pipe = directory + "/QTS-TEST-00000008.qdc.json";
    ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
    expect(verify({pipe}), 1, "not a regular file; not opened");
    expect(verify({"/dev/null"}), 1, "not a regular file; not opened");
    expect(verify({directory + "/missing.qdc.json"}), 6, "No such file");
    overwrite(directory + "/notes.txt", "x");
    expect(verify({directory + "/notes.txt"}), 1, "not named as a document");
}

TEST_F(AuditVerify, RefusesANamedBlockDeviceWithoutOpeningIt) {
    const std::string node = directory + "/node";
    // Number 0 of major 240 (local use) has no driver: opening it would be another error.
    if (mknod(node.c_str(), S_IFBLK | 0600, makedev(240, 0)) != 0)
        GTEST_SKIP() << "making a block device node needs root";
    expect(verify({node}), 1, "a block device, not a document; not opened");
    std::filesystem::create_symlink(node, directory + "/QTS-TEST-00000009.qdc.json");
    expect(verify({directory + "/QTS-TEST-00000009.qdc.json"}), 1, "a block device");
}

TEST_F(AuditVerify, EndsWithTheWorstOfSeveralDocuments) {
    const std::string missing = directory + "/QTS-TEST-00000001.qdc.json";
    EXPECT_EQ(verify({qdc, qdc}).status, 0);
    EXPECT_EQ(verify({qdc, missing}).status, 6);
    EXPECT_EQ(verify({qdc, missing, qar}).status, 9);
    EXPECT_EQ(verify({qdc, "/dev/null", missing, qar}).status, 1);
}

TEST_F(AuditVerify, AnswersInJsonWithEveryFinding) {
    const auto result = audit({"verify", "--json", "--trust", made + "/keys/root.pem", qdc, qar});
    EXPECT_EQ(result.status, 9);
    const auto json = parse_json(result.out);
    ASSERT_TRUE(json) << result.out;
    const auto& documents = *json->find("documents")->as<Json::Array>();
    ASSERT_EQ(documents.size(), 2u);
    EXPECT_EQ(documents[0].text_of("file"), qdc);
    EXPECT_EQ(documents[0].text_of("id"), "QTS-TEST-00000007");
    EXPECT_EQ(documents[0].text_of("verdict"), "valid");
    EXPECT_EQ(documents[1].text_of("verdict"), "not-an-erasure");
    const Json& signer = documents[0].find("signers")->as<Json::Array>()->front();
    EXPECT_EQ(signer.text_of("role"), "station");
    EXPECT_EQ(signer.text_of("name"), "TEST");
    const Json& finding = documents[0].find("findings")->as<Json::Array>()->front();
    EXPECT_EQ(finding.text_of("code"), "W_SELF_ISSUED");
}

TEST_F(AuditVerify, GivesNoIdFromAPayloadThatNobodyTrustedSigned) {
    const auto json = parse_json(audit({"verify", "--json", qdc}).out);
    ASSERT_TRUE(json);
    EXPECT_EQ(json->find("documents")->as<Json::Array>()->front().text_of("id"), "");
}

TEST_F(AuditVerify, IsQuietWhenAsked) {
    const auto result = audit({"-q", "verify", "--trust", made + "/keys/root.pem", qdc});
    EXPECT_EQ(result.status, 0);
    EXPECT_EQ(result.out + result.err, "");
}

TEST_F(AuditVerify, TakesWrongUseForUsage) {
    EXPECT_EQ(audit({}).status, 2);
    EXPECT_EQ(audit({"verify"}).status, 2);
    EXPECT_EQ(audit({"erase", qdc}).status, 2);
    EXPECT_EQ(audit({"verify", "--crl", "x", qdc}).status, 2);
    EXPECT_EQ(audit({"verify", "--require", "level=9", qdc}).status, 2);
    expect(audit({"verify", "--trust", directory + "/none", qdc}), 2, "--trust");
    overwrite(directory + "/bad.pem", "no certificate");
    expect(audit({"verify", "--trust", directory + "/bad.pem", qdc}), 2, "--trust");
    const auto json = parse_json(audit({"verify", "--json", "--crl", "x", qdc}).out);
    ASSERT_TRUE(json);
    EXPECT_EQ(*json->find("error")->find("exit_status"), Json(2));
}

TEST_F(AuditVerify, HelpsAndTellsItsVersion) {
    expect(audit({"--help"}), 0, "verify");
    expect(audit({"verify", "--help"}), 0, "--trust");
    expect(audit({"--version"}), 0, "quietus");
}

} // namespace
} // namespace quietus
