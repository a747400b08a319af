#include "audit_xml.hpp"

#include <algorithm>

namespace quietus::audit {
namespace {

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

std::string element(std::string_view name, const CheckFinding& first,
                    const std::vector<CheckFinding>& all) {
    return "      <" + std::string(name) + " type=\"" + in_xml(first.code) + "\" message=\"" +
           in_xml(first.text) + "\">" + lines_of(all) + "</" + std::string(name) + ">\n";
}

} // namespace

std::string in_xml(std::string_view text) {
    std::string result;
    for (const char each : text) {
        switch (each) {
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
            result += each;
        }
    }
    return result;
}

std::string outcome_in_xml(const std::vector<CheckFinding>& findings, JunitCounts& counts) {
    if (const auto* broken = first_of(findings, 'E')) {
        ++counts.failures;
        return element("failure", *broken, findings);
    }
    if (const auto* undecided = first_of(findings, 'I')) {
        ++counts.errors;
        return element("error", *undecided, findings);
    }
    return findings.empty() ? "" : "      <system-out>" + lines_of(findings) + "</system-out>\n";
}

std::string counts_in_xml(std::size_t tests, const JunitCounts& counts) {
    return " tests=\"" + std::to_string(tests) + "\" failures=\"" +
           std::to_string(counts.failures) + "\" errors=\"" + std::to_string(counts.errors) +
           "\" skipped=\"" + std::to_string(counts.skipped) + "\"";
}

} // namespace quietus::audit
