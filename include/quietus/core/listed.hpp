// Several words in one sentence.
#pragma once

#include <string>
#include <vector>

namespace quietus {

/// "a, b, c"; empty when there are none.
[[nodiscard]] std::string listed(const std::vector<std::string>& words);

} // namespace quietus
