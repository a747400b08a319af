// Pace: how fast a step is, and how long it will take.
#pragma once

#include "quietus/app/dispose.hpp"
#include "quietus/core/clock.hpp"

#include <chrono>
#include <cstdint>

namespace quietus::cli {

/// Bytes a second and seconds left of one step, from the monotonic clock.
class Pace {
  public:
    explicit Pace(Clock& clock) : clock_(clock) {}
    void restart();
    /// Whether at least `interval` has passed since this last said so.
    [[nodiscard]] bool due(std::chrono::milliseconds interval);
    [[nodiscard]] std::uint64_t bytes_per_second(std::uint64_t bytes_done) const;
    [[nodiscard]] std::uint64_t eta_seconds(const Progress& progress) const;

  private:
    Clock& clock_;
    std::chrono::nanoseconds start_{};
    std::chrono::nanoseconds last_{};
};

} // namespace quietus::cli
