#include "stop_codes.hpp"

#include "quietus/core/bytes.hpp"

#include <string>

namespace quietus {

std::string_view code_of(StopReason reason) {
    switch (reason) {
    case StopReason::none:
        break;
    case StopReason::interrupted:
        return "interrupted";
    case StopReason::drive_vanished:
        return "drive-vanished";
    case StopReason::drive_changed:
        return "drive-changed";
    case StopReason::io:
        return "io-error";
    case StopReason::probe:
        return "probe-stopped";
    case StopReason::stalled:
        return "drive-stalled";
    case StopReason::too_slow:
        return "drive-too-slow";
    case StopReason::worker_lost:
        return "worker-lost";
    }
    return "";
}

std::optional<Finding> stop_finding(const Evidence& evidence) {
    if (evidence.stopped == StopReason::none) return std::nullopt;
    return Finding{std::string(code_of(evidence.stopped)),
                   evidence.stop_text.empty() ? "stopped before the end of the plan"
                                              : escaped(evidence.stop_text),
                   {},
                   {}};
}

bool has_ended_early(const Evidence& evidence) {
    return evidence.stopped == StopReason::interrupted ||
           evidence.stopped == StopReason::worker_lost;
}

} // namespace quietus
