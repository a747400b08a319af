// Clock: the door to time. Durations come from the monotonic clock, timestamps from the wall clock.
#pragma once

#include "quietus/core/result.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace quietus {

class Clock {
  public:
    virtual ~Clock() = default;
    /// Seconds since 1970-01-01T00:00:00Z; may jump.
    [[nodiscard]] virtual std::int64_t utc_seconds() = 0;
    /// Never goes back, and counts while the machine sleeps.
    [[nodiscard]] virtual std::chrono::nanoseconds monotonic() = 0;
    /// Returns when that much has passed; by default it really has.
    virtual void sleep(std::chrono::nanoseconds duration);
};

class SystemClock final : public Clock {
  public:
    std::int64_t utc_seconds() override;
    std::chrono::nanoseconds monotonic() override;
};

/// `2026-11-22T03:04:05Z` (RFC 3339, UTC, whole seconds).
[[nodiscard]] std::string to_rfc3339(std::int64_t utc_seconds);
/// Exactly that form and a real date, else Fault::invalid.
[[nodiscard]] Result<std::int64_t> from_rfc3339(std::string_view text);

} // namespace quietus
