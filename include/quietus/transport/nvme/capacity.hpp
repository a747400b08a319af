// Capacity: a number of bytes in 128 bits, as NVMe counts them.
#pragma once

#include <compare>
#include <cstdint>
#include <string>

namespace quietus::nvme {

struct Capacity {
    std::uint64_t high = 0;
    std::uint64_t low = 0;

    friend auto operator<=>(const Capacity&, const Capacity&) = default;
    friend bool operator==(const Capacity&, const Capacity&) = default;
    /// The largest there is, where the sum is larger still.
    friend Capacity operator+(const Capacity& left, const Capacity& right);

    [[nodiscard]] bool is_zero() const { return high == 0 && low == 0; }
    [[nodiscard]] std::string text() const; ///< decimal
};

/// So many blocks of 2^`exponent` bytes each; `exponent` is below 64.
[[nodiscard]] Capacity capacity_of(std::uint64_t blocks, unsigned exponent);

} // namespace quietus::nvme
