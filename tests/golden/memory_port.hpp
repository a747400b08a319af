// MemoryPort: a drive that is one run of octets, with blocks, buffers and an odd tail as a test
// wants them. Completions come back last-started-first, so nothing can rely on their order.
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/transport/block_port.hpp"

#include <algorithm>
#include <vector>

namespace quietus::test {

class MemoryPort final : public BlockPort {
  public:
    MemoryPort(const BlockGeometry& geometry, std::size_t slot_bytes)
        : medium(geometry.size_bytes, 0x5A), geometry_(geometry),
          buffers_(9, Bytes(slot_bytes, 0xA5)) {}

    Bytes medium;

    [[nodiscard]] BlockGeometry geometry() const override { return geometry_; }
    [[nodiscard]] unsigned slots() const override { return static_cast<unsigned>(buffers_.size()); }
    [[nodiscard]] std::span<std::uint8_t> slot(unsigned index) override { return buffers_[index]; }
    void start(Direction direction, unsigned slot, Extent extent) override {
        in_flight_.push_back({slot, direction, extent, 0});
    }
    Result<Completion> wait() override {
        const Completion done = in_flight_.back();
        in_flight_.pop_back();
        const auto place = std::span(medium).subspan(done.extent.offset, done.extent.length);
        const auto buffer = std::span(buffers_[done.slot]).first(done.extent.length);
        if (done.direction == Direction::write)
            std::ranges::copy(buffer, place.begin());
        else
            std::ranges::copy(place, buffer.begin());
        return done;
    }
    int flush() override { return 0; }
    Result<PortState> state() override { return PortState{geometry_.size_bytes, 7, false}; }
    [[nodiscard]] bool used_page_cache() const override { return false; }

  private:
    BlockGeometry geometry_;
    std::vector<Bytes> buffers_;
    std::vector<Completion> in_flight_;
};

} // namespace quietus::test
