// shell_word: a name as one word of a shell command that can be read and pasted safely.
#pragma once

#include <string>
#include <string_view>

namespace quietus {

/// Plain where that is safe, else in single quotes (POSIX.1-2017 XCU 2.2.2); names with control or
/// unprintable characters in $'...' with every odd octet spelled out.
[[nodiscard]] std::string shell_word(std::string_view name);

} // namespace quietus
