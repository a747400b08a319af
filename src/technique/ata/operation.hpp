// Operation: what the records of all operations of a drive's own firmware have in common: the first
// outcome stands, and each record ends with the time that was taken.
#pragma once

#include "quietus/core/clock.hpp"
#include "quietus/technique/firmware_watch.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace quietus::ata {

template <typename Record>
class Operation {
  protected:
    Operation(const FirmwareDesk& desk, Record& record)
        : desk_(desk), record_(record), started_(desk.clock.monotonic()) {}

    [[nodiscard]] std::chrono::nanoseconds since(std::chrono::nanoseconds moment) const {
        return desk_.clock.monotonic() - moment;
    }

    /// False, to be returned where nothing may go on.
    bool refuse(const std::string& why) {
        settle(FirmwareOutcome::refused, why);
        return false;
    }

    void settle(FirmwareOutcome outcome, const std::string& text) {
        if (record_.outcome != FirmwareOutcome::not_started) return;
        record_.outcome = outcome;
        record_.text = text;
    }

    void begin_record() { record_.timing.started_at = to_rfc3339(desk_.clock.utc_seconds()); }

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

    const FirmwareDesk& desk_;
    Record& record_;
    std::chrono::nanoseconds started_;
};

} // namespace quietus::ata
