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

} // namespace quietus
