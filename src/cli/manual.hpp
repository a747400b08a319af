// The prose of quietus(1): what an option table cannot say.
#pragma once

#include "quietus/options/options.hpp"

#include <string_view>
#include <vector>

namespace quietus::cli {

extern const std::string_view program_text;
extern const std::string_view list_text;
extern const std::string_view inspect_text;
extern const std::string_view plan_text;
extern const std::string_view destroy_text;
extern const std::string_view erase_text;
extern const std::string_view resume_text;
extern const std::string_view certify_text;
extern const std::string_view sign_text;
extern const std::string_view validate_text;
extern const std::string_view recheck_text;
extern const std::string_view recover_text;
extern const std::string_view status_text;
extern const std::string_view key_init_text;
extern const std::string_view key_show_text;
extern const std::string_view key_request_text;
extern const std::string_view key_import_text;
extern const std::string_view policy_list_text;
extern const std::string_view policy_show_text;
extern const std::string_view policy_explain_text;
extern const std::string_view policy_lint_text;
extern const std::string_view policy_sign_text;
extern const std::string_view selftest_text;

/// NAMING A DRIVE, INTERLOCKS, VERDICTS, LIMITS, EXIT STATUS, SIGNALS, ENVIRONMENT, FILES, SEE
/// ALSO.
[[nodiscard]] std::vector<ManualSection> manual_sections();

} // namespace quietus::cli
