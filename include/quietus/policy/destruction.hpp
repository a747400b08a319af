// Destruction: whether a way to destroy a drive is enough for what it held.
//
// Whoever states it and whoever audits the statement ask the same functions.
#pragma once

#include "quietus/policy/decide.hpp"
#include "quietus/policy/evaluate.hpp"
#include "quietus/record/plan.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace quietus {

/// How a drive was destroyed, by the catalogue.
struct DestructionWay {
    std::string method; ///< id: "disintegrate-6"
    std::optional<std::uint32_t>
        particle_mm; ///< the largest that was left, where somebody measured
};

/// Fault::usage with the list when there is no such method, or none for that medium.
[[nodiscard]] Status check_way(const DestructionWay& way, MediumId medium);

/// Whether it suffices, and why not; empty when it does.
struct DestructionAnswer {
    bool sufficient = false;
    std::string reason;
};

/// What a profile says to it. Nothing about the drive counts but its medium: it is gone.
[[nodiscard]] DestructionAnswer judge_destruction(const Profile& profile, const Question& question,
                                                  const DestructionWay& way);

/// What goes onto the statement: the decision, whatever it is.
[[nodiscard]] PolicyBasis basis_of_destruction(const NamedProfile& named,
                                               const PolicyRequest& request, MediumId medium);

/// What the pieces count as still, by the catalogue: the label of a classification; empty when it
/// does not say.
[[nodiscard]] std::string residue_of(ClassificationId held, const DestructionWay& way);

/// A statement asked of the profile again. `answer` is what it says. Pure and total.
[[nodiscard]] std::vector<PolicyObjection> review_destruction(const Profile& profile,
                                                              const PolicyBasis& stated,
                                                              const DestructionWay& way,
                                                              const DestructionAnswer& answer);

} // namespace quietus
