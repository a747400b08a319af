// nearest: which of the known names somebody may have meant.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace quietus {

/// At most three of `names`, nearest first, by edit distance (Levenshtein 1965); a name that
/// contains the word counts as near. Empty when nothing resembles it.
[[nodiscard]] std::vector<std::string> nearest(std::string_view word,
                                               const std::vector<std::string>& names);

/// "did you mean a, b or c?", ready to be a hint; empty when nothing resembles the word.
[[nodiscard]] std::string did_you_mean(std::string_view word,
                                       const std::vector<std::string>& names);

} // namespace quietus
