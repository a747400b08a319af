// Numbers in what a SCSI drive sends: most significant octet first.
#pragma once

#include "quietus/core/bytes.hpp"

#include <cstddef>
#include <cstdint>

namespace quietus::scsi {

/// They must be there.
[[nodiscard]] inline std::uint64_t number_at(ByteView octets, std::size_t at, std::size_t width) {
    std::uint64_t value = 0;
    for (const std::uint8_t each : octets.subspan(at, width))
        value = value << 8U | each;
    return value;
}

} // namespace quietus::scsi
