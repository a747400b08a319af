// What policy says, for people and as JSON.
#pragma once

#include "quietus/app/policies.hpp"
#include "quietus/core/json.hpp"

#include <string>

namespace quietus::cli {

/// The members of `policy explain --json`.
[[nodiscard]] Json explanation_json(const Explanation& told);
/// The rows of a table: decision, rule, source, and everything that was considered.
[[nodiscard]] std::vector<std::vector<std::string>> explanation_rows(const Explanation& told);

[[nodiscard]] Json profiles_json(const std::vector<LoadedProfile>& profiles);
[[nodiscard]] std::string profiles_in_words(const std::vector<LoadedProfile>& profiles);
[[nodiscard]] Json profile_json(const LoadedProfile& loaded);
[[nodiscard]] Json flaws_json(const std::vector<ProfileFlaw>& flaws);

} // namespace quietus::cli
