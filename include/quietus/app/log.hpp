// Log: lines for whoever looks after the station. Evidence is elsewhere; nothing depends on these.
//
// Each goes to a file (--log), to stderr (--verbose) and to the system journal, where its parts are
// fields: QUIETUS_EVENT, QUIETUS_JOB, QUIETUS_DRIVE, QUIETUS_SERIAL.
#pragma once

#include "quietus/core/result.hpp"

#include <optional>
#include <string>

namespace quietus {

/// Where lines go.
struct LogPlaces {
    std::optional<std::string> file = {};
    bool to_stderr = false;
    std::string system_journal = {}; ///< its socket; empty: not there
    std::string program = "quietus"; ///< by which the journal knows us
};

inline constexpr const char* system_journal_socket = "/run/systemd/journal/socket";

/// Whether standard error leads to the system journal already, as it does in a service.
[[nodiscard]] bool stderr_is_system_journal();

/// From now on. Fault::usage when the file cannot be opened, or is no regular file (a symlink and a
/// drive included); Fault::io when there is no system journal.
[[nodiscard]] Status open_log(const LogPlaces& places);

enum class LogLevel : std::uint8_t { info, warning };

/// What happened, and to what; empty where there is nothing to say. Texts may come from a drive:
/// they are escaped here.
struct LogEvent {
    std::string event; ///< one word: "committed"
    std::string text = {};
    std::string job = {};
    std::string drive = {}; ///< its node
    std::string serial = {};
};

/// A line `committed job=QTS-BENCH7-00000042 drive=/dev/sdb serial="S 1": text`.
void log_event(LogLevel level, const LogEvent& event);
/// Without an event.
void log_warning(const std::string& text);

} // namespace quietus
