// Registers of MMC and SD cards: EXT_CSD (JESD84-B51 clause 7.4) and CID (clause 7.2; SD Physical
// Layer 8.00 clause 5.2).
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/core/result.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace quietus::mmc {

inline constexpr std::size_t ext_csd_octets = 512;

struct ExtCsd {
    std::optional<std::uint64_t> size_bytes; ///< user area; absent below 2 GiB, where CSD has it
    std::uint32_t block_bytes = 512;
    std::uint64_t boot_bytes = 0; ///< of each of the two boot areas; 0: none
    std::uint64_t rpmb_bytes = 0;
    std::array<std::uint64_t, 4> general_purpose_bytes{};
    Bytes firmware; ///< 8 octets; empty when the register is too old to have them
};
/// Fault::drive when it is not 512 octets, or empty.
[[nodiscard]] Result<ExtCsd> parse_ext_csd(ByteView data);

enum class CardKind : std::uint8_t { mmc, sd };

struct Cid {
    std::uint8_t manufacturer = 0;
    std::string model; ///< product name, printable
    Bytes serial;      ///< 4 octets
    std::uint8_t revision = 0;
};
/// Of the text that sysfs has: 32 hexadecimal digits. Fault::invalid otherwise.
[[nodiscard]] Result<Cid> parse_cid(std::string_view hex, CardKind kind);

} // namespace quietus::mmc
