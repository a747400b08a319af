#include "audit_register_junit.hpp"

#include "audit_xml.hpp"

#include "quietus/core/bytes.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <vector>

namespace quietus::audit {
namespace {

struct CheckOfCode {
    std::string_view code; ///< without its letter
    std::string_view check;
};

constexpr std::array<CheckOfCode, 28> checks_of_codes{{
    {"CHECKPOINT", "checkpoint"},
    {"ORIGIN", "checkpoint"},
    {"NO_CHECKPOINT", "checkpoint"},
    {"NO_TRUST", "checkpoint"},
    {"MISSING", "tiles"},
    {"TILE", "tiles"},
    {"ROOT", "root"},
    {"DELETED", "entries"},
    {"CHANGED", "entries"},
    {"REORDERED", "entries"},
    {"INDEX", "entries"},
    {"ENTRY", "entries"},
    {"VALIDATION", "entries"},
    {"NUMBER", "numbers"},
    {"CHAIN", "chain"},
    {"RESULT", "intents"},
    {"VERDICT", "intents"},
    {"OPEN", "intents"},
    {"DOCUMENT", "documents"},
    {"DOCUMENT_CHANGED", "documents"},
    {"DOCUMENT_INVALID", "documents"},
    {"DOCUMENT_MISSING", "documents"},
    {"DOCUMENT_UNDECIDED", "documents"},
    {"DOCUMENT_UNLOGGED", "documents"},
    {"NO_DOCUMENTS", "documents"},
    {"FORK", "previous"},
    {"ROLLED_BACK", "previous"},
    {"NO_PREVIOUS", "previous"},
}};
constexpr std::array<std::string_view, 9> checks{"checkpoint", "root",      "tiles",
                                                 "entries",    "numbers",   "chain",
                                                 "intents",    "documents", "previous"};
constexpr std::string_view code_start = "E_REGISTER_";

// What is not in the table warns of a file given with --previous.
std::string_view check_of(std::string_view code) {
    const auto found = std::ranges::find(
        checks_of_codes, code.substr(std::min(code.size(), code_start.size())), &CheckOfCode::code);
    return found == checks_of_codes.end() ? "previous" : found->check;
}

std::string case_text(std::string_view check, const std::vector<CheckFinding>& findings,
                      bool reached, JunitCounts& counts) {
    std::string inside = outcome_in_xml(findings, counts);
    if (inside.empty() && !reached) {
        inside = "      <skipped message=\"the audit did not come to this\"/>\n";
        ++counts.skipped;
    }
    const std::string start =
        "    <testcase classname=\"quietus-audit.register\" name=\"" + std::string(check) + "\"";
    return inside.empty() ? start + "/>\n" : start + ">\n" + inside + "    </testcase>\n";
}

std::string property(std::string_view name, const std::string& value) {
    return "      <property name=\"" + std::string(name) + "\" value=\"" + in_xml(value) + "\"/>\n";
}

std::string properties_of(const RegisterReport& report) {
    return "    <properties>\n" + property("entries", std::to_string(report.size)) +
           property("root_sha256", report.root_sha256) +
           property("pinned", std::to_string(report.pinned)) +
           property("intents", std::to_string(report.intents)) +
           property("documents", std::to_string(report.documents)) + "    </properties>\n";
}

} // namespace

std::string junit_text(const RegisterReport& report) {
    std::map<std::string_view, std::vector<CheckFinding>> found;
    for (const CheckFinding& each : report.findings)
        found[check_of(each.code)].push_back(each);
    if (report.more_findings != 0)
        found["entries"].push_back(
            {"E_REGISTER_ENTRY",
             "and " + std::to_string(report.more_findings) + " more findings of all kinds"});
    JunitCounts counts;
    std::string cases;
    for (const std::string_view check : checks)
        cases += case_text(check, found[check], report.read_whole, counts);
    const std::string numbers = counts_in_xml(checks.size(), counts);
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"quietus-audit "
           "register\"" +
           numbers + ">\n  <testsuite name=\"" + in_xml(escaped(report.origin)) + "\"" + numbers +
           ">\n" + properties_of(report) + cases + "  </testsuite>\n</testsuites>\n";
}

} // namespace quietus::audit
