// Address probe: does every address lead to a place of its own?
//
// A drive with forged capacity wraps: two addresses lead to one place, and an overwrite of "all" of
// it reaches only a part. Keyed stamps are written to sets x, x + N/4, x + N/2, x + 3N/4, to every
// power of two, to the first and the last block, flushed, and read back: this excludes aliasing of
// halves and quarters and wraps at powers of two. Other aliasing is excluded only by a full
// read-back of a pass whose data depends on the position.
#pragma once

#include "quietus/record/erasure_record.hpp"
#include "quietus/transport/surface.hpp"

#include <vector>

namespace quietus {

/// The stamped blocks, ascending and disjoint. `seed` picks the x of the shifted sets.
[[nodiscard]] std::vector<Extent> probe_extents(const BlockGeometry& geometry, std::uint64_t seed);

/// Destroys what the stamped blocks held: runs only under a committed plan. What the surface keeps
/// is not stamped.
[[nodiscard]] Stop probe_addresses(Surface& surface, ProbeRecord& record);

} // namespace quietus
