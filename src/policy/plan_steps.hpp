// Plan steps by number, and whether a plan makes sense at all.
#pragma once

#include "quietus/record/plan.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace quietus {

/// The step that puts what is hidden within reach: first, where there is one.
[[nodiscard]] PlanStep lifting_step();

/// The steps of luks-erase, which may have to begin with that one.
[[nodiscard]] std::vector<PlanStep> luks_steps(bool lifts);

/// The step with this number (from 1); nullptr when the plan has none.
[[nodiscard]] const PlanStep* step_of(const Plan& plan, std::uint32_t number);

/// The numbers of all steps of this kind, ascending.
[[nodiscard]] std::vector<std::uint32_t> steps_of(const Plan& plan, StepKind kind);

/// Whether every block of the step's data says where it belongs: then a full read-back excludes
/// that two addresses lead to the same place. A complement is as its original.
[[nodiscard]] bool depends_on_position(const Plan& plan, std::uint32_t number);

/// Full, or a sample of 1 to 99 per cent, or none; nothing between.
[[nodiscard]] bool is_sound(const Verification& verification);

/// Whether what was done is as much as was asked for.
[[nodiscard]] bool satisfies(const Verification& done, const Verification& asked);

/// Why no engine could prove anything by this plan: no address probe before the first write, no
/// write, a reference to a step that is not an earlier write, a verify step of data already
/// overwritten. Nothing when the plan is sound.
[[nodiscard]] std::optional<std::string> flaw_of(const Plan& plan);

} // namespace quietus
