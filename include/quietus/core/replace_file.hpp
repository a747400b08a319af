// Replacing a file of evidence: the one way in which a file that exists is ever written anew.
#pragma once

#include "quietus/core/result.hpp"

#include <string>
#include <string_view>

namespace quietus {

/// What a file is to hold instead of what it held when the caller looked.
struct Replacement {
    std::string_view before;
    std::string_view after;
};

/// Temporary file in the same directory with the mode and the owner of the old one, fsync, rename,
/// fsync of the directory, read back and compared; readers see the old content or the new one. Of
/// two that replace it at once the second is refused. Fault::refused when the file holds something
/// other than `before`; Fault::invalid when it is a symlink or no regular file; Fault::evidence,
/// the old content then being in place unless the message says otherwise.
[[nodiscard]] Status replace_file(const std::string& path, const Replacement& content);

} // namespace quietus
