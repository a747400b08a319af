// evaluate: what a profile says to a question. Pure, deterministic, and it has an answer to
// everything: what no rule fits, and what is not known, is denied.
//
// Those who erase, those who sign and those who audit ask the same function.
#pragma once

#include "quietus/policy/profile.hpp"
#include "quietus/policy/terms.hpp"

#include <cstdint>
#include <optional>

namespace quietus {

/// What is known of the drive at hand.
struct DriveFacts {
    Techniques offered; ///< by drive and program, now
    std::optional<std::uint64_t>
        remapped_blocks; ///< those that it says it could not move count too
    Conditions met;      ///< by evidence or by a signed order; see unmet()
};

struct Question {
    ClassificationId classification = ClassificationId::unknown;
    MediumId medium = MediumId::unknown;
    Disposition disposition = Disposition::reuse;
    /// The highest that is handled where the drive goes next, when somebody said so.
    std::optional<ClassificationId> destination;
    /// Without a drive every technique counts as offered and every condition as met: the answer
    /// says what would be needed.
    std::optional<DriveFacts> drive;
};

/// Why the decision is what it is.
enum class Cause : std::uint8_t {
    rule,                   ///< the rule says so
    unknown_classification, ///< not in the catalogue
    unknown_medium,
    no_rule,          ///< the profile is silent: denied
    nothing_offered,  ///< no method of the rule is on offer at the level that it asks for
    too_many_remapped ///< or not known how many
};
template <>
inline constexpr auto enum_texts<Cause> = spellings("rule", "unknown-classification",
                                                    "unknown-medium", "no-rule", "nothing-offered",
                                                    "too-many-remapped");

/// Points into the profile that was asked.
struct Ruling {
    Decision decision = Decision::deny;
    Cause cause = Cause::no_rule;
    const PolicyRule* rule = nullptr; ///< that fits; none with unknown-... and no-rule
    const Method* method = nullptr; ///< of allow; none when nothing needs to be erased, or none of
                                    ///< it can before a destruction
};

/// What a marking of the catalogue is asked about as: one no longer in use counts as another,
/// unless that is still to be decided.
[[nodiscard]] ClassificationId effective(ClassificationId id);

[[nodiscard]] Destination compare(ClassificationId own,
                                  const std::optional<ClassificationId>& destination);

[[nodiscard]] Ruling evaluate(const Profile& profile, const Question& question);

/// What a method reaches on the medium: the most that one of its steps does, and none when one of
/// them does not exist there.
[[nodiscard]] Level level_on(const Method& method, MediumId medium);

/// Why a method of the rule is not for this drive.
enum class Obstacle : std::uint8_t {
    none,
    not_on_medium, ///< the technique does not exist there
    below_level,   ///< it reaches less than is asked of it
    not_offered,   ///< by this drive and this program
    condition,     ///< something that it requires is not the case, or not known
};
[[nodiscard]] Obstacle obstacle_of(const Method& method, const Question& question);

/// Those that are not the case, or not known to be. That no block is remapped follows from the
/// drive's count alone, whatever else is said to be met.
[[nodiscard]] Conditions unmet(Conditions required, const DriveFacts& facts);

} // namespace quietus
