#include "quietus/transport/nvme/capacity.hpp"

#include <algorithm>
#include <limits>

namespace quietus::nvme {
namespace {

constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();

// One decimal digit off its end.
char take_digit(Capacity& number) {
    constexpr std::uint64_t half = std::uint64_t{1} << 32U;
    std::uint64_t rest = number.high % 10;
    number.high /= 10;
    const std::uint64_t upper = rest * half + (number.low >> 32U);
    rest = upper % 10;
    const std::uint64_t lower = rest * half + (number.low & (half - 1));
    number.low = (upper / 10) << 32U | lower / 10;
    return static_cast<char>('0' + lower % 10);
}

} // namespace

Capacity operator+(const Capacity& left, const Capacity& right) {
    const std::uint64_t low = left.low + right.low;
    const std::uint64_t carry = low < left.low ? 1 : 0;
    const std::uint64_t high = left.high + right.high;
    const bool beyond = high < left.high || (high == most && carry == 1);
    return beyond ? Capacity{most, most} : Capacity{high + carry, low};
}

std::string Capacity::text() const {
    std::string digits;
    Capacity rest = *this;
    do
        digits += take_digit(rest);
    while (!rest.is_zero());
    std::ranges::reverse(digits);
    return digits;
}

Capacity capacity_of(std::uint64_t blocks, unsigned exponent) {
    return {exponent == 0 ? 0 : blocks >> (64 - exponent), blocks << exponent};
}

} // namespace quietus::nvme
