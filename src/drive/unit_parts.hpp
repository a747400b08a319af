// The parts of a unit besides its main node, put into words.
#pragma once

#include "units.hpp"

#include <cstdint>
#include <optional>

namespace quietus {

/// NVMe's number of the namespace, or the LUN: what tells the siblings of a unit apart.
[[nodiscard]] std::optional<std::uint64_t> number_of(const Node& node);

/// A second way to the blocks of `first`, which is the main node or another part.
void add_path(const Node& node, const Node& first, Drive& drive);
/// Another namespace or logical unit, with its partitions.
void add_sibling(const BlockTree& tree, const Node& node, Drive& drive);
/// The controllers of an NVMe subsystem whose paths the kernel joins: they have no nodes of their
/// own. Nothing for a drive with one.
void add_controllers(const Node& main, Drive& drive);
/// What the drives themselves listed and the kernel shows no node for: namespaces that are not
/// attached, areas, replay-protected memory.
void add_told_parts(const Unit& unit, Drive& drive);

} // namespace quietus
