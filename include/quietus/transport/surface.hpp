// Surface: the addressable space of an open drive while a step works on it.
#pragma once

#include "quietus/core/step_watch.hpp"
#include "quietus/record/erasure_record.hpp"
#include "quietus/transport/block_port.hpp"
#include "quietus/transport/sweep.hpp"

#include <string>

namespace quietus {

/// None of it is owned; all of it outlives the step.
struct Surface {
    BlockPort& port;
    PortState at_open; ///< what the descriptor referred to when it was opened and checked
    StepWatch& watch;
};

/// Why a step ended before its end; `none` when it did not.
struct Stop {
    StopReason reason = StopReason::none;
    std::string text;
};

/// A task over a surface: counts what is behind it, and stops on request or when the drive is gone.
class SurfaceTask : public SweepTask {
  public:
    explicit SurfaceTask(Surface& surface) : surface_(surface) {}

    [[nodiscard]] bool keep_going() final;
    void finished(const Completion& completion, std::span<const std::uint8_t> data) final;

    /// Runs this task; afterwards says why it stopped early, if it did.
    [[nodiscard]] Stop run(Direction direction);

  protected:
    /// A transfer that moved everything.
    virtual void succeeded(Extent extent, std::span<const std::uint8_t> data) = 0;
    /// A transfer that failed on a drive that is still there.
    virtual void failed(Extent extent) = 0;

  private:
    Surface& surface_;
    Stop stop_;
    std::uint64_t bytes_done_ = 0;
};

} // namespace quietus
