// The checks of documents as JUnit XML, which continuous integration reads: a test case a document.
#pragma once

#include "audit_xml.hpp"

#include "quietus/certificate/check.hpp"
#include "quietus/core/descriptor.hpp"
#include "quietus/core/result.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace quietus::audit {

class DocumentsJunit {
  public:
    /// Makes the file, which may not be there yet. Until finish() it is no XML, so that nobody
    /// takes it for a whole one. Fault::io.
    [[nodiscard]] static Result<DocumentsJunit> open(const std::string& path);
    /// A failure after E_ findings, an error (undecided) after I_ findings, skipped when it is
    /// genuine and no erasure. W_ findings are its output.
    [[nodiscard]] Status add(const DocumentReport& report);
    /// Findings that belong to no document alone, as one more test case.
    [[nodiscard]] Status add_across(const std::vector<CheckFinding>& findings);
    [[nodiscard]] Status finish();

  private:
    DocumentsJunit(Descriptor file, std::string path)
        : file_(std::move(file)), path_(std::move(path)) {}
    [[nodiscard]] Status add_case(const std::string& name, const std::string& inside);
    [[nodiscard]] Status write(const std::string& text);

    Descriptor file_;
    std::string path_;
    std::string pending_; ///< not written yet
    std::size_t tests_ = 0;
    JunitCounts counts_;
};

} // namespace quietus::audit
