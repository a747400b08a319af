// Transfer bytes: how much one transfer moves, by how many drives are worked on at once.
#pragma once

#include <algorithm>
#include <cstddef>

namespace quietus {

inline constexpr std::size_t longest_transfer = std::size_t{1} << 20U;
inline constexpr std::size_t shortest_transfer = std::size_t{1} << 17U;
/// What the buffers of all drives together are meant to take, as long as there are no more drives
/// than the shortest transfers allow for.
inline constexpr std::size_t transfer_memory = std::size_t{256} << 20U;
/// Buffers of a drive.
inline constexpr unsigned transfer_slots = 12;

/// A power of two.
[[nodiscard]] constexpr std::size_t transfer_bytes_among(std::size_t drives) {
    std::size_t bytes = longest_transfer;
    while (bytes > shortest_transfer &&
           bytes * transfer_slots * std::max<std::size_t>(drives, 1) > transfer_memory)
        bytes /= 2;
    return bytes;
}

} // namespace quietus
