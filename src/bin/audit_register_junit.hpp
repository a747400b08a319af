// The audit of a log as JUnit XML, which continuous integration reads.
#pragma once

#include "quietus/register/audit.hpp"

#include <string>

namespace quietus::audit {

/// One test case a check: failed by E_ findings, in error (undecided) by I_ findings, skipped when
/// the audit did not come to it. W_ findings are its output.
[[nodiscard]] std::string junit_text(const RegisterReport& report);

} // namespace quietus::audit
