// Health: what a drive's SMART data says of blocks that were remapped.
//
// Such a block may hold data that no address leads to any more. READ DATA is 512 octets: from octet
// 2 on thirty attributes of twelve octets each (number, flags, values, and six octets of raw value
// from the sixth on), and a sum in the last. The standard leaves the attributes to the makers;
// these three are the same with all whose manuals were looked at (Hitachi Deskstar 7K500, 12.42;
// IBM Deskstar 60GXP, 15.32; Transcend SSD370, SMART attributes).
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/record/firmware_evidence.hpp"
#include "quietus/transport/ata/identify_words.hpp"
#include "quietus/transport/ata_port.hpp"

namespace quietus::ata {

/// Fault::drive when it does not prove itself by its sum.
[[nodiscard]] Result<HealthRecord> decode_smart_data(ByteView data);

/// Asks the drive; why not, in the record's text.
[[nodiscard]] HealthRecord read_health(AtaPort& port, const IdentifyWords& words);

} // namespace quietus::ata
