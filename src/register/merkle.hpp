// Merkle trees as RFC 6962 section 2.1 has them: hashes, roots, and the checking of proofs.
#pragma once

#include "quietus/core/bytes.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace quietus {

using Hash = std::array<std::uint8_t, 32>;

/// A tile holds this many hashes, a bundle this many entries (tlog-tiles: height 8).
inline constexpr std::uint64_t tile_width = 256;

struct TreeHead {
    std::uint64_t size = 0;
    Hash root{};

    friend bool operator==(const TreeHead&, const TreeHead&) = default;
};

[[nodiscard]] Hash leaf_hash(std::string_view entry);
[[nodiscard]] Hash node_hash(const Hash& left, const Hash& right);
/// How many of `count` hashes, at least two, are in the left subtree: the largest power of two
/// below it.
[[nodiscard]] std::uint64_t split_of(std::uint64_t count);
/// The root over hashes of one level, complete subtrees each; no hash: the empty tree's root.
[[nodiscard]] Hash root_of(std::span<const Hash> hashes);
/// The hash with these 32 octets; nothing for any other number.
[[nodiscard]] std::optional<Hash> to_hash(ByteView octets);

/// Whether the path leads from the entry's hash to the root (RFC 9162 section 2.1.3.2).
[[nodiscard]] bool proves_inclusion(std::span<const Hash> path, const Hash& leaf,
                                    std::uint64_t index, const TreeHead& head);

/// Whether the path shows that the later tree begins with the earlier one, which has an entry at
/// least (RFC 9162 section 2.1.4.2).
[[nodiscard]] bool proves_consistency(std::span<const Hash> path, const TreeHead& earlier,
                                      const TreeHead& later);

/// The right edge of a growing tree: of each level of tiles, the hashes of its last tile that is
/// not full. A few kilobytes, whatever the size.
class Frontier {
  public:
    using Level = std::vector<Hash>; ///< fewer than tile_width
    Frontier() = default;
    /// The levels of a tree of this size, lowest first; their lengths must be its digits to the
    /// base 256 (QUIETUS_ENSURE).
    Frontier(std::uint64_t size, std::vector<Level> levels);

    [[nodiscard]] std::uint64_t size() const { return size_; }
    [[nodiscard]] Hash root() const;
    [[nodiscard]] TreeHead head() const { return {size_, root()}; }
    [[nodiscard]] const std::vector<Level>& levels() const { return levels_; }

    /// A tile that became full, with all its hashes.
    struct FullTile {
        unsigned level;
        std::uint64_t index;
        Level hashes;
    };
    /// Adds an entry; the tiles that it filled, lowest first.
    std::vector<FullTile> push(const Hash& leaf);

  private:
    std::uint64_t size_ = 0;
    std::vector<Level> levels_;
};

} // namespace quietus
