// running_system: what the running system says it was started from and goes on from, and the
// storage that it keeps open without a mount or a holder to show for it.
#pragma once

#include "machine.hpp"

namespace quietus {

/// Fills in what Machine has from the command line, fstab, the EFI variables, the hibernation
/// device, ZFS pools and bcache. What is not there names nothing: it only ever adds to the reasons
/// against a drive.
void look_at_running_system(const HostPaths& paths, Machine& machine);

} // namespace quietus
