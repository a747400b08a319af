#include "audit_documents.hpp"

#include "quietus/core/json.hpp"

namespace quietus {
namespace {

class AuditShow : public AuditDocuments {
  protected:
    [[nodiscard]] CommandResult show(const std::string& file) const {
        return audit({"show", "--trust", made + "/keys/root.pem", file});
    }
};

TEST_F(AuditShow, SaysTheDocumentInPlainWordsAfterItsVerdict) {
    const auto result = show(qdc);
    EXPECT_EQ(result.status, 0) << result.err;
    EXPECT_EQ(result.out.rfind("verdict of the checks: valid: certificate of erasure", 0), 0u);
    for (const char* text : {"CERTIFICATE OF ERASURE", "id: QTS-TEST-00000007", "verdict: erased",
                             "statement: no policy was applied", "basis: stated, not signed",
                             "operator: jd17", "native capacity bytes: unknown"})
        EXPECT_NE(result.out.find(text), std::string::npos) << text;
}

TEST_F(AuditShow, SaysFirstThatNothingWasCheckedWithoutTrust) {
    const auto result = audit({"show", qdc});
    EXPECT_EQ(result.status, 6);
    EXPECT_EQ(result.out.rfind("SIGNATURE NOT CHECKED AGAINST ANY TRUST", 0), 0u);
}

TEST_F(AuditShow, ShowsAnAttemptRecordAsOne) {
    const auto result = show(qar);
    EXPECT_EQ(result.status, 9);
    EXPECT_NE(result.out.find("\nTHIS DRIVE IS NOT PROVEN ERASED\n"), std::string::npos);
}

TEST_F(AuditShow, EscapesEverythingHostile) {
    overwrite(qdc, "{\"title\":\"\\u001b[2J\\u202eevil\",\"a\\u001b[1m\":{\"b\":[\"\\u0007\"]}}");
    const auto result = show(qdc);
    EXPECT_EQ(result.status, 1);
    EXPECT_EQ(result.out.find('\x1b'), std::string::npos);
    EXPECT_EQ(result.out.find('\x07'), std::string::npos);
    EXPECT_EQ(result.out.find("\xe2\x80\xae"), std::string::npos);
    EXPECT_NE(result.out.find("\\u{001b}[2J"), std::string::npos);
}

TEST_F(AuditShow, ShowsNothingOfWhatIsNotJson) {
    overwrite(qdc, "\x1b[2J");
    const auto result = show(qdc);
    EXPECT_EQ(result.status, 1);
    EXPECT_NE(result.out.find("E_JSON_SYNTAX"), std::string::npos);
    EXPECT_EQ(result.out.find('\x1b'), std::string::npos);
}

TEST_F(AuditShow, GivesTheDocumentAsJson) {
    const auto result = audit({"show", "--json", "--trust", made + "/keys/root.pem", qdc});
    const auto json = parse_json(result.out);
    ASSERT_TRUE(json) << result.out;
    EXPECT_EQ(json->text_of("verdict"), "valid");
    EXPECT_EQ(*json->find("signature_trusted"), Json(true));
    EXPECT_EQ(json->find("document")->text_of("id"), "QTS-TEST-00000007");
}

} // namespace
} // namespace quietus
