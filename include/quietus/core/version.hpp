// Version: what the build knows about itself.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace quietus {

/// "0.1.0".
[[nodiscard]] std::string_view version_number();
/// "quietus 0.1.0".
[[nodiscard]] std::string version_text();
/// The day of the release, as the manual pages bear it: "2026-11-22".
[[nodiscard]] std::string_view release_date();
/// The commit that was built, abbreviated; "unknown" when it was not built from a checkout.
[[nodiscard]] std::string commit_text();
/// When the sources that were built are from, UTC seconds: SOURCE_DATE_EPOCH, else the commit's
/// time, else the day of the release. No clock can be right that is behind it.
[[nodiscard]] std::int64_t source_seconds();

} // namespace quietus
