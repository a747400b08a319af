// Landlock: which parts of the file systems a process can still open.
#pragma once

#include "quietus/confine/reading.hpp"

namespace quietus {

/// Restricts the calling process to the scope; nothing happens where the kernel has no Landlock.
/// Needs no_new_privs. Fault::io.
[[nodiscard]] Status restrict_files(const ReadingScope& scope);

} // namespace quietus
