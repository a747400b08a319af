// What a drive did that erased itself, and what it had hidden, in words: of the payload of a
// document.
#pragma once

#include "quietus/core/json.hpp"

#include <iosfwd>
#include <string>

namespace quietus::audit {

/// Each line begins with the margin. Nothing of a payload that has neither. Whatever the payload
/// is: what is missing or of another kind is left out, and texts are escaped.
void print_own_erasure(const Json& payload, const std::string& margin, std::ostream& out);

} // namespace quietus::audit
