// AtaSanitize: the states of the Sanitize Device feature set of an emulated drive.
//
// ACS-4 clause 4.17 (number from memory); states, aborts and reasons as WD has them in the manuals
// of Ultrastar DC HC310 (clauses 9.20 and 11.37) and HC580 (10.20 and 12.38). A frozen drive is
// thawed by a power-on reset alone: T13/e09134r1 took the hardware reset out, which those manuals
// still have.
#pragma once

#include "quietus/emulator/ata_memory.hpp"

#include <array>
#include <cstdint>

namespace quietus::emulator {

enum class SanitizeState : std::uint8_t {
    sd0_idle,
    sd1_frozen,
    sd2_in_progress,
    sd3_failed_restricted,   ///< of an operation with FAILURE MODE 0
    sd3_failed_unrestricted, ///< with FAILURE MODE 1
    sd4_succeeded,
};

enum class SanitizeCommand : std::uint8_t {
    status,       ///< SANITIZE STATUS EXT
    status_clear, ///< with CLEAR SANITIZE OPERATION FAILED
    restricted,   ///< an operation with FAILURE MODE 0
    unrestricted, ///< an operation with FAILURE MODE 1
    freeze_lock,
    antifreeze_lock,
};

/// SANITIZE DEVICE ERROR REASON, in LBA 7:0 of a command that was aborted.
enum class SanitizeReason : std::uint8_t {
    none = 0,
    unsuccessful = 1,
    unsupported = 2,
    frozen = 3,
    antifreeze = 4,
};

struct SanitizeAnswer {
    bool aborted = false;
    SanitizeReason reason = SanitizeReason::none;
    SanitizeState next = SanitizeState::sd0_idle; ///< of an aborted command: as it was
};

using SanitizeRow = std::array<SanitizeAnswer, 6>;
[[nodiscard]] const std::array<SanitizeRow, 6>& sanitize_table();

class AtaSanitize {
  public:
    /// What the table says, and for FREEZE LOCK that ANTIFREEZE LOCK came before; the state is then
    /// that of the answer.
    SanitizeAnswer perform(SanitizeCommand command);
    void ended(bool well);
    void power_on();

    [[nodiscard]] SanitizeState state() const { return state_; }
    [[nodiscard]] bool is_in_progress() const { return state_ == SanitizeState::sd2_in_progress; }
    [[nodiscard]] bool has_failed() const;
    /// COUNT 15:12 of a command that succeeded.
    [[nodiscard]] std::uint16_t count() const;
    /// As though an operation of long ago had ended well.
    void set_completed() { completed_ = true; }
    void remember(AtaMemory& memory) const;
    void recall(const AtaMemory& memory);

  private:
    SanitizeState state_ = SanitizeState::sd0_idle;
    bool unrestricted_ = false; ///< the last operation was
    bool completed_ = false;    ///< kept over power-on resets (WD HC310 11.37.1)
    bool antifreeze_ = false;
};

} // namespace quietus::emulator
