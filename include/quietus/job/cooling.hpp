// Cooling: how warm a drive may get before its job pauses, and when that goes on.
#pragma once

#include <cstdint>

namespace quietus {

struct Cooling {
    std::int32_t pause_above = 0;  ///< degrees Celsius; 0: never
    std::int32_t resume_below = 0; ///< less than that

    friend bool operator==(const Cooling&, const Cooling&) = default;
};

/// How warm a drive is, and whether its job waits for it to cool down.
struct Warmth {
    std::int32_t celsius = 0;
    bool paused = false;

    friend bool operator==(const Warmth&, const Warmth&) = default;
};

} // namespace quietus
