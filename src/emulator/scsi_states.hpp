// ScsiStates: what SANITIZE and FORMAT UNIT make of a logical unit, state by state.
//
// By the SCSI Commands Reference Manual of Seagate (SANITIZE, FORMAT UNIT) and the man page of
// sg_sanitize. From memory of SBC-4: that a failed restricted operation bars AUSE, and that a unit
// whose format is corrupt takes SANITIZE.
#pragma once

#include "sat_sense.hpp"

#include "quietus/emulator/scsi_memory.hpp"

#include <array>
#include <cstdint>

namespace quietus::emulator {

enum class ScsiState : std::uint8_t {
    idle,
    sanitizing,
    sanitize_failed_restricted,   ///< of an operation with AUSE 0
    sanitize_failed_unrestricted, ///< with AUSE 1
    formatting,
    format_failed,
    format_corrupt, ///< the power went while it was formatted
};

enum class ScsiEvent : std::uint8_t {
    sanitize_restricted,
    sanitize_unrestricted,
    exit_failure,
    format,
    access, ///< whatever needs the medium
    power_on,
};

struct ScsiAnswer {
    SenseCode sense = {}; ///< all 0: GOOD
    ScsiState next = ScsiState::idle;
    [[nodiscard]] bool is_good() const { return sense.key == 0; }
};

using ScsiRow = std::array<ScsiAnswer, 6>;
[[nodiscard]] const std::array<ScsiRow, 7>& scsi_table();

class ScsiStates {
  public:
    /// What the table says; the state is then that of the answer.
    ScsiAnswer perform(ScsiEvent event);
    /// The operation that was under way.
    void ended(bool well);
    void forget_failure() { state_ = ScsiState::idle; }
    void remember(ScsiUnitMemory& memory) const;
    void recall(const ScsiUnitMemory& memory);

    [[nodiscard]] ScsiState state() const { return state_; }
    [[nodiscard]] bool is_under_way() const {
        return state_ == ScsiState::sanitizing || state_ == ScsiState::formatting;
    }
    [[nodiscard]] bool has_failed() const { return state_ != ScsiState::idle && !is_under_way(); }
    /// What REQUEST SENSE tells.
    [[nodiscard]] SenseCode sense() const;

  private:
    ScsiState state_ = ScsiState::idle;
    bool unrestricted_ = false; ///< the last sanitize operation was
};

} // namespace quietus::emulator
