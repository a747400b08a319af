// SupportedCommands: what REPORT SUPPORTED OPERATION CODES (A3h/0Ch) answers (SPC-4, as sg_opcodes
// of sg3_utils reads it).
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/core/result.hpp"
#include "quietus/record/scsi_evidence.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace quietus::scsi {

/// Of one command. Only what follows the standard counts as supported (SUPPORT 3, not 5).
struct SupportedCommand {
    ScsiOffer offer = ScsiOffer::unknown;
    Bytes usage; ///< of a CDB: a bit is set where the drive looks at it; empty: not told

    /// Whether it looks at these bits of an octet; unknown without a map that reaches so far.
    [[nodiscard]] ScsiOffer looks_at(std::size_t octet, std::uint8_t bits) const;
};
/// Fault::drive when it is cut short.
[[nodiscard]] Result<SupportedCommand> parse_supported_command(ByteView reply);

/// One of all.
struct ListedCommand {
    std::uint8_t opcode = 0;
    std::optional<std::uint16_t> service_action; ///< where the command has any
};
/// Octets that the whole list takes by its own account; 0 without a header.
[[nodiscard]] std::uint64_t supported_commands_length(ByteView reply);
/// Fault::drive when it is cut short, or no list.
[[nodiscard]] Result<std::vector<ListedCommand>> parse_supported_commands(ByteView reply);

} // namespace quietus::scsi
