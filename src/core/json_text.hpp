// The text of JSON before a library reads it, and what is found wrong with it.
#pragma once

#include "quietus/core/json.hpp"

#include <string_view>

namespace quietus {

/// Containers one within another.
inline constexpr std::size_t json_depth_max = 12;

/// The first problem of each kind, in the order of their finding.
class JsonProblems {
  public:
    void add(JsonFlaw flaw, std::string text) {
        if (!has(flaw)) problems_.push_back({flaw, std::move(text)});
    }
    [[nodiscard]] bool has(JsonFlaw flaw) const;
    [[nodiscard]] std::vector<JsonProblem> take() && { return std::move(problems_); }

  private:
    std::vector<JsonProblem> problems_;
};

/// Finds what stands in strings and is no text: half a character as an escape, a control character
/// that is not escaped.
void examine_strings(std::string_view text, JsonProblems& problems);

} // namespace quietus
