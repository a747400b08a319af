// lint: what is wrong or doubtful in a profile, before anybody relies on it.
//
// Codes, beside those that keep a text from being a profile (syntax, missing, unknown-member,
// wrong-value, unknown-name, doubled, no-such-base):
//   gap             classifications and dispositions of the profile that no rule answers
//   unreachable     a rule whose questions are all answered by earlier ones
//   claim           a rule asks more of a technique or scheme than it may ever claim
//   never           a rule that allows, but none of whose techniques exists or suffices there
//   forbidden-claim a text says what nobody can prove
//   weaker          a higher classification is allowed what a lower one is not, or with less
#pragma once

#include "quietus/policy/profile.hpp"

#include <string_view>
#include <vector>

namespace quietus {

/// All flaws in the order of their lines; none when the profile can be signed.
[[nodiscard]] std::vector<ProfileFlaw> lint(std::string_view text);

/// The first claim in the text that nobody can prove, such as that a standard's owner has approved
/// of something; in lower case, empty when there is none. For all that is printed about an erasure.
[[nodiscard]] std::string forbidden_claim(std::string_view text);

} // namespace quietus
