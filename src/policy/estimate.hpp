// Estimate: how long a plan takes at least on a typical drive of its kind.
#pragma once

#include "quietus/record/drive.hpp"
#include "quietus/record/plan.hpp"

#include <cstdint>

namespace quietus {

/// Whole seconds, rounded up, at least 1. From the drive's size, the bytes its plan writes and
/// reads back, and a rate that most drives of this medium sustain from first to last block, or the
/// limit set for it (bytes per second; 0: none).
[[nodiscard]] std::uint64_t estimated_seconds(const Drive& drive, const Plan& plan,
                                              std::uint64_t limit_rate);

} // namespace quietus
