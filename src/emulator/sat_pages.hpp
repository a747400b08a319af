// INQUIRY, VPD pages and capacities that a translator makes of IDENTIFY DEVICE data (SAT-4 clause
// 8).
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/emulator/ata_traits.hpp"

#include <cstdint>
#include <optional>

namespace quietus::emulator {

/// Standard INQUIRY data: 36 octets.
[[nodiscard]] Bytes inquiry_data(const AtaTraits& traits);
/// Pages 00h, 80h, 83h, 89h and B1h; nothing for others. `identify` is what the drive says now.
/// Page 89h only `with_sat`.
struct VpdQuestion {
    std::uint8_t page = 0;
    bool with_sat = true;
};
[[nodiscard]] std::optional<Bytes> vpd_page(VpdQuestion question, const AtaTraits& traits,
                                            const Bytes& identify);
/// READ CAPACITY (10) and (16) parameter data, of IDENTIFY DEVICE data.
[[nodiscard]] Bytes capacity_10(const AtaTraits& traits, const Bytes& identify);
[[nodiscard]] Bytes capacity_16(const AtaTraits& traits, const Bytes& identify);

} // namespace quietus::emulator
