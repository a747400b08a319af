// Reach: what of a drive an overwrite of its nodes leaves as it is.
#pragma once

#include "quietus/record/drive.hpp"

#include <string>
#include <vector>

namespace quietus {

/// Parts that would keep what is in them: namespaces and logical units that are no members of it,
/// boot areas. Not the RPMB, which no technique reaches: it is a limit.
[[nodiscard]] std::vector<Part> parts_out_of_reach(const Drive& drive);

/// For people, escaped: "/dev/nvme0n2, namespace 2, 512000000 bytes", "namespace 3, not attached".
[[nodiscard]] std::string part_in_words(const Part& part);

} // namespace quietus
