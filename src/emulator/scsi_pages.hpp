// The pages in which an emulated SAS drive describes itself, as sg3_utils and smartmontools read
// them (see transport/scsi/pages.hpp).
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/emulator/scsi_traits.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace quietus::emulator {

/// What the pages tell of, as it is now.
struct ScsiSituation {
    const ScsiTraits& traits;
    std::string serial; ///< that answers now
    unsigned unit = 0;
    std::uint64_t shown_blocks = 0;
    std::uint64_t grown_defects = 0;
    std::uint64_t powered_minutes = 0;
};

[[nodiscard]] Bytes scsi_inquiry(const ScsiTraits& traits);
/// Pages 00h, 80h, 83h, 86h, 88h and B1h; nothing for others.
[[nodiscard]] std::optional<Bytes> scsi_vpd(const ScsiSituation& now, std::uint8_t page);
[[nodiscard]] Bytes scsi_capacity_10(const ScsiSituation& now);
[[nodiscard]] Bytes scsi_capacity_16(const ScsiSituation& now);
/// Page 15h; nothing for others.
[[nodiscard]] std::optional<Bytes> scsi_log(const ScsiSituation& now, std::uint8_t page);
/// The header of READ DEFECT DATA (12), of the grown list in bytes from index.
[[nodiscard]] Bytes scsi_defects(const ScsiSituation& now);
/// PERSISTENT RESERVE IN: keys and reservation.
[[nodiscard]] Bytes scsi_keys(const ScsiTraits& traits);
[[nodiscard]] Bytes scsi_reservation(const ScsiTraits& traits);
[[nodiscard]] Bytes scsi_luns(const ScsiTraits& traits);

/// A row of what it takes: opcode, service action where there is one, and its usage map.
struct ScsiUsage {
    std::uint8_t opcode = 0;
    std::optional<std::uint8_t> action = {};
    std::string map; ///< hexadecimal, of the whole CDB
};
[[nodiscard]] std::vector<ScsiUsage> scsi_usages(const ScsiTraits& traits);

} // namespace quietus::emulator
