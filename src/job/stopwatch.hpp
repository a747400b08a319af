// Stopwatch: when something ran, by both clocks.
#pragma once

#include "quietus/core/clock.hpp"
#include "quietus/record/step_record.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace quietus {

class Stopwatch {
  public:
    explicit Stopwatch(Clock& clock)
        : clock_(clock), started_at_(to_rfc3339(clock.utc_seconds())), start_(clock.monotonic()) {}
    [[nodiscard]] Timing stop() {
        const auto taken =
            std::chrono::duration_cast<std::chrono::milliseconds>(clock_.monotonic() - start_);
        return {started_at_, to_rfc3339(clock_.utc_seconds()),
                static_cast<std::uint64_t>(taken.count())};
    }

  private:
    Clock& clock_;
    std::string started_at_;
    std::chrono::nanoseconds start_;
};

} // namespace quietus
