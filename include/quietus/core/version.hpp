// Version: what the build knows about itself.
#pragma once

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

} // namespace quietus
