// READ CAPACITY (10) and (16) (SBC-4 clauses 5.20, 5.21) and REPORT LUNS (SPC-5 clause 6.33).
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/core/result.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace quietus::scsi {

struct Capacity {
    std::uint64_t size_bytes = 0;
    std::uint32_t block_bytes = 0;
    std::optional<std::uint32_t> physical_block_bytes; ///< READ CAPACITY (16) alone
    bool provisioned = false; ///< LBPME: the unit manages what blocks are backed
};

/// Fault::unsupported when the unit is too large for it: (16) is to be asked. Fault::drive when it
/// is cut short or makes no sense.
[[nodiscard]] Result<Capacity> parse_capacity_10(ByteView reply);
[[nodiscard]] Result<Capacity> parse_capacity_16(ByteView reply);

/// Numbers of a target's logical units, as the eight octets of their address; well-known ones left
/// out. Fault::drive when it is cut short.
[[nodiscard]] Result<std::vector<std::uint64_t>> parse_luns(ByteView reply);
/// Octets that the whole list takes by its own account; 0 without a header.
[[nodiscard]] std::size_t luns_length(ByteView reply);
/// The number that people use: 1 for 0001000000000000h. Absent for addresses of more levels.
[[nodiscard]] std::optional<std::uint32_t> plain_lun(std::uint64_t address);

} // namespace quietus::scsi
