// What the options say that goes onto a document as people state it.
#pragma once

#include "given.hpp"

namespace quietus::cli {

/// Fault::usage when a text does not fit the format of documents.
[[nodiscard]] Result<Statements> statements_of(const Invocation& invocation, const Given& given);

} // namespace quietus::cli
