// StepProgress: turns the bytes of one step into the progress of a job.
#pragma once

#include "quietus/core/clock.hpp"
#include "quietus/core/step_watch.hpp"
#include "quietus/job/carry_out.hpp"
#include "quietus/record/plan.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace quietus {

class StepProgress final : public StepWatch {
  public:
    /// Tells that the step has started; `watch` must outlive it. What the progress has done already
    /// was done before.
    StepProgress(JobWatch& watch, Progress progress)
        : watch_(watch), progress_(progress), before_(progress.bytes_done) {
        watch_.step_started(progress_);
    }
    void moved(std::uint64_t bytes_done) override {
        progress_.bytes_done = before_ + bytes_done;
        watch_.progressed(progress_);
    }
    void stalled(std::chrono::seconds silent_for) override {
        watch_.stalled(progress_, silent_for);
    }
    bool stop_requested() override { return watch_.stop_requested(); }
    bool pause_requested() override { return watch_.pause_requested(); }
    void finish() { watch_.step_finished(progress_); }

  private:
    JobWatch& watch_;
    Progress progress_;
    std::uint64_t before_;
};

/// Of so many bytes, by a drive's own word of how far it is, of 65536.
[[nodiscard]] constexpr std::uint64_t bytes_behind(std::uint64_t bytes, std::uint32_t done) {
    constexpr std::uint64_t parts = 65536;
    return bytes / parts * done + bytes % parts * done / parts;
}

/// About how much a read-back of a drive of that size reads.
[[nodiscard]] inline std::uint64_t bytes_to_read(std::uint64_t size, const Verification& asked) {
    return asked.mode == VerificationMode::sample ? size / 100 * asked.percent : size;
}

/// Sleeps that long, in pieces: who waits for hours is to be stopped at once.
template <typename StopRequested>
void wait_unless(const StopRequested& stop_requested, Clock& clock,
                 std::chrono::milliseconds at_most) {
    constexpr std::chrono::milliseconds piece{100};
    const auto until = clock.monotonic() + at_most;
    while (!stop_requested() && clock.monotonic() < until)
        clock.sleep(std::min(at_most, piece));
}

} // namespace quietus
