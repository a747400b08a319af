// SCSI commands that an erasure by the drive's own firmware needs, as data.
//
// SANITIZE and FORMAT UNIT by the SCSI Commands Reference Manual of Seagate (100293068, revision
// J), sg_sanitize and sg_format of sg3_utils and openSeaChest; REPORT SUPPORTED OPERATION CODES,
// PERSISTENT RESERVE IN, LOG SENSE, READ DEFECT DATA and MODE SENSE by sg3_utils and smartmontools.
// The text of SPC and SBC was not read, and no hardware was asked.
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/core/result.hpp"
#include "quietus/transport/scsi_port.hpp"

#include <chrono>
#include <cstdint>

namespace quietus::scsi {

/// Long enough for a drive that has to spin up first.
inline constexpr std::chrono::milliseconds patient{60'000};

// --- SANITIZE (48h) ---

enum class SanitizeKind : std::uint8_t { overwrite, block_erase, crypto_erase };

struct SanitizeOptions {
    Bytes pattern = {0, 0, 0, 0}; ///< of an overwrite: what each logical block is filled with
    std::uint8_t passes = 1;      ///< 1 to 31
    /// Each pass writes the complement of the one before. Of an even number the first does: the
    /// pattern itself is what is left.
    bool invert_between = false;
    /// AUSE: a failed one may be left by EXIT FAILURE MODE; else only by another that succeeds.
    bool may_leave_failed = false;
    bool zoned_no_reset = false; ///< ZNR: zones stay full, so that they can be read afterwards
    /// IMMED: the command returns when the operation has begun, and not when it has ended.
    bool returns_at_once = true;
};

/// Fault::invalid: no pass or more than 31; a pattern of no octet, or longer than a block.
[[nodiscard]] Result<ScsiCommand> sanitize(SanitizeKind kind, const SanitizeOptions& options,
                                           std::uint32_t block_bytes);
/// Good without effect on a unit that has not failed.
[[nodiscard]] ScsiCommand exit_failure_mode();

// --- FORMAT UNIT (04h) ---

struct FormatOptions {
    std::uint8_t protection = 0;          ///< the type of protection information, 0 to 3
    std::uint8_t protection_interval = 0; ///< exponent: 2^n intervals a block; not without a type
    /// What blocks are filled with; none: what the drive likes. At most as long as a block.
    Bytes pattern = {};
    /// SI: blocks that have no address any more are to be initialised too. With a pattern alone.
    bool security_initialise = false;
    bool without_certification = false; ///< DCRT: the medium is not read back by the drive
    bool returns_at_once = true;        ///< IMMED
};

/// In the format that the unit has: number and size of its blocks are those of its mode parameters.
/// Fault::invalid: options that exclude each other or cannot be.
[[nodiscard]] Result<ScsiCommand> format_unit(const FormatOptions& options,
                                              std::uint32_t block_bytes);

// --- how the unit is ---

[[nodiscard]] ScsiCommand test_unit_ready();
/// In fixed format, which every drive has; a sense of its own is answered as data.
[[nodiscard]] ScsiCommand request_sense();
/// All blocks.
[[nodiscard]] ScsiCommand synchronize_cache();

// --- what it tells of itself ---

/// How one command is supported, with the usage map of its CDB.
[[nodiscard]] ScsiCommand report_supported_command(std::uint8_t opcode);
[[nodiscard]] ScsiCommand report_supported_command(std::uint8_t opcode,
                                                   std::uint16_t service_action);
/// All of them, without maps.
[[nodiscard]] ScsiCommand report_supported_commands(std::uint32_t in_bytes);
[[nodiscard]] ScsiCommand inquiry();
[[nodiscard]] ScsiCommand vital_product_data(std::uint8_t page, std::uint16_t in_bytes);
[[nodiscard]] ScsiCommand read_capacity_16();
/// All pages are left out but this; with the block descriptor, of 16 octets where the unit has it.
[[nodiscard]] ScsiCommand mode_sense(std::uint8_t page);
/// MODE SELECT (10): as many blocks as the drive can have, of the size that they have. With a block
/// descriptor of 16 octets where MODE SENSE has given one.
[[nodiscard]] ScsiCommand select_all_blocks(std::uint32_t block_bytes, bool long_descriptor);
/// Cumulative values.
[[nodiscard]] ScsiCommand log_sense(std::uint8_t page, std::uint16_t in_bytes);
/// The header alone of the grown defect list.
[[nodiscard]] ScsiCommand grown_defects();
[[nodiscard]] ScsiCommand reservation_keys();
[[nodiscard]] ScsiCommand reservation();
[[nodiscard]] ScsiCommand report_luns(std::uint32_t in_bytes);
/// SECURITY PROTOCOL IN: TCG Level 0 Discovery. By sg3_utils, and by the kernel's SED driver.
[[nodiscard]] ScsiCommand level_0_discovery();

} // namespace quietus::scsi
