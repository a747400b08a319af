// Where a drive is plugged in, in words: "0000:00:17.0 ata1", "usb 1-2.1 LUN 1".
#pragma once

#include "attachment.hpp"

#include <string>

namespace quietus {

/// By topology alone, so it stays the same for the same socket; empty when there is none. `found`
/// needs all but its port.
[[nodiscard]] std::string port_text(const BlockDevice& device, const Attachment& found);

} // namespace quietus
