// Policies: the profiles that a station may judge by, and what they say about a drive at hand.
#pragma once

#include "quietus/core/result.hpp"
#include "quietus/policy/explain.hpp"
#include "quietus/policy/lint.hpp"
#include "quietus/policy/profile.hpp"
#include "quietus/policy/schemes.hpp"
#include "quietus/record/drive.hpp"

#include <optional>
#include <string>
#include <vector>

namespace quietus {

/// A profile, its exact text, and what documents name that by.
struct LoadedProfile {
    Profile profile;
    std::string text;
    std::string sha256;    ///< of the text, hexadecimal
    std::string signed_by; ///< the policy owner; empty when it is shipped with this program
};

/// All that may be named, the shipped ones first.
[[nodiscard]] std::vector<LoadedProfile> list_profiles();
/// The one of this name. Fault::usage, with the nearest names, when there is none.
[[nodiscard]] Result<LoadedProfile> load_profile(const std::string& name);

/// The text of a profile that nobody need trust yet, to be looked at. Fault::usage when it cannot
/// be read.
[[nodiscard]] Result<std::string> read_profile_file(const std::string& path);

/// What people ask, by the names that they use for it.
struct PolicyQuestion {
    std::optional<std::string> classification;
    std::optional<std::string> disposition;
    std::optional<std::string> destination; ///< a classification as well
};
/// A question that is complete but for its drive.
struct AskedPolicy {
    StatedClassification classification;
    Disposition disposition = Disposition::reuse;
    std::optional<StatedClassification> destination;
};
/// Fault::usage, with what there is to choose from, when something is missing or not known.
[[nodiscard]] Result<AskedPolicy> read_question(const Profile& profile,
                                                const PolicyQuestion& asked);

/// What is known of a drive that policy asks about.
[[nodiscard]] DriveFacts facts_of(const Drive& drive);

/// The question about a medium in general. Fault::usage when there is no such medium.
[[nodiscard]] Result<Question> about_medium(const AskedPolicy& asked, const std::string& medium);
/// The question about this drive.
[[nodiscard]] Question about_drive(const AskedPolicy& asked, const Drive& drive);

} // namespace quietus
