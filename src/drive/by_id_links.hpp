// The links of /dev/disk/by-id, read once for all drives.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace quietus {

/// By node: "/dev/sda" -> "/dev/disk/by-id/ata-...", in the order of their names. `dev` is where
/// /dev is.
[[nodiscard]] std::map<std::string, std::vector<std::string>> by_id_links(const std::string& dev);

} // namespace quietus
