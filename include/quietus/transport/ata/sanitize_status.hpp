// SanitizeStatus: what SANITIZE STATUS EXT answers (ACS-4, SANITIZE DEVICE; Ultrastar DC HC580
// specification, 12.38).
//
// All that matters is in COUNT bits 15:8 and the LBA, which do not come through every translator:
// without them nothing is known, and 0 is not taken for an answer.
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/core/result.hpp"
#include "quietus/record/firmware_evidence.hpp"
#include "quietus/transport/ata_port.hpp"

#include <cstdint>
#include <string>

namespace quietus::ata {

struct SanitizeStatus {
    SanitizeState state = SanitizeState::unknown;
    /// COUNT bit 15, completed without error. Stands until another operation: of the last one, or
    /// of one years ago.
    bool completed = false;
    bool antifreeze = false;
    std::uint16_t progress = 0xFFFF; ///< of 65536, while in progress
    std::string reason;              ///< of `failed` and of an abort
};

/// Fault::drive when it cannot be understood: no registers, a part of COUNT or the LBA left out,
/// bits that contradict each other.
[[nodiscard]] Result<SanitizeStatus> decode_sanitize_status(const AtaReply& reply);

/// Asks the drive now.
[[nodiscard]] Result<SanitizeStatus> read_sanitize_status(AtaPort& port, bool clear_failed = false);

/// Whether OVERWRITE EXT knows the DEFINITIVE ENDING PATTERN bit, by the page of supported
/// capabilities in the IDENTIFY DEVICE data log (ACS-4 clause 9.11; openSeaChest for the bit).
/// Fault::drive when that page does not prove itself by its headings.
[[nodiscard]] Result<bool> decode_definitive_end(ByteView page);
/// Asks a drive that has such logs.
[[nodiscard]] Result<bool> knows_definitive_end(AtaPort& port);

/// LBA bits 7:0 of a command that the drive has aborted: "03h: it is in the frozen state".
[[nodiscard]] std::string sanitize_reason(const AtaRegisters& registers);

} // namespace quietus::ata
