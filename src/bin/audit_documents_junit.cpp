#include "audit_documents_junit.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/file.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace quietus::audit {
namespace {

// Room for the beginning, which says how many there are and so is written last.
constexpr std::size_t head_octets = 512;
constexpr std::size_t pending_max = 1U << 16U;

} // namespace

Result<DocumentsJunit> DocumentsJunit::open(const std::string& path) {
    Descriptor file(
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644));
    if (!file.open()) return system_error(Fault::io, "--junit: " + path);
    DocumentsJunit junit(std::move(file), path);
    if (auto status = junit.write(std::string(head_octets - 1, ' ') + "\n"); !status)
        return std::move(status).error();
    return junit;
}

Status DocumentsJunit::add(const DocumentReport& report) {
    std::string inside;
    if (report.verdict == DocumentVerdict::not_an_erasure) {
        ++counts_.skipped;
        inside = "      <skipped message=\"genuine, but the drive is not proven erased\"/>\n";
    }
    inside += outcome_in_xml(report.findings, counts_);
    return add_case(
        report.id.empty() ? escaped(report.file) : report.id + " " + escaped(report.file), inside);
}

Status DocumentsJunit::add_across(const std::vector<CheckFinding>& findings) {
    return add_case("across the documents", outcome_in_xml(findings, counts_));
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
    const std::string numbers = counts_in_xml(tests_, counts_);
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
