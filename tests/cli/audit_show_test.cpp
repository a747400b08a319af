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

TEST_F(AuditShow, ShowsWhatTheOperatorSignedAndNotItsOctets) {
    overwrite(qdc, R"({"confirmation":{"signature":["TUlJSA=="],)"
                   R"("statement":"{\"operator\":\"A.SMITH\",\"x\":\"\\u001b[2J\"}"}})");
    const auto result = show(qdc);
    EXPECT_NE(result.out.find("confirmation:\n  operator: A.SMITH\n"), std::string::npos)
        << result.out;
    EXPECT_EQ(result.out.find("TUlJSA=="), std::string::npos);
    EXPECT_EQ(result.out.find('\x1b'), std::string::npos);
}

// A word of the drive's own is not to be taken for what was proven.
TEST_F(AuditShow, SaysAtOnceWhoseWordALevelIs) {
    overwrite(qdc, R"({"level":"purge","level_basis":"drive_reported","title":"X"})");
    EXPECT_NE(
        show(qdc).out.find("level: purge\nlevel: by the drive's own word; what was read back"),
        std::string::npos);
    overwrite(qdc, R"({"level":"clear","level_basis":"host_read_back","title":"X"})");
    EXPECT_EQ(show(qdc).out.find("own word"), std::string::npos);
}

TEST_F(AuditShow, SaysInWordsWhatADriveDidThatErasedItself) {
    overwrite(qdc,
              R"({"method":{"technique":"ata-sanitize-block-erase","firmware":{)"
              R"("canaries":{"checked":true,"gone":[{"length":512,"offset":0}],"written":[)"
              R"({"length":512,"offset":0},{"length":1024,"offset":4096}],"left":[)"
              R"({"length":1024,"offset":4096}]},"pass_through":{"trusted":true},"hidden":{)"
              R"("state":"lifted","before":{"accessible":2040},"after":{"accessible":2048}},)"
              R"("health_before":{"reallocated":3},"sanitize":{"outcome":"failed","progress":9,)"
              R"("seen_in_progress":true,"text":"\u001b[2J"}}},"title":"X"})");
    const std::string out = show(qdc).out;
    for (const char* line :
         {"told to erase itself: ata-sanitize-block-erase\n",
          "the way there: commands reach the drive and come back unharmed\n",
          "blocks were hidden, and were lifted first: 2040 could be addressed then, 2048",
          "keyed blocks: 1536 bytes were put all over the drive; afterwards 512 bytes were gone, "
          "1024 bytes were left, 0 bytes could not be read\n",
          "its operation: FAILED, by the drive's own word; it was seen in progress: ",
          "health: remapped blocks: 3 before, not told after; about to be: not told before",
          "        1: offset 0, length 512\n"})
        EXPECT_NE(out.find(line), std::string::npos) << line << "\n" << out;
    EXPECT_EQ(out.find('\x1b'), std::string::npos);
    // Whatever the members are.
    for (const char* odd :
         {R"({"method":3})", R"({"method":{"firmware":[],"hidden":"x"}})",
          R"({"method":{"firmware":{"canaries":[],"read_back":7,"sanitize":{}}}})"}) {
        overwrite(qdc, odd);
        EXPECT_EQ(show(qdc).status, 1);
    }
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

// Puts a text in the place of every string, and into the name of every member besides.
void replace_strings(Json& value, const std::string& hostile) {
    if (value.as<std::string>() != nullptr) {
        value = hostile;
    } else if (const auto* array = value.as<Json::Array>()) {
        Json::Array copy = *array;
        for (Json& each : copy)
            replace_strings(each, hostile);
        value = std::move(copy);
    } else if (const auto* object = value.as<Json::Object>()) {
        Json::Object copy = *object;
        for (auto& [name, member] : copy)
            replace_strings(member, hostile);
        copy.emplace(hostile, hostile);
        value = std::move(copy);
    }
}

// Whether a terminal would obey any of it: controls of C0 (but the end of a line) and C1, delete,
// bidirectional controls and other characters without a shape.
bool is_harmless(const std::string& text) {
    for (const char* hidden :
         {"\xE2\x80\xAA", "\xE2\x80\xAB", "\xE2\x80\xAC", "\xE2\x80\xAD", "\xE2\x80\xAE",
          "\xE2\x81\xA6", "\xE2\x81\xA7", "\xE2\x81\xA8", "\xE2\x81\xA9", "\xE2\x80\x8B",
          "\xE2\x80\x8F", "\xE2\x80\xA8", "\xC2\x9B", "\xC2\x85", "\xC2\x90", "\xEF\xBB\xBF"})
        if (text.find(hidden) != text.npos) return false;
    return std::ranges::none_of(
        text, [](unsigned char each) { return (each < 0x20 && each != '\n') || each == 0x7F; });
}

TEST_F(AuditShow, EscapesWhatIsHostileInEveryMember) {
    const Json good = parse_json(content(qdc)).value();
    for (const char* hostile :
         {"\x1b[2J\x1b]0;valid\x07", "\xE2\x80\xAE\xE2\x81\xA6gnp.exe\xE2\x80\x8B",
          "\xC2\x9B"
          "2J\xC2\x90",
          "one\nvalid: certificate of erasure\r\n", "\x7f\x08\x08\t\x0b",
          "\xE2\x80\xA8\xEF\xBB\xBF"}) {
        Json bad = good;
        replace_strings(bad, hostile);
        overwrite(qdc, to_line(bad));
        for (const auto& result : {show(qdc), verify({qdc})}) {
            EXPECT_EQ(result.status, 1);
            EXPECT_TRUE(is_harmless(result.out + result.err)) << hostile;
            EXPECT_EQ(result.out.find("\nvalid: certificate"), std::string::npos);
        }
        // The types stay, so that what is said is not the type alone.
        bad["type"] = "quietus.certificate";
        bad["schema"] = 1;
        overwrite(qdc, to_line(bad));
        for (const auto& result : {show(qdc), verify({qdc})})
            EXPECT_TRUE(is_harmless(result.out + result.err)) << hostile;
    }
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
