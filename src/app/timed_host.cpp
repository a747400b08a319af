#include "quietus/app/timed_host.hpp"

#include "quietus/core/version.hpp"

#include <algorithm>

namespace quietus {
namespace {

/// By which a clock may be set back while a run is on: whoever keeps it right does that now and
/// then.
constexpr std::int64_t clock_step = 60;

void add(Drive& drive, const std::vector<Guard>& guards) {
    const auto place =
        std::ranges::upper_bound(drive.guards, Interlock::clock, {}, &Guard::interlock);
    drive.guards.insert(place, guards.begin(), guards.end());
}

} // namespace

std::string clock_release() {
    return "date --utc --set='YYYY-MM-DD hh:mm:ss'";
}

TimedHost::TimedHost(Host& machine, Clock& clock, Register& log)
    : machine_(machine), clock_(clock), log_(log), began_at_(clock.utc_seconds()),
      began_(clock.monotonic()) {}

std::int64_t TimedHost::expected() const {
    const auto taken =
        std::chrono::duration_cast<std::chrono::seconds>(clock_.monotonic() - began_).count();
    return began_at_ + std::max(taken - clock_step, std::int64_t{0});
}

std::vector<Guard> TimedHost::clock_guards() {
    const std::int64_t now = clock_.utc_seconds();
    const std::string says = "the clock says " + to_rfc3339(now);
    std::vector<Guard> guards;
    const auto compare = [&](std::int64_t past, const std::string& what) {
        if (now < past)
            guards.push_back({Interlock::clock, says + ", earlier than " + what, clock_release()});
    };
    compare(source_seconds(), "this program was built, " + to_rfc3339(source_seconds()));
    if (const auto logged = log_.latest_time(); logged && *logged)
        compare(**logged, "the last entry of the log, " + to_rfc3339(**logged));
    compare(expected(),
            "this run has come to, which began at " + to_rfc3339(began_at_) + ": it was set back");
    return guards;
}

Result<std::vector<Drive>> TimedHost::guarded(Result<std::vector<Drive>> drives) {
    if (!drives) return drives;
    const auto guards = clock_guards();
    for (Drive& drive : *drives)
        add(drive, guards);
    return drives;
}

Result<std::vector<Drive>> TimedHost::detect(const DetectRequest& request) {
    return guarded(machine_.detect(request));
}

Result<std::vector<Drive>> TimedHost::detect_held(const std::vector<HeldDrive>& drives,
                                                  const DetectRequest& request) {
    return guarded(machine_.detect_held(drives, request));
}

Result<Drive> TimedHost::image(const std::string& path, const DetectRequest& request) {
    auto drive = machine_.image(path, request);
    if (drive) add(*drive, clock_guards());
    return drive;
}

} // namespace quietus
