// ATA commands that an erasure by the drive's own firmware needs, as data.
//
// Registers by ACS-4 (T13/BSR INCITS 529) as the manuals of drives restate it: SANITIZE DEVICE by
// the Ultrastar DC HC310 and HC580 specifications, 11.37 and 12.38; SECURITY by the same and by
// hdparm; HPA, AMAC and DCO by the same, by hdparm and by openSeaChest. No hardware was asked.
//
// Commands that take one block of data say so in COUNT as well: a translator counts by it.
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/transport/ata_port.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace quietus::ata {

/// Long enough for a drive that has to spin up first.
inline constexpr std::chrono::milliseconds patient{60'000};
inline constexpr std::size_t block_octets = 512;

[[nodiscard]] AtaCommand identify();
/// Aborted by every drive, and its registers left as they were: tells whether they pass.
[[nodiscard]] AtaCommand nop(std::uint8_t count, std::uint32_t lba);
[[nodiscard]] AtaCommand check_power_mode();

// --- SANITIZE DEVICE (B4h) ---

enum class SanitizeKind : std::uint8_t { crypto_scramble, block_erase, overwrite };

/// The passes of OVERWRITE EXT: 1 to 16.
struct SanitizePasses {
    std::uint32_t pattern = 0;
    std::uint8_t passes = 1;
    bool invert_between = false; ///< each pass writes the complement of the one before
    bool definitive_end = false; ///< the pattern is what is left, whatever the number of passes
};

struct SanitizeOptions {
    SanitizePasses overwrite = {}; ///< of that kind alone
    /// FAILURE MODE 1: one that failed may be left without another that succeeds.
    bool may_leave_failed = false;
    /// ZONED NO RESET: zones stay full, so that they can be read afterwards.
    bool zoned_no_reset = false;
};

[[nodiscard]] AtaCommand sanitize_status(bool clear_failed = false);
[[nodiscard]] AtaCommand sanitize(SanitizeKind kind, const SanitizeOptions& options);
[[nodiscard]] AtaCommand sanitize_freeze_lock();
[[nodiscard]] AtaCommand sanitize_antifreeze_lock();

// --- SECURITY (F1h to F6h) ---

/// Level High, never Maximum: with that nobody but its owner could unlock the drive.
[[nodiscard]] AtaCommand security_set_password(ByteView password);
[[nodiscard]] AtaCommand security_unlock(ByteView password);
[[nodiscard]] AtaCommand security_erase_prepare();
/// The command lasts until the drive is erased; so long must its time be.
[[nodiscard]] AtaCommand security_erase_unit(ByteView password, bool enhanced,
                                             std::chrono::milliseconds timeout);
[[nodiscard]] AtaCommand security_disable_password(ByteView password);
[[nodiscard]] AtaCommand security_freeze_lock();

// --- hidden areas; addresses are those of a last block ---

[[nodiscard]] AtaCommand read_native_max(bool extended);
/// Directly behind read_native_max; kept over a power cycle, which a drive allows once in each.
[[nodiscard]] AtaCommand set_max(std::uint64_t last, bool extended);
[[nodiscard]] AtaCommand get_native_max_accessible();
[[nodiscard]] AtaCommand set_max_accessible(std::uint64_t last);
[[nodiscard]] AtaCommand dco_identify();
[[nodiscard]] AtaCommand dco_restore();

// --- what a drive tells of itself ---

[[nodiscard]] AtaCommand smart_read_data();
/// Leaves C24Fh in LBA bits 23:8, or 2CF4h of a drive that expects to fail.
[[nodiscard]] AtaCommand smart_return_status();
/// TRUSTED RECEIVE: TCG Level 0 Discovery. As libata translates SECURITY PROTOCOL IN; the kernel
/// lets it pass on its own ports only with libata.allow_tpm.
[[nodiscard]] AtaCommand level_0_discovery();
/// One page of a log.
[[nodiscard]] AtaCommand read_log(std::uint8_t address, std::uint16_t page);

/// Why not, of a command whose success is in its registers.
[[nodiscard]] std::optional<std::string> failure_of(const Result<AtaReply>& reply);

} // namespace quietus::ata
