// LinuxHost: the machine as sysfs, /proc and a probe show it.
#pragma once

#include "drive_probe.hpp"
#include "quietus/drive/host.hpp"

#include <memory>

namespace quietus {

/// With another probe than the machine's own: recorded machines have no nodes to open.
[[nodiscard]] std::unique_ptr<Host> make_linux_host(HostPaths paths,
                                                    std::unique_ptr<DriveProbe> probe);

} // namespace quietus
