// The logs by which an NVMe drive tells how it fares and what it has refused (NVM Express Base 2.1,
// figures 205 and 206).
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/core/result.hpp"
#include "quietus/record/nvme_evidence.hpp"
#include "quietus/transport/nvme_port.hpp"

#include <cstdint>
#include <optional>

namespace quietus::nvme {

/// SMART / Health Information, 02h. Fault::drive when it is cut short.
[[nodiscard]] Result<NvmeHealthRecord> parse_health_log(ByteView data);

/// One entry of the Error Information log, 01h.
struct ErrorEntry {
    std::uint64_t count = 0;  ///< counts up over the life of the drive; 0: the entry is not used
    std::uint16_t status = 0; ///< as NvmeReply has it: without the phase bit
    /// Where in the command the fault lies: its octet and, in that, the bit.
    std::uint8_t octet = 0;
    std::uint8_t bit = 0;
    bool located = false; ///< these two are told
    std::uint32_t nsid = 0;
};
/// The latest entry; nothing when there is none. Fault::drive when it is cut short.
[[nodiscard]] Result<std::optional<ErrorEntry>> parse_error_log(ByteView data);

} // namespace quietus::nvme
