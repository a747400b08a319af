// selftest: is this program, on this machine, able to do what it claims?
#pragma once

#include "quietus/core/result.hpp"

#include <string>
#include <vector>

namespace quietus {

struct SelftestResult {
    std::string name;
    Status outcome;
};

/// Known answers of generator and digests, a signature made and checked, and the whole corridor
/// over a scratch image in `directory` (a fresh temporary one, removed by the caller).
[[nodiscard]] std::vector<SelftestResult> selftest(const std::string& directory);

} // namespace quietus
