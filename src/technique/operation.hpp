// Operation: what all operations of a drive's own firmware have in common, whichever language it is
// told in: the first outcome stands, what is known is kept before anything goes on, each record
// ends with the time that was taken, and a drive is waited for alike.
#pragma once

#include "quietus/core/clock.hpp"
#include "quietus/core/result.hpp"
#include "quietus/record/firmware_evidence.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>

namespace quietus {

/// `Desk` has a clock and a watch that takes `Record`s.
template <typename Desk, typename Record>
class FirmwareOperation {
  protected:
    FirmwareOperation(const Desk& desk, Record& record)
        : desk_(desk), record_(record), started_(desk.clock.monotonic()) {}

    [[nodiscard]] std::chrono::nanoseconds since(std::chrono::nanoseconds moment) const {
        return desk_.clock.monotonic() - moment;
    }

    [[nodiscard]] bool is_settled() const {
        return record_.outcome != FirmwareOutcome::not_started;
    }

    /// False, to be returned where nothing may go on.
    bool refuse(const std::string& why) {
        settle(FirmwareOutcome::refused, why);
        return false;
    }

    void settle(FirmwareOutcome outcome, const std::string& text) {
        if (is_settled()) return;
        record_.outcome = outcome;
        record_.text = text;
    }

    void begin_record() { record_.timing.started_at = to_rfc3339(desk_.clock.utc_seconds()); }

    /// Where it cannot be kept nothing is begun, and what was begun is let go of.
    template <typename Phase>
    bool keep(Phase phase) {
        record_.phase = phase;
        const Status status = desk_.watch.reached(record_);
        if (status) return true;
        const bool begun = phase != Phase::starting;
        settle(begun ? FirmwareOutcome::under_way : FirmwareOutcome::refused,
               status.error().message);
        return false;
    }

    template <typename Phase>
    void finish(Phase phase) {
        using std::chrono::milliseconds;
        const auto taken = std::chrono::duration_cast<milliseconds>(since(started_));
        record_.phase = phase;
        record_.timing.ended_at = to_rfc3339(desk_.clock.utc_seconds());
        record_.timing.milliseconds += static_cast<std::uint64_t>(taken.count());
        // How it ended is known to the caller whether or not this can be kept.
        static_cast<void>(desk_.watch.reached(record_));
    }

    const Desk& desk_;
    Record& record_;
    std::chrono::nanoseconds started_;
};

/// Between two questions: often at first, since some are done in a second.
[[nodiscard]] inline std::chrono::seconds pause_after(unsigned asked) {
    if (asked < 10) return std::chrono::seconds(1);
    return std::chrono::seconds(asked < 22 ? 5 : 30);
}

/// Of a question to a drive that was silent so often: the end of a timeout is a reset.
[[nodiscard]] inline std::chrono::milliseconds timeout_after(std::chrono::milliseconds timeout,
                                                             unsigned silent) {
    constexpr std::chrono::milliseconds longest = std::chrono::hours(1);
    return std::min(longest, timeout * (1U << std::min(silent, 6U)));
}

/// Longer than anybody waits, and short enough to be counted in nanoseconds.
inline constexpr std::chrono::seconds longest_operation{std::int64_t{86400} * 365 * 10};

/// Of all of a drive, at 30 MB/s.
[[nodiscard]] inline std::chrono::seconds expected_time(std::uint64_t size_bytes,
                                                        std::uint64_t passes) {
    constexpr std::uint64_t slow_rate = 30'000'000;
    const auto most = static_cast<std::uint64_t>(longest_operation.count());
    return std::chrono::seconds(std::min(size_bytes / slow_rate * passes, most));
}

} // namespace quietus
