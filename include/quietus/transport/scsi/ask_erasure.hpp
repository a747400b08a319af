// Whether and how a SCSI drive erases itself, by its own word, asked without changing anything.
#pragma once

#include "quietus/core/result.hpp"
#include "quietus/record/scsi_evidence.hpp"
#include "quietus/transport/scsi_port.hpp"

#include <cstdint>

namespace quietus::scsi {

/// What may be asked where a drive does not report which commands it supports.
enum class Probing : std::uint8_t {
    never,
    /// EXIT FAILURE MODE, sent to a unit that says it is idle: without effect there, and refused
    /// in another way by a drive that does not know SANITIZE (so sg_sanitize recommends it).
    while_idle,
};

/// REQUEST SENSE, REPORT SUPPORTED OPERATION CODES, VPD page B1h. The errors of the first; what
/// else is not answered is not known.
[[nodiscard]] Result<ScsiErasure> ask_erasure(ScsiPort& port, Probing probing);

/// The reply to a question, behind unit attentions, each of which is told once. The port's errors.
[[nodiscard]] Result<ScsiReply> ask_past_attentions(ScsiPort& port, const ScsiCommand& command);

} // namespace quietus::scsi
