// live_points: where live systems mount the medium that they were started from.
#pragma once

#include <string_view>

namespace quietus {

/// live-boot, casper, dracut, archiso, miso, anaconda, Gentoo, Slax and Porteus.
[[nodiscard]] bool is_live_point(std::string_view mount_point);

} // namespace quietus
