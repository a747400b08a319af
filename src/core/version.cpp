#include "quietus/core/version.hpp"

#include "quietus/core/clock.hpp"
#include "quietus/core/ensure.hpp"

namespace quietus {

std::string_view version_number() {
    return QUIETUS_VERSION;
}

std::string version_text() {
    return "quietus " + std::string(version_number());
}

std::string_view release_date() {
    return QUIETUS_RELEASE_DATE;
}

std::string commit_text() {
    constexpr std::string_view commit = QUIETUS_COMMIT;
    return commit.empty() ? "unknown" : std::string(commit);
}

std::int64_t source_seconds() {
    constexpr std::int64_t told = QUIETUS_SOURCE_SECONDS;
    if (told != 0) return told;
    const auto day = from_rfc3339(std::string(release_date()) + "T00:00:00Z");
    QUIETUS_ENSURE(day.has_value());
    return *day;
}

} // namespace quietus
