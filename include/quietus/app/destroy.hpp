// destroy: persons state that a drive was destroyed; the station gives the statement a number, has
// its log announce it, asks policy whether that is enough, and signs what was stated. Operator and
// witness sign it later, each with their own key (`quietus sign`).
//
// A drive that could not be erased where a rule then asks for its destruction stays on the list of
// what must be destroyed until such a statement, signed by both, names its job.
#pragma once

#include "quietus/app/policies.hpp"
#include "quietus/app/site.hpp"
#include "quietus/certificate/destruction.hpp"
#include "quietus/core/result.hpp"
#include "quietus/crypto/signer.hpp"

#include <optional>
#include <string>
#include <vector>

namespace quietus {

/// What is stated.
struct DestructionWish {
    std::optional<std::string> target; ///< attached still, as select() takes it
    Drive drive;                       ///< as persons state it, where it is not attached
    std::string medium;                ///< of the catalogue; empty: that of the drive that is seen
    LoadedProfile profile;
    PolicyRequest asked; ///< with the disposition `destroy`
    DestructionFacts facts;
    std::vector<std::string> closes; ///< jobs besides those of the same serial
    Statements statements;
};

struct StatedToBeDestroyed {
    std::string id;
    std::string path; ///< of the JSON file
    bool sufficient = false;
    std::string reason;
    std::vector<std::string> closes;
    std::vector<Role> missing; ///< who has still to sign
};

/// Nothing is written to any drive. Fault::usage for a method that there is not or not for this
/// medium, a drive without a serial, a job that left nothing to be destroyed, or persons whose
/// certificates the station does not know; Fault::refused for a drive on hold; else as preflight(),
/// and Fault::evidence when the statement could not be saved or logged.
[[nodiscard]] Result<StatedToBeDestroyed> state_destruction(const DestructionWish& wish,
                                                            const Site& site);

/// A job whose drive must be destroyed.
struct MustBeDestroyed {
    std::string job;
    std::string serial; ///< as the journal has it
    std::string node;
    std::string rule;      ///< of which profile: "uk-official official-hdd-reuse"
    std::string statement; ///< that was made and waits for signatures; empty: none
};
/// In the order of their intents. Faults as Register::jobs().
[[nodiscard]] Result<std::vector<MustBeDestroyed>> must_be_destroyed(const Site& site);

} // namespace quietus
