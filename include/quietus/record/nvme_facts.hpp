// What an NVMe drive tells of itself, besides who it is: whether it can erase itself, all that is
// behind its controller, how it fares. The unit is the NVM subsystem, with all its namespaces.
#pragma once

#include "quietus/core/enum_text.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace quietus {

/// Sanitize Operation Status in the Sanitize Status log (NVM Express Base 2.1 figure 291).
enum class NvmeSanitizeState : std::uint8_t {
    unknown,
    never,                 ///< none was ever started
    sanitized,             ///< the most recent one ended well
    in_progress,           ///< processing, verified by the host, or deallocating
    failed,                ///< the most recent one failed
    unexpected_deallocate, ///< it ended well, and deallocated what it was asked not to
};
template <>
inline constexpr auto enum_texts<NvmeSanitizeState> = spellings("unknown", "never", "sanitized",
                                                                "in-progress", "failed",
                                                                "unexpected-deallocate");

/// One namespace, as Identify Namespace has it.
struct NvmeNamespaceRecord {
    std::uint32_t nsid = 0;
    bool attached = false;  ///< to the controller that was asked
    bool described = false; ///< the drive told what follows
    std::uint64_t blocks = 0;
    std::uint32_t block_bytes = 0;
    std::uint32_t format = 0; ///< index of its LBA format
    std::uint32_t metadata_bytes = 0;
    bool metadata_extended = false; ///< it lies behind each block, not in a buffer of its own
    std::uint32_t protection = 0;   ///< type of its protection information; 0: none
    bool protection_first = false;  ///< that is at the beginning of the metadata
    bool write_protected = false;
    bool shared = false; ///< other controllers may have it attached

    friend bool operator==(const NvmeNamespaceRecord&, const NvmeNamespaceRecord&) = default;
    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("nsid", self.nsid);
        visit("attached", self.attached);
        visit("described", self.described);
        visit("blocks", self.blocks);
        visit("block_bytes", self.block_bytes);
        visit("format", self.format);
        visit("metadata_bytes", self.metadata_bytes);
        visit("metadata_extended", self.metadata_extended);
        visit("protection", self.protection);
        visit("protection_first", self.protection_first);
        visit("write_protected", self.write_protected);
        visit("shared", self.shared);
    }
};

/// All that is behind a controller. Capacities are decimal: they may be larger than 2^64.
struct NvmeScopeRecord {
    std::vector<NvmeNamespaceRecord> namespaces = {};
    std::string total_bytes = {};       ///< TNVMCAP; empty: not told
    std::string unallocated_bytes = {}; ///< UNVMCAP; empty: not told
    std::string namespace_bytes = {};   ///< of all namespaces together
    bool complete = false;  ///< every namespace is listed and described; none was left out
    bool accounted = false; ///< what is unallocated and what namespaces have make up the total
    bool other_controllers = false; ///< the subsystem may have more of them, or more ports
    /// What a drive's own erasure does not reach, or may not: RPMB, boot partitions, host memory.
    std::vector<std::string> excluded = {};
    std::vector<std::string> notes = {}; ///< what could not be asked, or does not add up

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("namespaces", self.namespaces);
        visit("total_bytes", self.total_bytes);
        visit("unallocated_bytes", self.unallocated_bytes);
        visit("namespace_bytes", self.namespace_bytes);
        visit("complete", self.complete);
        visit("accounted", self.accounted);
        visit("other_controllers", self.other_controllers);
        visit("excluded", self.excluded);
        visit("notes", self.notes);
    }
};

/// Whether namespaces have all of the drive's memory: of what none has a Format reaches nothing.
[[nodiscard]] inline bool is_all_allocated(const NvmeScopeRecord& scope) {
    return scope.unallocated_bytes == "0";
}

/// The attached namespaces one behind the other, as one run of blocks.
struct JoinedNamespaces {
    std::uint64_t blocks = 0;
    std::uint32_t block_bytes = 0;
    std::vector<std::uint64_t> borders = {}; ///< where each but the first begins, in bytes
};

/// Nothing when there is none, or not all of them are described and have blocks of one size, or
/// they are larger than can be addressed in bytes.
[[nodiscard]] inline std::optional<JoinedNamespaces> joined(const NvmeScopeRecord& scope) {
    constexpr std::uint64_t most = std::uint64_t{1} << 53U; // what JSON keeps exactly
    JoinedNamespaces whole;
    for (const NvmeNamespaceRecord& each : scope.namespaces) {
        if (!each.attached) continue;
        if (!each.described || each.blocks == 0 || each.block_bytes == 0) return std::nullopt;
        if (whole.blocks == 0)
            whole.block_bytes = each.block_bytes;
        else
            whole.borders.push_back(whole.blocks * whole.block_bytes);
        if (each.block_bytes != whole.block_bytes ||
            each.blocks >= most / each.block_bytes - whole.blocks)
            return std::nullopt;
        whole.blocks += each.blocks;
    }
    if (whole.blocks == 0) return std::nullopt;
    return whole;
}

/// By the SMART / Health Information log. Counts beyond 2^64 are told as that, less one.
struct NvmeHealthRecord {
    std::uint32_t critical_warning = 0;
    std::uint32_t percentage_used = 0; ///< of what the maker expects; may pass 100
    std::uint32_t available_spare = 0; ///< in hundredths
    std::uint32_t spare_threshold = 0;
    std::uint64_t media_errors = 0;
    std::uint64_t power_on_hours = 0;
    std::uint64_t unsafe_shutdowns = 0;
    std::uint64_t bytes_written = 0; ///< by hosts, in 512 000 each
    std::string text = {};           ///< why nothing is known

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("critical_warning", self.critical_warning);
        visit("percentage_used", self.percentage_used);
        visit("available_spare", self.available_spare);
        visit("spare_threshold", self.spare_threshold);
        visit("media_errors", self.media_errors);
        visit("power_on_hours", self.power_on_hours);
        visit("unsafe_shutdowns", self.unsafe_shutdowns);
        visit("bytes_written", self.bytes_written);
        visit("text", self.text);
    }
};

/// Of erasing itself, as it stood when it was asked.
struct NvmeErasure {
    bool crypto_erase = false; ///< Sanitize
    bool block_erase = false;
    bool overwrite = false;
    bool verification = false;            ///< VERS
    bool no_deallocate_inhibited = false; ///< NDI
    std::uint32_t modifies_media = 0;     ///< NODMMAS: 0 not told, 1 no, 2 yes
    NvmeSanitizeState sanitize = NvmeSanitizeState::unknown;
    std::uint32_t sanitize_progress = 0; ///< of 65536, of one that is in progress
    /// It has failed, and nothing has ended that state: by SSI. Without VERS a drive does not tell
    /// (its SOS says "failed" until the next success), and is taken to be in it until a block of it
    /// could be read.
    bool in_failed_state = false;
    bool format = false; ///< Format NVM
    bool format_crypto = false;
    std::uint32_t format_attributes = 0; ///< FNA
    bool sid_blocked = false;            ///< TCG Block SID: why the drive may refuse all of that
    std::string text = {};               ///< what could not be asked

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("crypto_erase", self.crypto_erase);
        visit("block_erase", self.block_erase);
        visit("overwrite", self.overwrite);
        visit("verification", self.verification);
        visit("no_deallocate_inhibited", self.no_deallocate_inhibited);
        visit("modifies_media", self.modifies_media);
        visit("sanitize", self.sanitize);
        visit("sanitize_progress", self.sanitize_progress);
        visit("in_failed_state", self.in_failed_state);
        visit("format", self.format);
        visit("format_crypto", self.format_crypto);
        visit("format_attributes", self.format_attributes);
        visit("sid_blocked", self.sid_blocked);
        visit("text", self.text);
    }
};

/// Why no block of it can be read or written for now; nothing when they can.
[[nodiscard]] inline std::optional<std::string> why_without_blocks(const NvmeErasure& told) {
    if (told.sanitize == NvmeSanitizeState::in_progress) return "it is erasing itself";
    if (told.in_failed_state)
        return "it has failed to erase itself; quietus recover ends that state";
    return std::nullopt;
}

/// A block of it was read, which in the state of a failed operation is not to be had (NVM Express
/// Base 2.1, 8.1.24.3).
inline void note_read(NvmeErasure& told) {
    if (!told.verification) told.in_failed_state = false;
}

} // namespace quietus
