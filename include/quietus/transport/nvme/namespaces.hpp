// Namespaces: which there are, and how each is formatted (NVM Express Base 2.1, 5.1.13; NVM Command
// Set 1.0, figure 97).
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/core/result.hpp"
#include "quietus/transport/nvme/capacity.hpp"
#include "quietus/transport/nvme/commands.hpp"
#include "quietus/transport/nvme_port.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace quietus::nvme {

/// A list of namespaces has so many at most; a full one is continued.
inline constexpr std::size_t list_entries = 1024;
/// More are not listed: a drive could go on for ever.
inline constexpr std::size_t most_listed = 4 * list_entries;

/// Identify Namespace.
struct NamespaceFormat {
    std::uint64_t blocks = 0;          ///< NSZE
    std::uint64_t capacity_blocks = 0; ///< NCAP: so many may be in use
    std::uint32_t block_bytes = 512;
    Capacity capacity = {};       ///< NVMCAP, what it takes of the drive; 0: not told
    FormatSettings settings = {}; ///< that Format NVM has to be told to keep it as it is
    std::uint16_t formats = 1;    ///< that there are
    std::uint16_t metadata_bytes = 0;
    bool shared = false;          ///< NMIC
    bool write_protected = false; ///< NSATTR bit 0
    std::uint8_t deallocated = 0; ///< DLFEAT 2:0, what such blocks return: 1 zeros, 2 ones
    /// FPI: percent that a format has still to do; absent: not told.
    std::optional<std::uint8_t> remaining = std::nullopt;

    /// Bytes of its blocks, without metadata.
    [[nodiscard]] Capacity size() const;
};

/// Absent: a namespace that is not there, which a drive says by zeros throughout. Fault::drive when
/// it is cut short or makes no sense.
[[nodiscard]] Result<std::optional<NamespaceFormat>> parse_namespace_format(ByteView data);

/// CNS 02h and 10h. Fault::drive also when identifiers do not ascend: a list that could go on for
/// ever, or name something twice.
[[nodiscard]] Result<std::vector<std::uint32_t>> parse_list(ByteView data, std::uint32_t after);

/// Ask the drive now; the errors of fetch() too. `what` is one of the two lists, or of the two
/// structures of a namespace.
[[nodiscard]] Result<std::vector<std::uint32_t>> read_list(NvmePort& port, Structure what);
[[nodiscard]] Result<std::optional<NamespaceFormat>> read_namespace(NvmePort& port, Structure what,
                                                                    std::uint32_t nsid);

} // namespace quietus::nvme
