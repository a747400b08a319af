#include "audit_documents_junit.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

namespace quietus::audit {
namespace {

// Room for the beginning, which says how many there are and so is written last.
constexpr std::size_t head_octets = 512;
constexpr std::size_t pending_max = 1U << 16U;

const CheckFinding* first_of(const std::vector<CheckFinding>& findings, char letter) {
    const auto found = std::ranges::find(
        findings, letter, [](const CheckFinding& each) { return each.code.front(); });
    return found == findings.end() ? nullptr : &*found;
}

std::string element(std::string_view name, const CheckFinding& first,
                    const std::vector<CheckFinding>& all) {
    std::string lines;
    for (const CheckFinding& each : all)
        lines += in_xml(each.code + ": " + each.text) + "\n";
    return "      <" + std::string(name) + " type=\"" + in_xml(first.code) + "\" message=\"" +
           in_xml(first.text) + "\">" + lines + "</" + std::string(name) + ">\n";
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

Result<DocumentsJunit> DocumentsJunit::open(const std::string& path) {
    Descriptor file(
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644));
    if (!file.open()) return system_error(Fault::io, "--junit: " + path);
    DocumentsJunit junit(std::move(file), path);
    if (auto status = junit.write(std::string(head_octets - 1, ' ') + "\n"); !status)
        return std::move(status).error();
    return junit;
}

std::string DocumentsJunit::outcome_of(const std::vector<CheckFinding>& findings) {
    if (const auto* broken = first_of(findings, 'E')) {
        ++failures_;
        return element("failure", *broken, findings);
    }
    if (const auto* undecided = first_of(findings, 'I')) {
        ++errors_;
        return element("error", *undecided, findings);
    }
    std::string lines;
    for (const CheckFinding& each : findings)
        lines += in_xml(each.code + ": " + each.text) + "\n";
    return lines.empty() ? lines : "      <system-out>" + lines + "</system-out>\n";
}

Status DocumentsJunit::add(const DocumentReport& report) {
    std::string inside;
    if (report.verdict == DocumentVerdict::not_an_erasure) {
        ++skipped_;
        inside = "      <skipped message=\"genuine, but the drive is not proven erased\"/>\n";
    }
    inside += outcome_of(report.findings);
    return add_case(
        report.id.empty() ? escaped(report.file) : report.id + " " + escaped(report.file), inside);
}

Status DocumentsJunit::add_across(const std::vector<CheckFinding>& findings) {
    return add_case("across the documents", outcome_of(findings));
}

Status DocumentsJunit::add_case(const std::string& name, const std::string& inside) {
    ++tests_;
    return write("    <testcase classname=\"quietus-audit.verify\" name=\"" + in_xml(name) +
                 "\">\n" + inside + "    </testcase>\n");
}

Status DocumentsJunit::write(const std::string& text) {
    pending_ += text;
    if (pending_.size() < pending_max) return {};
    auto status = write_all(file_.get(), pending_, "--junit: " + path_);
    pending_.clear();
    if (!status) return Error{Fault::io, status.error().message};
    return {};
}

Status DocumentsJunit::finish() {
    const std::string numbers = " tests=\"" + std::to_string(tests_) + "\" failures=\"" +
                                std::to_string(failures_) + "\" errors=\"" +
                                std::to_string(errors_) + "\" skipped=\"" +
                                std::to_string(skipped_) + "\"";
    std::string head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                       "<testsuites name=\"quietus-audit verify\"" +
                       numbers + ">\n  <testsuite name=\"documents\"" + numbers + ">";
    head.insert(head.size() - 1, head_octets - 1 - head.size(), ' '); // blanks within the last tag
    pending_ += "  </testsuite>\n</testsuites>\n";
    auto status = write_all(file_.get(), pending_, path_);
    if (status && ::lseek(file_.get(), 0, SEEK_SET) != 0) status = system_error(Fault::io, path_);
    if (status) status = write_all(file_.get(), head + "\n", path_);
    if (status && ::fsync(file_.get()) != 0) status = system_error(Fault::io, path_);
    if (!status) return Error{Fault::io, "--junit: " + status.error().message};
    return {};
}

} // namespace quietus::audit
