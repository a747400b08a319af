// offers: what this program could do with a drive, and why not.
#pragma once

#include "quietus/record/drive.hpp"
#include "quietus/record/plan.hpp"
#include "quietus/record/technique.hpp"

#include <cstdint>
#include <vector>

namespace quietus {

[[nodiscard]] std::vector<OfferedTechnique> offers(const Drive& drive);

/// What a level that it reaches rests on: purge is the drive's own word, all else was read back.
[[nodiscard]] LevelBasis basis_of(Technique technique, Level level);

/// How much of the drive a step of the plan is about: all but ciphertext that is left.
[[nodiscard]] std::uint64_t bytes_within(const Drive& drive, const Plan& plan);

} // namespace quietus
