// QUIETUS_ENSURE: an invariant that only a bug in quietus can break. On in every build type.
#pragma once

namespace quietus {

/// Names the broken invariant on stderr and ends the process with status 70 at once: with a bug in
/// sight nothing more may be written to a drive or signed.
[[noreturn]] void ensure_failed(const char* condition, const char* file, int line);

} // namespace quietus

#define QUIETUS_ENSURE(condition)                                                                  \
    (static_cast<bool>(condition) ? void(0)                                                        \
                                  : ::quietus::ensure_failed(#condition, __FILE__, __LINE__))
