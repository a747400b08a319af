// Error: why something could not be done, for people and for the exit status.
//
// A bad block is a finding, not an Error; a drive that answers "no" has answered. An Error means
// that we could not ask, or may not go on.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace quietus {

/// What kind of failure it is. Callers branch on this and on nothing else.
enum class Fault : std::uint8_t {
    usage,       ///< the request itself is wrong: unknown name, bad or missing value
    refused,     ///< an interlock, the operator, or a wrong code
    unsupported, ///< nothing on offer satisfies what was asked
    drive,       ///< the drive did what a working drive does not do
    io,          ///< the operating system said no
    evidence,    ///< evidence could not be saved or read back
    invalid,     ///< bytes that should hold do not: a document, a register, a stored plan
};

/// One sentence grown from the inside out, lower case, no full stop:
/// `plan: /dev/sdb: no offered technique satisfies uk.is5.enhanced`.
struct Error {
    Fault fault;
    std::string message;
    std::string hint = {}; ///< what would make it acceptable; empty when there is nothing to say

    /// Prefixes the message with what was being done.
    [[nodiscard]] Error during(std::string_view stage) &&;
    /// Adds a hint when none was given further inside.
    [[nodiscard]] Error with_hint(std::string_view text) &&;
};

/// An Error from `errno`: "WHAT: strerror". Reads errno at once, before anything can change it.
[[nodiscard]] Error system_error(Fault fault, std::string_view what);
/// The same for an error number kept from elsewhere (positive, as in errno.h).
[[nodiscard]] Error system_error(Fault fault, std::string_view what, int number);

} // namespace quietus
