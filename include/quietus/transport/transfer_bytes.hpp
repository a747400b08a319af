// Transfers: how much one transfer moves and how many buffers a drive has, by how many drives are
// worked on at once.
#pragma once

#include <algorithm>
#include <cstddef>

namespace quietus {

/// Threefold, so that patterns of three octets, which many schemes have, look alike in every
/// buffer: what a buffer holds is written again and again without being made anew. No longer than
/// 128 segments of a page each, which is what drives of all kinds take at once: of a transfer that
/// the kernel has to split, a throttle counts what is left over a second time.
inline constexpr std::size_t longest_transfer = std::size_t{3} << 17U;
inline constexpr std::size_t shortest_transfer = std::size_t{3} << 16U;
/// What the buffers of all drives together are meant to take, as long as there are no more drives
/// than few and short transfers allow for.
inline constexpr std::size_t transfer_memory = std::size_t{448} << 20U;

/// The buffers of one drive, besides the one that they have in common.
struct Transfers {
    static constexpr unsigned most = 24;
    static constexpr unsigned fewest = 4;

    std::size_t bytes = longest_transfer; ///< of each; three times a power of two
    unsigned slots = most;

    /// What the kernel has at any time, while there is that much to move. The others come back
    /// together: one wake-up for a third of them.
    [[nodiscard]] constexpr unsigned kept_in_flight() const { return slots * 2 / 3; }
};

/// Of many drives each has fewer buffers, and only then shorter ones: waking up for a short
/// transfer costs as much as for a long one.
[[nodiscard]] constexpr Transfers transfers_among(std::size_t drives) {
    const std::size_t share = transfer_memory / std::max<std::size_t>(drives, 1);
    Transfers each;
    while (each.bytes > shortest_transfer && each.bytes * Transfers::fewest > share)
        each.bytes /= 2;
    each.slots = static_cast<unsigned>(
        std::clamp<std::size_t>(share / each.bytes, Transfers::fewest, Transfers::most));
    return each;
}

/// Of each of the nodes of one drive, which is gone through from one end to the other: at borders
/// alone more than one is at work. All together have twice as many as one would, or the fewest.
[[nodiscard]] constexpr Transfers transfers_of_each(Transfers drive, std::size_t nodes) {
    const std::size_t share = 2 * std::size_t{drive.slots} / std::max<std::size_t>(nodes, 2);
    drive.slots = static_cast<unsigned>(std::max<std::size_t>(share, Transfers::fewest));
    return drive;
}

} // namespace quietus
