// The log register over files of the caller's, so that a test can stand between it and its
// directory.
#pragma once

#include "log_files.hpp"

#include "quietus/register/register.hpp"

#include <memory>

namespace quietus {

/// As open_log_register(), with `files` for everything but the lock, which stays in the directory.
[[nodiscard]] std::unique_ptr<Register> open_log_register(LogSetup setup, Clock& clock,
                                                          std::unique_ptr<LogFiles> files);

} // namespace quietus
