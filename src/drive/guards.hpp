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
    std::int64_t holder = 0;      ///< the process that has it for us: what that one holds is no use
    bool read_only = false;
    std::string writable_again; ///< the command that ends the read-only state; may be empty
    /// Its node is held exclusively, or its file open for writing; absent when that cannot be told.
    std::optional<bool> claimed;
    std::set<std::string> readers; ///< processes that have a node of it open for reading, by title
    std::vector<std::string> unknown; ///< why its users cannot be established
    std::vector<Guard> found;         ///< interlocks that were established elsewhere
};

/// In the order of the interlocks, each with its reason and, where there is one, the command that
/// releases it, in steps: `uses` are in release order. Any use whose ground is unknown, and
/// everything in `facts.unknown`, is an unknown-holder: what we cannot rule out we refuse. A use
/// whose lost ground would claim its drives is ruled out by the lack of any claim, and by nothing
/// less: see Ground::claiming.
[[nodiscard]] std::vector<Guard> guards_of(const Drive& drive, const DriveFacts& facts,
                                           const std::vector<Use>& uses);

/// Adds weak-identity to physical drives that tell the same serial number.
void guard_doubles(std::vector<Drive>& drives);

/// Who uses it, without repetition.
[[nodiscard]] std::vector<InUse> users_of(const DriveFacts& facts, const std::vector<Use>& uses);

} // namespace quietus
