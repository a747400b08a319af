// The writing half of an examination: address probe and passes.
#pragma once

#include "findings.hpp"

#include "quietus/core/extent.hpp"
#include "quietus/record/erasure_record.hpp"

namespace quietus {

/// The probe must be there, complete, flushed, and every stamp right.
void examine_probe(const Plan& plan, const Evidence& evidence, Findings& findings);

/// Every write step must have its record, in order, with its data, over all of the drive that the
/// plan does not keep, and nothing else. Returns what the last of them wrote and flushed.
[[nodiscard]] ExtentSet examine_passes(const Drive& drive, const Plan& plan,
                                       const Evidence& evidence, Findings& findings);

/// Whether the engine stopped by itself, so that missing records are no surprise.
[[nodiscard]] inline bool has_stopped(const Evidence& evidence) {
    return evidence.stopped != StopReason::none;
}

} // namespace quietus
