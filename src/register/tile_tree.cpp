#include "tile_tree.hpp"

#include "tile_log.hpp"

#include "quietus/core/ensure.hpp"

#include <bit>
#include <span>

namespace quietus {
namespace {

constexpr unsigned tile_height = 8;

} // namespace

Result<Hash> TileTree::subtree(unsigned level, std::uint64_t index) {
    const unsigned tiles = level / tile_height;
    const std::uint64_t width = std::uint64_t{1} << level % tile_height;
    const std::uint64_t first = index * width;
    const std::pair key{tiles, first / tile_width};
    if (!tiles_.contains(key)) {
        auto tile = read_tile(files_, size_, key.first, key.second);
        if (!tile) return std::move(tile).error();
        tiles_.emplace(key, std::move(*tile));
    }
    const std::vector<Hash>& tile = tiles_[key];
    QUIETUS_ENSURE(first % tile_width + width <= tile.size());
    return root_of(std::span(tile).subspan(first % tile_width, width));
}

Result<Hash> TileTree::range(Range entries) {
    const std::uint64_t count = entries.end - entries.first;
    if (count == 0) return root_of({});
    if (std::has_single_bit(count)) {
        const auto level = static_cast<unsigned>(std::countr_zero(count));
        return subtree(level, entries.first >> level);
    }
    const std::uint64_t middle = entries.first + split_of(count);
    auto left = range({entries.first, middle});
    if (!left) return left;
    auto right = range({middle, entries.end});
    if (!right) return right;
    return node_hash(*left, *right);
}

Status TileTree::add(std::vector<Hash>& proof, Range entries) {
    auto hash = range(entries);
    if (!hash) return std::move(hash).error();
    proof.push_back(*hash);
    return {};
}

Status TileTree::add_path(std::vector<Hash>& path, std::uint64_t index, Range entries) {
    const std::uint64_t count = entries.end - entries.first;
    if (count == 1) return {};
    const std::uint64_t middle = entries.first + split_of(count);
    const Range left{entries.first, middle};
    const Range right{middle, entries.end};
    const bool in_left = index < middle;
    if (auto status = add_path(path, index, in_left ? left : right); !status) return status;
    return add(path, in_left ? right : left);
}

// `entries` begins with the earlier tree, or with the part of it that is left to prove. A range
// that is all of the earlier tree is known to the verifier only when it begins at 0.
Status TileTree::add_steps(std::vector<Hash>& proof, std::uint64_t earlier, Range entries) {
    if (earlier == entries.end) return entries.first == 0 ? Status{} : add(proof, entries);
    const std::uint64_t middle = entries.first + split_of(entries.end - entries.first);
    const Range left{entries.first, middle};
    const Range right{middle, entries.end};
    const bool in_left = earlier <= middle;
    if (!in_left) {
        if (auto status = add_steps(proof, earlier, right); !status) return status;
        return add(proof, left);
    }
    if (auto status = add_steps(proof, earlier, left); !status) return status;
    return add(proof, right);
}

Result<Hash> TileTree::root(std::uint64_t size) {
    QUIETUS_ENSURE(size <= size_);
    return range({0, size});
}

Result<std::vector<Hash>> TileTree::inclusion(std::uint64_t index, std::uint64_t size) {
    QUIETUS_ENSURE(index < size && size <= size_);
    std::vector<Hash> path;
    if (auto status = add_path(path, index, {0, size}); !status) return std::move(status).error();
    return path;
}

Result<std::vector<Hash>> TileTree::consistency(std::uint64_t earlier, std::uint64_t later) {
    QUIETUS_ENSURE(earlier <= later && later <= size_);
    std::vector<Hash> proof;
    if (earlier == 0 || earlier == later) return proof;
    if (auto status = add_steps(proof, earlier, {0, later}); !status)
        return std::move(status).error();
    return proof;
}

} // namespace quietus
