// IDENTIFY DEVICE (ECh), the 256 words in which an ATA drive describes itself (ACS-4 clause 7.13).
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/core/result.hpp"
#include "quietus/record/drive.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace quietus::ata {

inline constexpr std::uint8_t identify_device = 0xEC;
inline constexpr std::size_t identify_octets = 512;

/// Word 255: whether the data can be told from noise.
enum class Integrity : std::uint8_t {
    absent,  ///< no signature: a drive from before ATA-5, or something made up
    proven,  ///< signature A5h, and all octets add up to 0
    swapped, ///< the same with the octets of every word swapped; they have been put right
    broken,  ///< signature, but the sum is wrong
};

struct Identify {
    Integrity integrity = Integrity::absent;
    bool complete = true; ///< word 0 bit 2: the rest may be wrong until the drive has spun up
    Bytes serial;         ///< 20 octets in reading order, padding and all
    Bytes firmware;       ///< 8
    Bytes model;          ///< 40
    std::optional<std::uint64_t> wwn;     ///< words 108 to 111
    std::optional<std::uint64_t> sectors; ///< that the drive addresses now: hidden areas left out
    std::uint32_t logical_bytes = 512;
    std::uint32_t physical_bytes = 512;
    std::optional<std::uint32_t> rotation_rpm; ///< 0: does not rotate
    Zoned zoned = Zoned::unknown;
    /// Flash that the drive keeps part of the user's data in, by the words that tell of it; empty
    /// when none do.
    std::string flash_cache;
};

/// Fault::drive when it is not 512 octets of an ATA drive: cut short, all of one octet, a packet
/// device, or a sum that is wrong.
[[nodiscard]] Result<Identify> parse_identify(ByteView data);

} // namespace quietus::ata
