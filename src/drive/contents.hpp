// What stands on a drive, by libblkid: signatures of the whole and of each partition in its tables.
#pragma once

#include "drive_probe.hpp"

namespace quietus {

/// Opens the drive or file for reading and probes it, then every partition by its offset, and
/// tables within partitions. Reads only. Fault::io.
[[nodiscard]] Result<Contents> read_contents(const std::string& path);

/// The same on a descriptor that stays the caller's.
[[nodiscard]] Result<Contents> read_contents(int descriptor);

} // namespace quietus
