// LiftedAreas: what was hidden before an overwrite, and whether all of the drive was within reach.
#pragma once

#include "findings.hpp"

#include "quietus/record/drive.hpp"
#include "quietus/record/erasure_record.hpp"
#include "quietus/record/plan.hpp"

namespace quietus {

/// Whether the drive says that it keeps blocks out of reach, and how many.
[[nodiscard]] bool hides_blocks(const Drive& drive);

/// How that ended, for the verdict.
enum class Reach : std::uint8_t {
    all,         ///< everything that the drive has, before and after; or the plan lifts nothing
    unknown,     ///< it was, and afterwards the drive does not tell; a finding says so
    not_lifted,  ///< and then nothing else is to be examined; a finding says why
    not_readable ///< the same, since the drive does not tell what it has
};

/// Adds a finding for everything that speaks against it.
[[nodiscard]] Reach examine_hidden_areas(const Drive& drive, const Plan& plan,
                                         const Evidence& evidence, Findings& findings);

} // namespace quietus
