// NvmeTraits: what kind of NVMe drive it is when it works.
#pragma once

#include "quietus/emulator/tcg_traits.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace quietus::emulator {

struct NvmeNamespaceTraits {
    std::uint32_t nsid = 1;
    std::uint64_t blocks = 2048;
    bool attached = true;
    std::uint8_t format = 0; ///< 0: blocks of 512; 1: of 4096; 2: of 512 and 8 octets of metadata
    bool metadata_extended = false;
    std::uint8_t protection = 0;
    bool protection_first = false;
    std::uint8_t write_protection = 0; ///< 1, 2 until the power goes, 3 for good
    std::uint64_t retired_blocks = 0;  ///< so many have left content behind
};

/// What Sanitize offers, and how long it takes.
struct NvmeSanitizeTraits {
    bool crypto_erase = true;
    bool block_erase = true;
    bool overwrite = true;
    bool verification = true;             ///< VERS
    bool no_deallocate_inhibited = false; ///< NDI
    bool only_warns = false;              ///< NODRM: NDAS is taken where it is inhibited
    std::uint8_t modifies_media = 1;      ///< NODMMAS
    bool tells_times = true;
    std::chrono::seconds crypto_takes{2};
    std::chrono::seconds block_takes{60};
    std::chrono::seconds pass_takes{600}; ///< of an overwrite, each
    std::chrono::seconds deallocation_takes{5};
};

struct NvmeFormatTraits {
    bool supported = true;
    bool crypto_erase = true;
    bool formats_all = false;  ///< FNS
    bool erases_all = false;   ///< SENS
    bool no_broadcast = false; ///< FNVMBS
    bool tells_progress = true;
    std::chrono::seconds user_takes{120};
    std::chrono::seconds crypto_takes{2};
};

struct NvmeTraits {
    std::string serial = "EMU00000001";
    std::string model = "EMULATED NVME DRIVE";
    std::string firmware = "EM01";
    std::uint32_t version = 0x00020100;
    std::vector<NvmeNamespaceTraits> namespaces = {{}}; ///< by ascending numbers
    std::uint64_t unallocated_blocks = 64; ///< that no namespace has, of 512 octets, full of data
    std::uint64_t spare_blocks = 64;       ///< of each namespace
    std::uint64_t stale_copies = 0;        ///< of each: overwritten blocks that are still there
    unsigned cached_writes = 0;
    bool encrypts = true;
    std::uint64_t bytes_a_second = 0; ///< of transfers of blocks; 0: they take no time
    bool manages_namespaces = true;
    bool several_controllers = false;
    bool security_commands = true;
    bool boot_partitions = false;
    bool rpmb = false;
    bool host_memory = false;
    bool memory_region_enabled = false; ///< PMR
    bool firmware_pending = false;      ///< new firmware waits for a reset
    std::uint32_t power_on_hours = 1234;
    NvmeSanitizeTraits sanitize = {};
    NvmeFormatTraits format = {};
    std::optional<TcgTraits> tcg = {};
    /// Half-way through an operation this process gets SIGINT, as by Ctrl-C.
    bool stops_program = false;
    std::chrono::microseconds command_takes{1000}; ///< every command, at least
};

} // namespace quietus::emulator
