// The self-test of the way to a drive: whether registers come through as they were sent.
//
// There are adapters that leave out the count of commands without data. Through one of these a
// sanitize of one pass becomes one of sixteen, and its failure a success. So before anything that
// cannot be undone NOP, which every drive aborts without touching a register, is sent with several
// patterns, and CHECK POWER MODE and SMART RETURN STATUS, whose answers are known.
//
// Behind Linux the address of an aborted command does not come back, or in an order on which
// translators disagree (fixed sense data). Then that of SMART RETURN STATUS must prove the order.
#pragma once

#include "quietus/record/firmware_evidence.hpp"
#include "quietus/transport/ata/identify_words.hpp"
#include "quietus/transport/ata_port.hpp"

namespace quietus::ata {

/// Nothing of it changes the drive.
[[nodiscard]] PassThroughRecord test_pass_through(AtaPort& port, const IdentifyWords& words);

} // namespace quietus::ata
