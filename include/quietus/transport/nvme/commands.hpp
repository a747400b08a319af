// NVMe admin commands that an erasure by the drive's own firmware needs, as data.
//
// NVM Express Base Specification 2.1: Identify 5.1.13, Get Log Page 5.1.12, Get Features 5.1.11,
// Format NVM 5.1.10 (figure 189), Sanitize 5.1.22 (figures 372 and 373), Security Receive 5.1.23;
// LBA formats by the NVM Command Set Specification and by libnvme. No hardware was asked.
#pragma once

#include "quietus/record/nvme_evidence.hpp"
#include "quietus/transport/nvme_port.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace quietus::nvme {

/// Long enough for a controller that comes back from a reset.
inline constexpr std::chrono::milliseconds patient{60'000};
inline constexpr std::size_t identify_octets = 4096;
inline constexpr std::size_t log_octets = 512;
inline constexpr std::uint32_t all_namespaces = 0xFFFFFFFF;

/// What Identify is asked for (CNS).
enum class Structure : std::uint8_t {
    name_space = 0x00,
    controller = 0x01,
    active_list = 0x02,
    descriptors = 0x03,
    allocated_list = 0x10,
    allocated_namespace = 0x11,
};
[[nodiscard]] NvmeCommand identify(Structure what, std::uint32_t nsid = 0);

// --- Sanitize (84h), which always means the whole NVM subsystem: its NSID is 0 ---

enum class SanitizeAction : std::uint8_t {
    exit_failure = 1,
    block_erase = 2,
    overwrite = 3,
    crypto_erase = 4,
    exit_verification = 5,
};

/// The passes of an overwrite: 1 to 16.
struct SanitizePasses {
    std::uint32_t pattern = 0;
    std::uint8_t passes = 1;
    /// Each pass writes the complement of the one before. The last one writes the pattern itself,
    /// whatever their number (figure 647).
    bool invert_between = false;
};

struct SanitizeOptions {
    SanitizePasses overwrite = {}; ///< of that action alone
    /// AUSE: one that failed may be left without another that succeeds.
    bool may_leave_failed = false;
    bool no_deallocate = false; ///< NDAS
    bool verification = false;  ///< EMVS: not with an overwrite, and not with NDAS
};

[[nodiscard]] NvmeCommand sanitize(SanitizeAction action, const SanitizeOptions& options = {});

// --- Format NVM (80h) ---

/// What is kept, or set, of a namespace.
struct FormatSettings {
    std::uint8_t format = 0; ///< index of an LBA format, 0 to 63
    bool metadata_extended = false;
    std::uint8_t protection = 0; ///< type 0 to 3
    bool protection_first = false;
};
/// The command lasts until the drive is done; so long must its time be.
[[nodiscard]] NvmeCommand format(std::uint32_t nsid, const FormatSettings& settings,
                                 FormatErase erase, std::chrono::milliseconds timeout);

// --- what a drive tells of itself ---

/// Pages of the whole controller. Asynchronous events are left to the driver.
enum class LogPage : std::uint8_t { errors = 0x01, health = 0x02, sanitize_status = 0x81 };
/// `octets` is a multiple of 4, at least 4.
[[nodiscard]] NvmeCommand read_log(LogPage page, std::size_t octets = log_octets);

/// The answer is in dword 0 of the completion.
enum class Feature : std::uint8_t {
    host_memory_buffer = 0x0D, ///< bit 0: it is in use
    sanitize_config = 0x17,    ///< bit 0, NODRM: NDAS where that is inhibited is only warned of
    write_protection = 0x84,   ///< bits 2:0, of one namespace: 1, 2 until power off, 3 for good
};
[[nodiscard]] NvmeCommand get_feature(Feature feature, std::uint32_t nsid = 0);

/// Security protocol 01h, ComID 0001h: TCG Level 0 Discovery, which changes nothing.
[[nodiscard]] NvmeCommand level_0_discovery();

} // namespace quietus::nvme
