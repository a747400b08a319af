// Sense data and log entries in which a translator brings registers back.
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/transport/ata_port.hpp"

#include <cstdint>

namespace quietus::emulator {

/// Key, additional sense code and qualifier.
struct SenseCode {
    std::uint8_t key = 0;
    std::uint8_t asc = 0;
    std::uint8_t ascq = 0;
};

/// What a translator was handed at the end of a command.
struct Returned {
    AtaRegisters registers;
    bool extended = false; ///< of a 48-bit command
};

/// ATA Status Return descriptor (SAT-4 clause 12.2.6, number from memory): 14 octets.
[[nodiscard]] Bytes status_return(const Returned& returned);
/// Descriptor format: with that descriptor, or with none.
[[nodiscard]] Bytes descriptor_sense(const SenseCode& code);
[[nodiscard]] Bytes descriptor_sense(const SenseCode& code, const Returned& returned);
/// Fixed format without registers: 18 octets.
[[nodiscard]] Bytes fixed_sense(const SenseCode& code);
/// As SAT has it: ERROR, STATUS, DEVICE, COUNT 7:0 in INFORMATION; flags and LBA 23:0, lowest octet
/// first, in COMMAND-SPECIFIC INFORMATION. `log_index` is that of log page 16h, 0 for none.
[[nodiscard]] Bytes fixed_sense(const SenseCode& code, const Returned& returned,
                                std::uint8_t log_index);
/// As Linux before 6.10 has it for a command that failed: the first four at octets 8 to 11, nothing
/// else. A status with bit 4 it takes for an unaligned write (5/21h/04h).
[[nodiscard]] Bytes shifted_sense(const Returned& returned);

} // namespace quietus::emulator
