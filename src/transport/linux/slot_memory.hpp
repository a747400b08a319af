// SlotMemory: the port's buffers, in one mapping that is aligned for huge pages, and behind them
// one more for what they have in common: as long as a slot, and a few pages of memory seen again
// and again, so that it takes next to nothing of the processor's caches.
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
    /// What common() repeats; the rest of that changes with it. Empty: the kernel would not.
    [[nodiscard]] std::span<std::uint8_t> tile();
    /// The one that is no slot's: what is in tile(), from its beginning on.
    [[nodiscard]] std::span<std::uint8_t> common();
    /// Of the slots in their order, and of the common one behind them.
    [[nodiscard]] std::vector<iovec> vectors();

  private:
    SlotMemory(std::uint8_t* base, const Transfers& transfers)
        : base_(base), transfers_(transfers) {}
    [[nodiscard]] static std::size_t total(const Transfers& transfers) {
        return (transfers.slots + std::size_t{1}) * transfers.bytes;
    }

    std::uint8_t* base_;
    Transfers transfers_;
    bool is_tiled_ = false;
};

} // namespace quietus
