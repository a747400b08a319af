// Members: the nodes of a unit whose blocks, one behind the other, are all that it has.
//
// Only where both the kernel's word and the drive's own agree that there is nothing else: a
// namespace that is listed and has no node, a logical unit that is reported and not shown, another
// size or other blocks, and the unit keeps its main node alone, beside which the rest stands as
// parts out of reach.
#pragma once

#include "units.hpp"

#include <cstdint>
#include <vector>

namespace quietus {

/// Sets drive.members, the sizes that are theirs together, and what all of them can do, of the
/// nodes of a unit that are not further ways to the same blocks. Nothing for a drive of one node.
void join_members(const std::vector<const Node*>& nodes, Drive& drive);

/// Where the blocks of that node begin on the whole drive; 0 for the main node of a drive without
/// members.
[[nodiscard]] std::uint64_t offset_of(const Drive& drive, const Node& node);

} // namespace quietus
