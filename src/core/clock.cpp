#include "quietus/core/clock.hpp"

#include <array>
#include <cstdio>
#include <ctime>
#include <thread>

namespace quietus {

void Clock::sleep(std::chrono::nanoseconds duration) {
    std::this_thread::sleep_for(duration);
}

std::int64_t SystemClock::utc_seconds() {
    return std::chrono::duration_cast<std::chrono::seconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

std::chrono::nanoseconds SystemClock::monotonic() {
    timespec now{};
    clock_gettime(CLOCK_BOOTTIME, &now);
    return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

std::string to_rfc3339(std::int64_t utc_seconds) {
    const auto seconds = static_cast<std::time_t>(utc_seconds);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::array<char, 48> text{};
    const auto length = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
    return {text.data(), length};
}

Result<std::int64_t> from_rfc3339(std::string_view text) {
    const Error wrong{Fault::invalid, "not a time of the form YYYY-MM-DDThh:mm:ssZ"};
    if (text.size() != 20) return wrong;
    std::tm parts{};
    const std::string copy(text);
    const char* end = strptime(copy.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts);
    if (end == nullptr || *end != '\0') return wrong;
    const std::int64_t seconds = timegm(&parts);
    if (to_rfc3339(seconds) != text) return wrong; // 31 February, leap second 60, padding by spaces
    return seconds;
}

} // namespace quietus
