// SanitizeLog: the Sanitize Status log, 81h (NVM Express Base 2.1, 5.1.12.1.33, figure 291).
//
// It tells of the most recent operation, whoever began it and however long ago. Which one that is,
// only the echo of its command says.
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/core/result.hpp"
#include "quietus/record/nvme_evidence.hpp"
#include "quietus/transport/nvme/commands.hpp"
#include "quietus/transport/nvme_port.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace quietus::nvme {

/// How long an operation takes, by the drive; absent: it does not say. 0: it is done when the
/// command is.
struct SanitizeTimes {
    std::optional<std::chrono::seconds> overwrite = std::nullopt; ///< of 16 passes
    std::optional<std::chrono::seconds> block_erase = std::nullopt;
    std::optional<std::chrono::seconds> crypto_erase = std::nullopt;
};

struct SanitizeLog {
    NvmeSanitizeState state = NvmeSanitizeState::unknown; ///< SOS
    std::uint16_t progress = 0xFFFF;     ///< SPROG, of 65536; FFFFh while nothing is processed
    std::uint8_t passes = 0;             ///< OPC
    bool data_erased = false;            ///< GDE: nothing was written since the last success
    bool verification_cancelled = false; ///< MVCNCLD
    std::uint32_t command = 0;           ///< SCDW10
    SanitizeTimes times = {};
    SanitizeTimes times_kept = {}; ///< with NDAS, where media are modified afterwards
    std::optional<std::chrono::seconds> deallocation = std::nullopt; ///< ETPVDS
    /// SSI: means nothing unless the controller has VERS.
    NvmeSanitizeStage stage = NvmeSanitizeStage::unknown;
    NvmeSanitizeStage failed_in = NvmeSanitizeStage::unknown;
};

/// Fault::drive when it is cut short, or has a state that no standard has.
[[nodiscard]] Result<SanitizeLog> parse_sanitize_log(ByteView data);

/// Whether an operation has failed and nothing has ended that state: by SSI with VERS. Without, it
/// may have been ended already.
[[nodiscard]] bool in_failed_state(const SanitizeLog& log, bool verification);

/// What the log announces for this; the longer of the two that may apply.
[[nodiscard]] std::optional<std::chrono::seconds>
announced(const SanitizeLog& log, SanitizeAction action, bool no_deallocate);

} // namespace quietus::nvme
