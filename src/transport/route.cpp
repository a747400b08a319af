#include "quietus/transport/route.hpp"

#include <algorithm>

namespace quietus {

// No extent crosses the beginning of the tail.
std::uint64_t Chunks::end() const {
    return offset_ < geometry_.tail_offset ? geometry_.tail_offset : geometry_.size_bytes;
}

std::optional<Extent> Chunks::next() {
    if (offset_ >= geometry_.size_bytes) return std::nullopt;
    const Extent extent{offset_, std::min(chunk_bytes_, end() - offset_)};
    offset_ = extent.end();
    return extent;
}

std::optional<Extent> Chunks::jump(std::uint64_t bytes) {
    if (offset_ >= geometry_.size_bytes) return std::nullopt;
    const std::uint64_t whole = std::max(bytes - bytes % chunk_bytes_, chunk_bytes_);
    const Extent extent{offset_, std::min(whole, end() - offset_)};
    offset_ = extent.end();
    return extent;
}

std::optional<Extent> CutExtents::jump(std::uint64_t bytes) {
    return take(std::max(bytes - bytes % chunk_bytes_, chunk_bytes_));
}

// Up to a multiple of the chunk, so that most transfers lie as those of an undivided surface do.
std::optional<Extent> CutExtents::take(std::uint64_t at_most) {
    while (at_ < extents_.size() && extents_[at_].length == 0)
        ++at_;
    if (at_ == extents_.size()) return std::nullopt;
    Extent& rest = extents_[at_];
    const bool before_tail = rest.offset < geometry_.tail_offset;
    const std::uint64_t aligned = before_tail ? at_most - rest.offset % chunk_bytes_ : at_most;
    const std::uint64_t end =
        before_tail ? std::min(rest.end(), geometry_.tail_offset) : rest.end();
    const Extent extent{rest.offset, std::min(aligned, end - rest.offset)};
    rest = {extent.end(), rest.length - extent.length};
    return extent;
}

} // namespace quietus
