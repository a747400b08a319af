#include "audit_junit.hpp"

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

constexpr std::array<CheckOfCode, 27> checks_of_codes{{
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

std::string in_xml(std::string_view text) {
    std::string result;
    for (const char c : escaped(text)) {
        switch (c) {
        case '&':
            result += "&amp;";
            break;
        case '<':
            result += "&lt;";
            break;
        case '>':
            result += "&gt;";
            break;
        case '"':
            result += "&quot;";
            break;
        default:
            result += c;
        }
    }
    return result;
}

struct Counts {
    std::size_t failures = 0;
    std::size_t errors = 0;
    std::size_t skipped = 0;
};

const CheckFinding* first_of(const std::vector<CheckFinding>& findings, char letter) {
    const auto found = std::ranges::find(
        findings, letter, [](const CheckFinding& each) { return each.code.front(); });
    return found == findings.end() ? nullptr : &*found;
}

std::string lines_of(const std::vector<CheckFinding>& findings) {
    std::string lines;
    for (const CheckFinding& each : findings)
        lines += in_xml(each.code + ": " + each.text) + "\n";
    return lines;
}

std::string outcome(std::string_view element, const CheckFinding& first,
                    const std::vector<CheckFinding>& all) {
    return "      <" + std::string(element) + " type=\"" + in_xml(first.code) + "\" message=\"" +
           in_xml(first.text) + "\">" + lines_of(all) + "</" + std::string(element) + ">\n";
}

std::string case_text(std::string_view check, const std::vector<CheckFinding>& findings,
                      bool reached, Counts& counts) {
    std::string inside;
    if (const auto* broken = first_of(findings, 'E')) {
        inside = outcome("failure", *broken, findings);
        ++counts.failures;
    } else if (const auto* undecided = first_of(findings, 'I')) {
        inside = outcome("error", *undecided, findings);
        ++counts.errors;
    } else if (!reached) {
        inside = "      <skipped message=\"the audit did not come to this\"/>\n";
        ++counts.skipped;
    } else if (!findings.empty()) {
        inside = "      <system-out>" + lines_of(findings) + "</system-out>\n";
    }
    const std::string start =
        "    <testcase classname=\"quietus-audit.register\" name=\"" + std::string(check) + "\"";
    return inside.empty() ? start + "/>\n" : start + ">\n" + inside + "    </testcase>\n";
}

std::string counted(std::size_t tests, const Counts& counts) {
    return " tests=\"" + std::to_string(tests) + "\" failures=\"" +
           std::to_string(counts.failures) + "\" errors=\"" + std::to_string(counts.errors) +
           "\" skipped=\"" + std::to_string(counts.skipped) + "\"";
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
    Counts counts;
    std::string cases;
    for (const std::string_view check : checks)
        cases += case_text(check, found[check], report.read_whole, counts);
    const std::string numbers = counted(checks.size(), counts);
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"quietus-audit "
           "register\"" +
           numbers + ">\n  <testsuite name=\"" + in_xml(report.origin) + "\"" + numbers + ">\n" +
           properties_of(report) + cases + "  </testsuite>\n</testsuites>\n";
}

} // namespace quietus::audit
