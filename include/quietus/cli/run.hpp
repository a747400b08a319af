// The operator's program: its option table and its verbs.
#pragma once

#include "quietus/options/options.hpp"

#include <string>
#include <vector>

namespace quietus {

/// Verbs, options and manual of `quietus`.
[[nodiscard]] const Program& quietus_program();

/// Runs one command line (without the program's name) and returns its exit status.
[[nodiscard]] int run_quietus(const std::vector<std::string>& arguments);

} // namespace quietus
