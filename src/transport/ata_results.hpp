// The registers of an ATA command that did not come back whole with its answer, asked for again.
//
// Fixed sense data has no room for COUNT bits 15:8, in which a sanitize tells how it ended. SAT-4
// has two ways to get them: the log page ATA PASS-THROUGH Results (16h), and protocol 15, return
// response information. Published code disagrees about both: whether a parameter of the log has a
// header of its own, whether parameters count from 0, whether the response comes as data or as
// sense. So each form is understood, and none is believed that contradicts what had come back.
#pragma once

#include "quietus/transport/ata_port.hpp"
#include "quietus/transport/scsi_port.hpp"

#include <optional>

namespace quietus {

/// The descriptor ATA Status Return (14 octets, from its code on). Nothing when it is none.
[[nodiscard]] std::optional<AtaRegisters> registers_in_descriptor(ByteView descriptor);

struct AskedTranslator {
    ScsiPort& scsi;
    bool twelve = false; ///< it knows ATA PASS-THROUGH (12) alone
};

/// Of the command that has just ended. `partly`: what came with its sense data, if anything did.
[[nodiscard]] std::optional<AtaRegisters> ask_again(const AskedTranslator& asked, ByteView sense,
                                                    const std::optional<AtaRegisters>& partly);

} // namespace quietus
