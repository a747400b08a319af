// AlternatingPort: a drive of which every other block can be neither written nor read. It keeps
// only blocks that hold something, so that with zeros only the bookkeeping of others needs memory.
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/transport/block_port.hpp"

#include <algorithm>
#include <cerrno>
#include <map>
#include <vector>

namespace quietus::test {

class AlternatingPort final : public BlockPort {
  public:
    static constexpr std::size_t block = 512;
    static constexpr std::size_t slot_bytes = std::size_t{1} << 20U;

    explicit AlternatingPort(std::uint64_t size) : geometry_{size, block, size} {}
    [[nodiscard]] static bool is_bad(std::uint64_t offset) { return offset / block % 2 == 1; }

    [[nodiscard]] BlockGeometry geometry() const override { return geometry_; }
    [[nodiscard]] unsigned slots() const override { return 9; }
    [[nodiscard]] std::span<std::uint8_t> slot(unsigned index) override {
        return std::span(buffers_).subspan(index * slot_bytes, slot_bytes);
    }
    void start(Direction direction, unsigned slot, Extent extent) override {
        const bool bad = extent.length > block || is_bad(extent.offset);
        in_flight_.push_back({slot, direction, extent, bad ? EIO : 0});
    }
    Result<std::optional<Completion>> wait(std::chrono::milliseconds) override {
        if (in_flight_.empty()) return std::optional<Completion>{};
        const Completion last = in_flight_.back();
        in_flight_.pop_back();
        if (last.error == 0) move(last);
        return std::optional(last);
    }
    std::optional<int> flush(std::chrono::milliseconds) override { return 0; }
    Result<PortState> state() override { return PortState{geometry_.size_bytes, 1, false}; }
    [[nodiscard]] bool used_page_cache() const override { return false; }

  private:
    void move(const Completion& completion) {
        const auto data = slot(completion.slot).first(block);
        const auto kept = kept_.find(completion.extent.offset);
        if (completion.direction == Direction::read) {
            std::ranges::fill(data, 0);
            if (kept != kept_.end()) std::ranges::copy(kept->second, data.begin());
            return;
        }
        if (kept != kept_.end()) kept_.erase(kept);
        if (std::ranges::any_of(data, [](std::uint8_t octet) { return octet != 0; }))
            kept_.emplace(completion.extent.offset, Bytes(data.begin(), data.end()));
    }

    BlockGeometry geometry_;
    Bytes buffers_ = Bytes(9 * slot_bytes);
    std::vector<Completion> in_flight_;
    std::map<std::uint64_t, Bytes> kept_;
};

} // namespace quietus::test
