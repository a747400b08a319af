// The pages in which an emulated SATA drive describes itself.
#pragma once

#include "ata_sanitize.hpp"
#include "ata_security.hpp"
#include "max_address.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/emulator/ata_traits.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace quietus::emulator {

/// What the pages tell of, as it is now.
struct AtaCondition {
    const AtaTraits& traits;
    const AtaSecurity& security;
    const AtaCapacity& capacity;
    std::string serial; ///< that answers now
    std::uint64_t retired_blocks = 0;
    std::uint64_t hours_on = 0;
};

/// IDENTIFY DEVICE (ACS-4 clause 7.13): 512 octets with a right sum.
[[nodiscard]] Bytes identify_page(const AtaCondition& now);
/// A page of a general purpose log (ACS-4 clause 9): the directory (00h) and the IDENTIFY DEVICE
/// data log (30h), pages 00h to 03h and 06h. Nothing when there is none.
[[nodiscard]] std::optional<Bytes> log_page(const AtaCondition& now, std::uint8_t log,
                                            std::uint16_t page);
/// SMART READ DATA (B0h/D0h): attributes 5, 9, 197 and 198.
[[nodiscard]] Bytes smart_data(const AtaCondition& now);

} // namespace quietus::emulator
