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
/// READ CAPACITY (10) and (16) parameter data.
[[nodiscard]] Bytes capacity_10(const AtaTraits& traits, std::uint64_t blocks);
[[nodiscard]] Bytes capacity_16(const AtaTraits& traits, std::uint64_t blocks);
/// MODE SENSE (10) parameter data without a page (SPC-4 clause 7.5.5, SBC-3 clause 6.5.2, from
/// memory): header and one block descriptor, of 16 octets when `long_lba`, else of 8.
[[nodiscard]] Bytes mode_data(const AtaTraits& traits, std::uint64_t blocks, bool long_lba);
/// The NUMBER OF LOGICAL BLOCKS of MODE SELECT (10) parameter data: all bits set for as many as
/// there are. Nothing when that is no header with one block descriptor.
[[nodiscard]] std::optional<std::uint64_t> selected_blocks(const AtaTraits& traits,
                                                           const Bytes& data);

} // namespace quietus::emulator
