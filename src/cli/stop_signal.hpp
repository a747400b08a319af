// Stop signals: SIGINT and SIGTERM ask for an orderly end, the second of them for one at once,
// SIGUSR1 for a line of progress. SIGPIPE is ignored: a reader of the events that goes away stops
// no erase.
#pragma once

namespace quietus::cli {

/// Installs the handlers for as long as it lives; one at a time.
class StopSignals {
  public:
    StopSignals();
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;
    ~StopSignals();

    [[nodiscard]] static bool stop_requested();
    /// Whether it was asked for twice.
    [[nodiscard]] static bool leave_requested();
    /// True once for each SIGUSR1 or burst of them.
    [[nodiscard]] static bool take_line_request();
};

} // namespace quietus::cli
