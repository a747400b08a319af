// ScsiTraits: what kind of SAS drive it is when it works.
#pragma once

#include "quietus/emulator/tcg_traits.hpp"
#include "quietus/record/scsi_evidence.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace quietus::emulator {

/// What REPORT SUPPORTED OPERATION CODES is good for.
enum class ReportsCommands : std::uint8_t { with_maps, as_list_alone, not_at_all };

/// SANITIZE: what it offers, and how long it takes.
struct ScsiSanitizeTraits {
    bool overwrite = true;
    bool block_erase = true;
    bool crypto_erase = true;
    bool exit_failure = true;      ///< EXIT FAILURE MODE, and AUSE
    bool zoned_no_reset = false;   ///< ZNR
    bool reaches_all_units = true; ///< of a drive with several logical units
    std::chrono::milliseconds crypto_takes{2000};
    std::chrono::milliseconds block_takes{60'000};
    std::chrono::milliseconds pass_takes{600'000}; ///< of an overwrite, each
};

struct ScsiFormatTraits {
    bool supported = true;
    std::chrono::milliseconds takes{1'200'000};
};

/// Sizes are numbers of logical blocks, of each logical unit.
struct ScsiTraits {
    std::string vendor = "EMULATED";
    std::string product = "SAS DRIVE";
    std::string revision = "EM01";
    std::string serial = "EMU00000001";
    std::uint64_t wwn = 0x5000C500A0B0C0D0;
    std::uint64_t blocks = 2048;
    std::uint64_t shown_blocks = 0; ///< what MODE SELECT has left of that; 0: all
    /// 520 and 528 too, though hosts open no blocks of such a size: what they hold then are 512.
    std::uint32_t block_bytes = 512;
    std::uint8_t physical_exponent = 0; ///< 2^n logical blocks a physical one
    std::uint8_t protection = 0;        ///< type of protection information it is formatted with
    unsigned units = 1;                 ///< logical units
    unsigned ports = 2;
    bool rotates = true;
    bool descriptor_sense = false; ///< else in fixed format
    ReportsCommands reports = ReportsCommands::with_maps;
    ScsiReadAfterErase after_block_erase = ScsiReadAfterErase::unspecified;
    ScsiReadAfterErase after_crypto_erase = ScsiReadAfterErase::unspecified;
    std::uint64_t reserved_by = 0; ///< the key of another host that has reserved it; 0: nobody

    std::uint64_t spare_blocks = 64;
    std::uint64_t retired_blocks = 0; ///< so many have moved to spare ones and left content behind
    std::uint64_t stale_copies = 0;
    unsigned cached_writes = 0;
    bool encrypts = true;
    std::uint64_t bytes_a_second = 0; ///< of transfers of blocks; 0: they take no time
    std::uint64_t powered_minutes = 74'040;

    ScsiSanitizeTraits sanitize = {};
    ScsiFormatTraits format = {};
    std::optional<TcgTraits> tcg = {}; ///< none: no SECURITY PROTOCOL IN
    /// Half-way through an operation this process gets SIGINT, as by Ctrl-C.
    bool stops_program = false;
    std::chrono::microseconds command_takes{1000}; ///< every command, at least
};

} // namespace quietus::emulator
