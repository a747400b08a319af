#include "quietus/core/version.hpp"

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

} // namespace quietus
