// Guards: the interlocks that hold for one drive. Pure: facts in, guards out.
#pragma once

#include "quietus/record/drive.hpp"
#include "uses.hpp"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace quietus {

/// What is known of one drive besides what it says of itself.
struct DriveFacts {
    std::set<std::string> extent; ///< keys of all that erasing it would overwrite
    bool read_only = false;
    bool claimed = false; ///< its node is held exclusively; its file is open for writing
    std::vector<std::string> unknown; ///< why its users cannot be established
};

/// In the order of the interlocks, each with its reason and, where there is one, the command that
/// releases it. Any use whose ground is unknown, and everything in `facts.unknown`, is an
/// unknown-holder: what we cannot rule out we refuse.
[[nodiscard]] std::vector<Guard> guards_of(const Drive& drive, const DriveFacts& facts,
                                           const std::vector<Use>& uses);

/// Who uses it, without repetition.
[[nodiscard]] std::vector<InUse> users_of(const DriveFacts& facts, const std::vector<Use>& uses);

} // namespace quietus
