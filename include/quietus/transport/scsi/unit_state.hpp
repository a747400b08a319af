// UnitState: how a logical unit is, by its answer to REQUEST SENSE.
//
// An operation that a unit works on, or that has failed, is told there and nowhere else (Seagate
// SCSI Commands Reference, REQUEST SENSE and SANITIZE; the list of additional sense codes of T10).
// What is no sense data says nothing: an empty answer is not taken for an idle drive.
#pragma once

#include "quietus/core/result.hpp"
#include "quietus/record/scsi_evidence.hpp"
#include "quietus/transport/scsi_port.hpp"
#include "quietus/transport/sense.hpp"

#include <cstdint>
#include <optional>

namespace quietus::scsi {

struct UnitState {
    ScsiCondition condition = ScsiCondition::unknown;
    std::optional<std::uint16_t> progress; ///< of 65536
    Sense sense;
    Bytes octets; ///< the sense data as it came
    /// `attention`: of a reset or of power, 6/29h.
    [[nodiscard]] bool was_reset() const { return sense.asc == 0x29; }
};

/// PROGRESS INDICATION in either format; nothing where SKSV is 0 or the octets are missing.
[[nodiscard]] std::optional<std::uint16_t> sense_progress(ByteView sense);

/// Fault::drive when it cannot be decoded.
[[nodiscard]] Result<UnitState> decode_unit_state(ByteView sense);

/// The same of a reply to REQUEST SENSE. CHECK CONDITION is no answer of a unit that is idle.
[[nodiscard]] Result<UnitState> decode_unit_state(const ScsiReply& reply);

/// Asks the drive now. Up to `attentions_most` unit attentions are passed over: each is told once.
[[nodiscard]] Result<UnitState> ask_unit_state(ScsiPort& port);
inline constexpr unsigned attentions_most = 8;

/// "5/24h/00h", "status 18h": why a command did not end well.
[[nodiscard]] std::string refusal_text(const ScsiReply& reply);

} // namespace quietus::scsi
