#include "stop_codes.hpp"

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

} // namespace quietus
