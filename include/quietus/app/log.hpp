// Log: lines for whoever looks after the station. Evidence is elsewhere; nothing depends on these.
#pragma once

#include "quietus/core/result.hpp"

#include <optional>
#include <string>

namespace quietus {

/// Where lines go: appended to a file, to stderr, to both, or nowhere. Fault::usage when the file
/// cannot be opened, or is no regular file (a symlink and a drive included).
[[nodiscard]] Status open_log(const std::optional<std::string>& file, bool to_stderr);

/// `text` may come from a drive: it is escaped here.
void log_info(const std::string& text);
void log_warning(const std::string& text);

} // namespace quietus
