// Who may write to a file that decides something here.
#pragma once

#include "quietus/core/result.hpp"

#include <string>

struct stat;

namespace quietus {

/// Fault::refused unless the file belongs to root or the caller, and nobody else may write to it.
[[nodiscard]] Status check_writers(const std::string& path, const struct stat& facts);
/// The same; Fault::refused also where nothing is known of the file.
[[nodiscard]] Status check_writers(const std::string& path);

} // namespace quietus
