// Read-back: reads a drive past the host's caches and compares it with what a pass wrote.
#pragma once

#include "quietus/record/erasure_record.hpp"
#include "quietus/stream/pattern.hpp"
#include "quietus/transport/surface.hpp"

#include <vector>

namespace quietus {

/// Reads what record.verification asks for (full or sample; of a surface that keeps something all
/// the rest, which is no sample) and fills in what matched, what did
/// not, to the block, and what could not be read. The seed of a sample is drawn here, after the
/// pass is on the medium, and recorded: a drive cannot know beforehand which blocks will be looked
/// at.
[[nodiscard]] Stop read_back(Surface& surface, Pattern& expected, ReadBackRecord& record);

/// Reads these extents alone, which lie on block boundaries, and fills in the same. It is no
/// read-back: it tells whether a drive is as it was left.
[[nodiscard]] Stop compare_extents(Surface& surface, Pattern& expected, std::vector<Extent> extents,
                                   ReadBackRecord& record);

} // namespace quietus
