// LiftedAreas: what was hidden before an overwrite, and whether all of the drive was within reach.
#pragma once

#include "findings.hpp"

#include "quietus/record/drive.hpp"
#include "quietus/record/erasure_record.hpp"
#include "quietus/record/plan.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace quietus {

/// Whether the drive says that it keeps blocks out of reach, and how many.
[[nodiscard]] bool hides_blocks(const Drive& drive);

/// In blocks, all that there is, when nothing is out of reach before the erasure begins.
[[nodiscard]] std::optional<std::uint64_t> reached_blocks(const HiddenAreaRecord& record);
/// The code of the finding when something is.
[[nodiscard]] std::string_view obstacle_code(HiddenState state);

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
