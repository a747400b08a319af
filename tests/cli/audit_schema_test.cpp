#include "audit_documents.hpp"

namespace quietus {
namespace {

class AuditSchema : public AuditDocuments {
  protected:
    // Ends 0 when the document agrees with the schema of its type, 1 when not, 77 without the
    // validator.
    [[nodiscard]] int validate(const std::string& document) const {
        const std::string script =
            "import sys, json, pathlib, warnings\n"
            "try: import jsonschema\n"
            "except ImportError: sys.exit(77)\n"
            "warnings.simplefilter('ignore')\n"
            "document = json.load(open(sys.argv[2]))\n"
            "kind = document['type'].split('.')[1]\n"
            "path = pathlib.Path(sys.argv[1], kind + '.schema.json')\n"
            "schema = json.load(open(path))\n"
            "resolver = jsonschema.RefResolver(path.as_uri(), schema)\n"
            "jsonschema.Draft202012Validator(schema, resolver=resolver).validate(document)\n";
        return run_command({"python3", "-c", script, QUIETUS_SCHEMAS, document}, directory).status;
    }
};

TEST_F(AuditSchema, DescribesTheDocumentsThatAreIssued) {
    const int status = validate(qdc);
    if (status == 77 || status == 127) GTEST_SKIP() << "needs python3-jsonschema";
    EXPECT_EQ(status, 0);
    EXPECT_EQ(validate(qar), 0);
}

TEST_F(AuditSchema, RefusesAMemberTooManyOrTooFew) {
    const std::string good = content(qdc);
    overwrite(qdc, "{\"a_remark\":1," + good.substr(1));
    const int status = validate(qdc);
    if (status == 77 || status == 127) GTEST_SKIP() << "needs python3-jsonschema";
    EXPECT_EQ(status, 1);
    const std::string grade = R"("grade":"E3",)";
    const auto at = good.find(grade);
    ASSERT_NE(at, std::string::npos);
    overwrite(qdc, std::string(good).erase(at, grade.size()));
    EXPECT_EQ(validate(qdc), 1);
}

} // namespace
} // namespace quietus
