// Endurance: how fast a step may be, how slow it may get, and how long it puts up with trouble.
#pragma once

#include <chrono>
#include <cstdint>

namespace quietus {

struct Endurance {
    std::uint64_t limit_rate = 0; ///< bytes per second that are never exceeded; 0: no limit
    /// Bytes per second below which, over a minute, a drive is given up; 0: never.
    std::uint64_t floor_rate = 0;
    /// Silence that is told of, again and again.
    std::chrono::seconds report_stall{30};
    /// After that long without a completion a drive is given up. The kernel itself needs minutes
    /// for a command that times out, is tried again, and ends with a reset of the whole adapter.
    std::chrono::seconds give_up{600};
    /// Of one step: time spent waiting for transfers that then fail. What succeeds is never
    /// counted, so a drive is erased as far as it can be, however long that takes.
    std::chrono::seconds trouble{3600};
    unsigned attempts = 3; ///< at each single block
    /// Between two checkpoints of a pass: a sixteenth of the time that it has taken so far, within
    /// these bounds. So much of a pass is done again at most after an interruption.
    std::chrono::milliseconds checkpoint_least{1000};
    std::chrono::milliseconds checkpoint_most{60'000};
};

} // namespace quietus
