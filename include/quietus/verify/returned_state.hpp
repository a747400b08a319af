// Returned state: whether a drive that has erased itself returns what that must leave behind.
//
// Every block is read, or a sample, past the host's caches. What must be there follows from what
// the drive was told (standards differ in no point that matters here): an overwrite leaves its
// pattern, a block erase zeros or ones. Of anything else nothing can be expected; then the host
// writes once more.
#pragma once

#include "quietus/record/firmware_evidence.hpp"
#include "quietus/record/plan.hpp"
#include "quietus/stream/pattern.hpp"
#include "quietus/transport/surface.hpp"
#include "quietus/verify/canary.hpp"

#include <vector>

namespace quietus {

/// Expectation::pattern and either: the first of these that the first block holds, and then that
/// one all over; zeros_or_ones and host_pass: none. With host_pass anything may be there but the
/// beginning of a canary. Canaries that turn up anywhere go into their record.
struct Returned {
    Expectation expectation = Expectation::pattern;
    std::vector<Bytes> patterns;
    const Canaries& canaries; ///< that were written before
    /// Full, or a sample; its seed is drawn here and recorded, as in read_back.hpp.
    Verification verification = {};
};

[[nodiscard]] Stop read_returned_state(Surface& surface, const Returned& expected,
                                       FirmwareReadBack& record, CanaryRecord& found);

/// The same of the host's own pass.
[[nodiscard]] Stop read_host_pass(Surface& surface, Pattern& expected,
                                  const Verification& verification, FirmwareReadBack& record);

} // namespace quietus
