// Route: which extents of a drive a step visits, in ascending order.
#pragma once

#include "quietus/core/extent.hpp"
#include "quietus/transport/block_port.hpp"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace quietus {

class Route {
  public:
    virtual ~Route() = default;
    /// The next extent, at most a slot long and on block boundaries; nothing when there are no
    /// more.
    [[nodiscard]] virtual std::optional<Extent> next() = 0;
    /// Passes over about so many bytes of what would come next, and says which they were; nothing
    /// where that is no use.
    [[nodiscard]] virtual std::optional<Extent> jump(std::uint64_t /*bytes*/) {
        return std::nullopt;
    }
};

/// Cuts [0, size) into slot-sized extents that respect the tail of an image.
class Chunks final : public Route {
  public:
    Chunks(const BlockGeometry& geometry, std::uint64_t chunk_bytes)
        : geometry_(geometry), chunk_bytes_(chunk_bytes) {}
    [[nodiscard]] std::optional<Extent> next() override;
    [[nodiscard]] std::optional<Extent> jump(std::uint64_t bytes) override;

  private:
    [[nodiscard]] std::uint64_t end() const;

    BlockGeometry geometry_;
    std::uint64_t chunk_bytes_;
    std::uint64_t offset_ = 0;
};

/// Any extents that lie on block boundaries, cut as Chunks cuts the whole: what a pass has yet to
/// write, and what is compared before it goes on.
class CutExtents final : public Route {
  public:
    CutExtents(const BlockGeometry& geometry, std::uint64_t chunk_bytes,
               std::vector<Extent> extents)
        : geometry_(geometry), chunk_bytes_(chunk_bytes), extents_(std::move(extents)) {}
    [[nodiscard]] std::optional<Extent> next() override { return take(chunk_bytes_); }
    /// Never from one of the extents into the next.
    [[nodiscard]] std::optional<Extent> jump(std::uint64_t bytes) override;

  private:
    [[nodiscard]] std::optional<Extent> take(std::uint64_t at_most);

    BlockGeometry geometry_;
    std::uint64_t chunk_bytes_;
    std::vector<Extent> extents_; ///< the first of those that are left has shrunk to its rest
    std::size_t at_ = 0;
};

/// A list that outlives it: the drawn blocks of a sample, the stamped ones of a probe.
class ListedExtents final : public Route {
  public:
    explicit ListedExtents(const std::vector<Extent>& extents) : extents_(extents) {}
    [[nodiscard]] std::optional<Extent> next() override {
        if (at_ == extents_.size()) return std::nullopt;
        return extents_[at_++];
    }

  private:
    const std::vector<Extent>& extents_;
    std::size_t at_ = 0;
};

} // namespace quietus
