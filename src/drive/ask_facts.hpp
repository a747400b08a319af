// What a drive tells besides who it is: asked as a part of detection, and so without patience.
//
// Each command has the time of every other one of identification, and after the first that stays
// without an answer nothing more is sent: who chokes on one would on the next.
#pragma once

#include "quietus/core/result.hpp"
#include "quietus/drive/ata/facts.hpp"
#include "quietus/drive/nvme/facts.hpp"
#include "quietus/drive/scsi/facts.hpp"
#include "quietus/transport/nvme_port.hpp"
#include "quietus/transport/scsi_port.hpp"

namespace quietus {

/// ata::ask_facts through a translator, of a drive whose IDENTIFY DEVICE has proved itself.
[[nodiscard]] Result<ata::Facts> ask_ata_facts(ScsiPort& port);
[[nodiscard]] Result<scsi::Facts> ask_scsi_facts(ScsiPort& port);
[[nodiscard]] Result<nvme::Facts> ask_nvme_facts(NvmePort& port);

} // namespace quietus
