// SlotMemory: the port's buffers, one mapping aligned for huge pages, wiped and returned at the
// end.
#pragma once

#include "quietus/core/result.hpp"

#include <sys/uio.h>

#include <cstdint>
#include <span>
#include <vector>

namespace quietus {

class SlotMemory {
  public:
    static constexpr std::size_t slot_bytes = std::size_t{1} << 20U;
    /// What the kernel has at any time, while there is that much to move ...
    static constexpr unsigned kept_in_flight = 8;
    /// ... and four more, which come back together: one wake-up for four of them.
    static constexpr unsigned slots = kept_in_flight + 4;

    static Result<SlotMemory> map();
    SlotMemory(SlotMemory&& other) noexcept;
    SlotMemory& operator=(SlotMemory&&) = delete;
    ~SlotMemory();

    [[nodiscard]] std::span<std::uint8_t> slot(unsigned index);
    [[nodiscard]] std::vector<iovec> vectors();

  private:
    explicit SlotMemory(std::uint8_t* base) : base_(base) {}
    std::uint8_t* base_;
};

} // namespace quietus
