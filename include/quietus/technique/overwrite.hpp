// Overwrite: one pass of writing over the whole addressable space, then a flush.
#pragma once

#include "quietus/record/erasure_record.hpp"
#include "quietus/stream/pattern.hpp"
#include "quietus/transport/surface.hpp"

namespace quietus {

/// Writes the pattern over [0, size) and flushes; fills in what was written, what could not be, to
/// the block, and whether the flush succeeded. Never BLKZEROOUT and never discard: both may leave
/// the old blocks where they are.
[[nodiscard]] Stop write_pass(Surface& surface, Pattern& pattern, PassRecord& record);

} // namespace quietus
