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
    /// A page or more each.
    static Result<SlotMemory> map(const Transfers& transfers);
    SlotMemory(SlotMemory&& other) noexcept;
    SlotMemory& operator=(SlotMemory&&) = delete;
    ~SlotMemory();

    [[nodiscard]] unsigned slots() const { return transfers_.slots; }
    [[nodiscard]] unsigned kept_in_flight() const { return transfers_.kept_in_flight(); }
    [[nodiscard]] std::span<std::uint8_t> slot(unsigned index);
    [[nodiscard]] std::vector<iovec> vectors();

  private:
    SlotMemory(std::uint8_t* base, const Transfers& transfers)
        : base_(base), transfers_(transfers) {}
    [[nodiscard]] std::size_t total() const { return transfers_.slots * transfers_.bytes; }

    std::uint8_t* base_;
    Transfers transfers_;
};

} // namespace quietus
