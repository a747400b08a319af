// What both kinds of JUnit XML have in common: text, and what a test case holds.
#pragma once

#include "quietus/crypto/cms.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace quietus::audit {

/// How many test cases did not pass.
struct JunitCounts {
    std::size_t failures = 0;
    std::size_t errors = 0;
    std::size_t skipped = 0;
};

/// Text in XML; it must be escaped() already.
[[nodiscard]] std::string in_xml(std::string_view text);
/// The inside of a test case with these findings: a failure after any E_, else an error after any
/// I_, else output; empty without findings. Counts what it is.
[[nodiscard]] std::string outcome_in_xml(const std::vector<CheckFinding>& findings,
                                         JunitCounts& counts);
/// The attributes of a test suite.
[[nodiscard]] std::string counts_in_xml(std::size_t tests, const JunitCounts& counts);

} // namespace quietus::audit
