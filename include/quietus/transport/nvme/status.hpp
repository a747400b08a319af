// What the status of an NVMe completion says (NVM Express Base 2.1, 4.2.3: figures 101 to 106).
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/core/result.hpp"
#include "quietus/transport/nvme_port.hpp"

#include <cstdint>
#include <string>

namespace quietus::nvme {

/// Status code type and status code, as NvmeReply::code() has them.
namespace status {
inline constexpr std::uint16_t success = 0x000;
inline constexpr std::uint16_t invalid_opcode = 0x001;
inline constexpr std::uint16_t invalid_field = 0x002;
inline constexpr std::uint16_t invalid_namespace = 0x00B;
inline constexpr std::uint16_t sequence_error = 0x00C;
inline constexpr std::uint16_t operation_denied = 0x015;
inline constexpr std::uint16_t sanitize_failed = 0x01C;
inline constexpr std::uint16_t sanitize_in_progress = 0x01D;
inline constexpr std::uint16_t write_protected = 0x020;
inline constexpr std::uint16_t prohibited_by_lockdown = 0x023;
inline constexpr std::uint16_t media_not_ready = 0x024;
inline constexpr std::uint16_t format_in_progress = 0x084;
inline constexpr std::uint16_t invalid_format = 0x10A;
inline constexpr std::uint16_t firmware_needs_conventional_reset = 0x10B;
inline constexpr std::uint16_t firmware_needs_subsystem_reset = 0x110;
inline constexpr std::uint16_t firmware_needs_controller_reset = 0x111;
inline constexpr std::uint16_t memory_region_enabled = 0x123;
/// Of a read in the Media Verification state: it has brought what is on the medium.
inline constexpr std::uint16_t verification_read = 0x19C;
inline constexpr std::uint16_t access_denied = 0x286;
} // namespace status

/// "01dh: a sanitize operation is in progress".
[[nodiscard]] std::string status_words(std::uint16_t code);

/// Whether the status is none of the drive's: hosts have type 3h for a command that they gave up,
/// whatever has become of it. Then no completion came.
[[nodiscard]] bool is_from_host(std::uint16_t code);

/// The data that a command brings. Fault::io when no completion came, Fault::drive when the drive
/// has refused or has sent too little; errors begin with `name`.
[[nodiscard]] Result<Bytes> fetch(NvmePort& port, const NvmeCommand& command, const char* name);

} // namespace quietus::nvme
