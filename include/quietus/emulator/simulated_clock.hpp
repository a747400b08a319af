// SimulatedClock: time that passes only when somebody waits, so that hours of a dying drive take
// milliseconds.
#pragma once

#include "quietus/core/clock.hpp"

namespace quietus::emulator {

class SimulatedClock final : public Clock {
  public:
    explicit SimulatedClock(std::int64_t begin_utc = 1'767'225'600) : begin_utc_(begin_utc) {}
    [[nodiscard]] std::int64_t utc_seconds() override {
        return begin_utc_ + std::chrono::duration_cast<std::chrono::seconds>(now_).count();
    }
    [[nodiscard]] std::chrono::nanoseconds monotonic() override { return now_; }
    void sleep(std::chrono::nanoseconds duration) override { advance(duration); }
    void advance(std::chrono::nanoseconds by) { now_ += by; }

  private:
    std::int64_t begin_utc_; ///< by default 2026-01-01T00:00:00Z
    std::chrono::nanoseconds now_{};
};

} // namespace quietus::emulator
