// Why an NVMe drive has refused to erase itself, as far as it can be found out without a change.
#pragma once

#include "quietus/transport/nvme_port.hpp"

#include <cstdint>
#include <string>

namespace quietus::nvme {

/// The status in words. Where it may be the firmware of the computer that has forbidden the command
/// the drive is asked for that (TCG Block SID), and the advice says what ends it; where a field is
/// wrong the error log is asked which. Of a drive that supports the command: one that does not know
/// it is asked no further.
[[nodiscard]] std::string refusal_of(NvmePort& port, std::uint16_t code);

} // namespace quietus::nvme
