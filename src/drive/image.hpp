// A regular file as a drive.
#pragma once

#include "drive_probe.hpp"
#include "quietus/drive/host.hpp"
#include "quietus/record/drive.hpp"
#include "uses.hpp"

#include <string>
#include <vector>

namespace quietus {

/// What the machine knows that may concern an image.
struct ImageSurroundings {
    const std::vector<std::string>& unknown; ///< Machine::unknown
    const std::vector<Use>& uses;
    const DetectRequest& request;
};

/// The file at `path`, links followed; its node is "image:" and the real path. Fault::usage when it
/// is missing or no regular file, Fault::io when it cannot be looked at. Other hard links, users,
/// a size of 0 and a missing right to write are guards.
[[nodiscard]] Result<Drive> look_at_image(const std::string& path, const ImageSurroundings& around,
                                          DriveProbe& probe);

} // namespace quietus
