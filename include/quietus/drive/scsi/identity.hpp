// Who answers SCSI commands now, in the words of detection: for the moments before and after it is
// told to erase itself.
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/core/result.hpp"
#include "quietus/record/firmware_evidence.hpp"
#include "quietus/transport/scsi_port.hpp"

namespace quietus::scsi {

struct Identity {
    FirmwareIdentity who; ///< but for the digest
    Bytes told;           ///< what the digest is of: all that was answered, in the order below
};

/// INQUIRY, VPD pages 80h and 83h, READ CAPACITY (16). A drive that is busy with itself tells no
/// capacity: it is 0 then. The errors of the port; Fault::drive when INQUIRY is refused or no
/// answer, Fault::io when it has no serial number.
[[nodiscard]] Result<Identity> identify(ScsiPort& port);

} // namespace quietus::scsi
