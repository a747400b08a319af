// SlotMemory: the port's buffers, one mapping aligned for huge pages, wiped and returned at the
// end.
#pragma once

#include "quietus/core/result.hpp"
#include "quietus/transport/transfer_bytes.hpp"

#include <sys/uio.h>

#include <cstdint>
#include <span>
#include <vector>

namespace quietus {

class SlotMemory {
  public:
    /// What the kernel has at any time, while there is that much to move ...
    static constexpr unsigned kept_in_flight = 8;
    /// ... and four more, which come back together: one wake-up for four of them.
    static constexpr unsigned slots = kept_in_flight + 4;
    static_assert(slots == transfer_slots);

    /// Slots of so many bytes, a power of two of at least a page.
    static Result<SlotMemory> map(std::size_t slot_bytes);
    SlotMemory(SlotMemory&& other) noexcept;
    SlotMemory& operator=(SlotMemory&&) = delete;
    ~SlotMemory();

    [[nodiscard]] std::span<std::uint8_t> slot(unsigned index);
    [[nodiscard]] std::vector<iovec> vectors();

  private:
    SlotMemory(std::uint8_t* base, std::size_t slot_bytes) : base_(base), slot_bytes_(slot_bytes) {}
    [[nodiscard]] std::size_t total() const { return slots * slot_bytes_; }

    std::uint8_t* base_;
    std::size_t slot_bytes_;
};

} // namespace quietus
