// AtaTraits: what kind of SATA drive it is when it works.
#pragma once

#include "quietus/emulator/tcg_traits.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace quietus::emulator {

/// Which of the two feature sets moves the end of the accessible blocks. ACS-3 replaced the first
/// by the second; no drive is known to have both.
enum class MaxAddress : std::uint8_t { none, hpa, ama };

/// SANITIZE DEVICE (ACS-4 clause 7.36, from memory; the same in ACS-2): what it offers, and how
/// long it takes.
struct SanitizeTraits {
    bool supported = true;
    bool crypto_scramble = true;
    bool block_erase = true;
    bool overwrite = true;
    bool antifreeze = true;
    bool definitive_ending_pattern = true;
    std::chrono::seconds crypto_takes{2};
    std::chrono::seconds block_takes{60};
    std::chrono::seconds pass_takes{600}; ///< of an overwrite, each
};

/// The Security feature set.
struct SecurityTraits {
    bool supported = true;
    bool enhanced = true;
    /// What words 89 and 90 announce, and what it takes; 0: nothing is announced, and it takes two.
    std::chrono::minutes normal_takes{120};
    std::chrono::minutes enhanced_takes{2};
    bool extended_times = true; ///< words 89 and 90 in the format with bit 15 (ACS-3 and later)
    bool frozen_at_power_on = false; ///< as the firmware of a computer does
    /// Not empty: somebody has set this user password before, padded with zeros to 32 octets, and
    /// the drive powers on locked.
    std::string user_password = {};
    bool level_maximum = false; ///< of that password
    std::string master_password = {};
    std::uint16_t master_identifier = 0xFFFE; ///< word 92
};

/// Sizes are numbers of logical blocks. `blocks` is all that the drive was made with; what HPA or
/// AMA, and within that DCO, leave of it, is 0 for all.
struct AtaTraits {
    std::string serial = "EMU00000001";
    std::string firmware = "EM01";
    std::string model = "EMULATED SATA DRIVE";
    std::uint64_t wwn = 0x5000C500A0B0C0D0;
    std::uint64_t blocks = 2048;
    std::uint64_t dco_blocks = 0;        ///< what DEVICE CONFIGURATION SET has left
    std::uint64_t accessible_blocks = 0; ///< what SET MAX ADDRESS or AMA has left of that
    std::uint64_t scsi_blocks = 0;       ///< what MODE SELECT has left of that, behind a SatFace
    std::uint32_t logical_bytes = 512;
    std::uint32_t physical_bytes = 4096;
    MaxAddress max_address = MaxAddress::hpa;
    bool dco = true;
    bool extended = true; ///< 48-bit commands; without them no more than 2^28 blocks
    bool rotates = true;  ///< word 217
    bool zoned = false;   ///< host-aware, by word 69; its zones themselves are not emulated
    bool seek_complete =
        true; ///< STATUS bit 4 is set: success is 50h and failure 51h; else 40h, 41h

    std::uint64_t spare_blocks = 64;
    std::uint64_t retired_blocks = 0; ///< so many have moved to spare ones and left content behind
    std::uint64_t stale_copies =
        0;                      ///< of flash: overwritten blocks whose old content is still there
    unsigned cached_writes = 0; ///< so many may wait for a flush
    bool encrypts = true;       ///< all that is stored, with a media key
    std::uint64_t bytes_a_second = 0; ///< of transfers of blocks; 0: they take no time
    std::uint32_t power_on_hours = 1234;
    std::uint32_t pending_blocks = 0;

    SanitizeTraits sanitize = {};
    SecurityTraits security = {};
    std::optional<TcgTraits> tcg = {}; ///< none: no Trusted Computing feature set
    /// Half-way through an operation this process gets SIGINT, as by Ctrl-C.
    bool stops_program = false;
    std::chrono::microseconds command_takes{1000}; ///< every command, at least
};

} // namespace quietus::emulator
