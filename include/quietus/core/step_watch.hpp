// StepWatch: the door through which a long step says how far it is and asks whether to go on.
#pragma once

#include <chrono>
#include <cstdint>

namespace quietus {

class StepWatch {
  public:
    virtual ~StepWatch() = default;
    /// Bytes of this step that are behind us, failed ones included. Called often; must be cheap.
    virtual void moved(std::uint64_t bytes_done) = 0;
    /// The drive has not answered for so long; told again each time that as much has passed.
    virtual void stalled(std::chrono::seconds /*silent_for*/) {}
    /// Once true it stays true; the step then ends as soon as what is in flight has come back.
    [[nodiscard]] virtual bool stop_requested() = 0;
    /// While it is true nothing new is begun.
    [[nodiscard]] virtual bool pause_requested() { return false; }
};

} // namespace quietus
