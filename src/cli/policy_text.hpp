// What policy says, for people and as JSON.
#pragma once

#include "quietus/app/policies.hpp"
#include "quietus/app/weigh.hpp"
#include "quietus/core/json.hpp"

#include <string>

namespace quietus::cli {

/// The members of `policy explain --json`.
[[nodiscard]] Json explanation_json(const Explanation& told);
/// The rows of a table: decision, rule, source, and everything that was considered.
[[nodiscard]] std::vector<std::vector<std::string>> explanation_rows(const Explanation& told);

/// What a plan shows of it besides its own members.
void add_explanation(const Explanation& told, Json& plan);
/// A drive for which there is no plan: the members of a plan that there are, and no code.
[[nodiscard]] Json denied_json(const Weighed& weighed);
[[nodiscard]] std::string denial_in_words(const Weighed& weighed);

[[nodiscard]] Json profiles_json(const std::vector<LoadedProfile>& profiles);
[[nodiscard]] std::string profiles_in_words(const std::vector<LoadedProfile>& profiles);
[[nodiscard]] Json profile_json(const LoadedProfile& loaded);
[[nodiscard]] Json flaws_json(const std::vector<ProfileFlaw>& flaws);

} // namespace quietus::cli
