// What an ATA drive tells besides who it is: asked as a part of detection, and so without patience.
#pragma once

#include "quietus/core/result.hpp"
#include "quietus/drive/ata/facts.hpp"
#include "quietus/transport/scsi_port.hpp"

namespace quietus {

/// ata::ask_facts through a translator, of a drive whose IDENTIFY DEVICE has proved itself. Each
/// command has the time of every other one of identification, and after the first that stays
/// without an answer nothing more is sent: a bridge that chokes on one would on the next.
[[nodiscard]] Result<ata::Facts> ask_ata(ScsiPort& port);

} // namespace quietus
