// TileTree: hashes and proofs over the tiles of one log at one size.
#pragma once

#include "log_files.hpp"
#include "merkle.hpp"

#include "quietus/core/result.hpp"

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace quietus {

class TileTree {
  public:
    /// `size` entries; the tiles are read as they are needed, and kept.
    TileTree(LogFiles& files, std::uint64_t size) : files_(files), size_(size) {}

    /// The root of the first `size` entries, at most those of the tree. Fault::invalid names the
    /// tile that is missing or damaged, here and below.
    [[nodiscard]] Result<Hash> root(std::uint64_t size);
    /// From the sibling of the entry up (RFC 6962 section 2.1.1); index < size <= the tree's.
    [[nodiscard]] Result<std::vector<Hash>> inclusion(std::uint64_t index, std::uint64_t size);
    /// From the first `earlier` to the first `later` entries (RFC 6962 section 2.1.2).
    [[nodiscard]] Result<std::vector<Hash>> consistency(std::uint64_t earlier, std::uint64_t later);

  private:
    struct Range {
        std::uint64_t first;
        std::uint64_t end;
    };
    [[nodiscard]] Result<Hash> range(Range entries);
    [[nodiscard]] Result<Hash> subtree(unsigned level, std::uint64_t index);
    [[nodiscard]] Status add(std::vector<Hash>& proof, Range entries);
    [[nodiscard]] Status add_path(std::vector<Hash>& path, std::uint64_t index, Range entries);
    [[nodiscard]] Status add_steps(std::vector<Hash>& proof, std::uint64_t earlier, Range entries);

    LogFiles& files_;
    std::uint64_t size_;
    std::map<std::pair<unsigned, std::uint64_t>, std::vector<Hash>> tiles_;
};

} // namespace quietus
