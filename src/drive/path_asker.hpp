// PathAsker: where paths lead, asked in another process, because a file system whose drive or
// server is gone answers nobody who looks at it, and does not let go of him either.
#pragma once

#include "drive_probe.hpp"

#include "quietus/confine/child_process.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace quietus {

class PathAsker {
  public:
    /// As DriveProbe::place. A file system that did not answer within a second is not asked again
    /// for half a minute: it costs one second, and not one for each of its files.
    [[nodiscard]] std::optional<FilePlace> place(const std::string& path);

  private:
    struct SilentMount {
        std::string point;
        std::chrono::steady_clock::time_point until;
    };
    [[nodiscard]] bool is_silent(const std::string& path);
    [[nodiscard]] std::optional<FilePlace> ask_child(const std::string& path);

    std::optional<ChildProcess> child_;
    std::vector<SilentMount> silent_;
};

} // namespace quietus
