// What lies in a directory.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace quietus {

/// Paths in a directory whose names end so, sorted; none when it cannot be read.
[[nodiscard]] std::vector<std::string> files_in(const std::string& directory,
                                                std::string_view ending);

} // namespace quietus
