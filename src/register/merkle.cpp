#include "merkle.hpp"

#include "quietus/core/ensure.hpp"
#include "quietus/stream/digest.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace quietus {
namespace {

Hash finished(Digest& digest) {
    return *to_hash(digest.finish());
}

// One side of a proof as it is walked from the bottom up: the node's index, and the last index of
// its level.
struct Walk {
    std::uint64_t node;
    std::uint64_t last;

    void up() {
        node >>= 1U;
        last >>= 1U;
    }
    [[nodiscard]] bool right() const { return (node & 1U) != 0; }
    /// Past the levels at which a last node without sibling moves up unchanged.
    void skip() {
        while (!right() && node != 0)
            up();
    }
};

} // namespace

Hash leaf_hash(std::string_view entry) {
    Digest digest(DigestKind::sha256);
    const std::uint8_t prefix = 0;
    digest.update({&prefix, 1});
    digest.update(as_bytes(entry));
    return finished(digest);
}

Hash node_hash(const Hash& left, const Hash& right) {
    Digest digest(DigestKind::sha256);
    const std::uint8_t prefix = 1;
    digest.update({&prefix, 1});
    digest.update(left);
    digest.update(right);
    return finished(digest);
}

std::uint64_t split_of(std::uint64_t count) {
    return std::bit_ceil(count) / 2;
}

Hash root_of(std::span<const Hash> hashes) {
    if (hashes.empty()) return *to_hash(digest(DigestKind::sha256, {}));
    if (hashes.size() == 1) return hashes.front();
    const std::size_t left = split_of(hashes.size());
    return node_hash(root_of(hashes.first(left)), root_of(hashes.subspan(left)));
}

std::optional<Hash> to_hash(ByteView octets) {
    Hash hash{};
    if (octets.size() != hash.size()) return std::nullopt;
    std::ranges::copy(octets, hash.begin());
    return hash;
}

bool proves_inclusion(std::span<const Hash> path, const Hash& leaf, std::uint64_t index,
                      const TreeHead& head) {
    if (index >= head.size) return false;
    Walk walk{index, head.size - 1};
    Hash hash = leaf;
    for (const Hash& sibling : path) {
        if (walk.last == 0) return false;
        if (walk.right() || walk.node == walk.last) {
            hash = node_hash(sibling, hash);
            walk.skip();
        } else {
            hash = node_hash(hash, sibling);
        }
        walk.up();
    }
    return walk.last == 0 && hash == head.root;
}

bool proves_consistency(std::span<const Hash> path, const TreeHead& earlier,
                        const TreeHead& later) {
    if (earlier.size == later.size) return path.empty() && earlier.root == later.root;
    if (earlier.size == 0 || earlier.size > later.size) return false;
    // The earlier root is a node of the later tree itself when its tree is complete.
    const bool complete = std::has_single_bit(earlier.size);
    if (!complete && path.empty()) return false;
    const Hash& first = complete ? earlier.root : path.front();
    Walk walk{earlier.size - 1, later.size - 1};
    while (walk.right())
        walk.up();
    Hash before = first;
    Hash after = first;
    for (const Hash& sibling : path.subspan(complete ? 0 : 1)) {
        if (walk.last == 0) return false;
        if (walk.right() || walk.node == walk.last) {
            before = node_hash(sibling, before);
            after = node_hash(sibling, after);
            walk.skip();
        } else {
            after = node_hash(after, sibling);
        }
        walk.up();
    }
    return walk.last == 0 && before == earlier.root && after == later.root;
}

Frontier::Frontier(std::uint64_t size, std::vector<Level> levels)
    : size_(size), levels_(std::move(levels)) {
    for (const Level& level : levels_) {
        QUIETUS_ENSURE(level.size() == size % tile_width);
        size /= tile_width;
    }
    QUIETUS_ENSURE(size == 0);
}

// From the smallest complete subtree at the right to the largest at the left.
Hash Frontier::root() const {
    std::optional<Hash> root;
    for (const Level& level : levels_) {
        std::span<const Hash> rest(level);
        while (!rest.empty()) {
            const std::size_t count = std::size_t{1} << std::countr_zero(rest.size());
            const Hash hash = root_of(rest.last(count));
            root = root ? node_hash(hash, *root) : hash;
            rest = rest.first(rest.size() - count);
        }
    }
    return root ? *root : root_of({});
}

std::vector<Frontier::FullTile> Frontier::push(const Hash& leaf) {
    std::vector<FullTile> full;
    Hash hash = leaf;
    std::uint64_t index = size_++;
    for (unsigned level = 0;; ++level) {
        if (level == levels_.size()) levels_.emplace_back();
        levels_[level].push_back(hash);
        if (levels_[level].size() < tile_width) return full;
        hash = root_of(levels_[level]);
        index /= tile_width;
        full.push_back({level, index, std::exchange(levels_[level], {})});
    }
}

} // namespace quietus
