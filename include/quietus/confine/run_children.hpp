// run_children: many questions at once, each to a process of its own, none waited for longer than
// its deadline.
#pragma once

#include "quietus/confine/child_process.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace quietus {

enum class ChildEnd : unsigned char {
    answered, ///< it ended with status 0
    died,     ///< any other end, or it could not be started
    deadline, ///< killed because its time was up; it may still be there, waiting in the kernel
    too_much, ///< killed because it said more than it may
};

struct ChildResult {
    ChildEnd end = ChildEnd::died;
    std::string bytes; ///< what it said until then, whatever the end
    std::string why;   ///< a clause for people; empty when it answered
};

struct ChildLimits {
    std::chrono::milliseconds deadline{5000}; ///< on the monotonic clock, from each one's start
    std::size_t most_bytes = std::size_t{4} << 20U;
    std::size_t at_once = 256;
};

/// One result a work, in their order. Returns at the latest one deadline (and a short grace) after
/// the last one could be started; children that do not end are left behind (child_process.hpp).
[[nodiscard]] std::vector<ChildResult> run_children(const std::vector<ChildWork>& works,
                                                    const ChildLimits& limits = {});

} // namespace quietus
