// selftest: is this program, on this machine, able to do what it claims?
#pragma once

#include "quietus/app/site.hpp"
#include "quietus/core/result.hpp"

#include <string>
#include <vector>

namespace quietus {

struct SelftestResult {
    std::string name;
    Status outcome;
};

/// Of generator and digests.
[[nodiscard]] std::vector<SelftestResult> known_answers();
/// The whole corridor over a drive that is there for nothing else: erased, certified, and its
/// document checked as an auditor does.
[[nodiscard]] Status erase_and_check(const std::string& target, const Site& site);
/// The same over a scratch image in `directory` (a fresh temporary one, removed by the caller), on
/// which nothing of a secret may be left.
[[nodiscard]] Status erase_scratch_image(const std::string& directory);

} // namespace quietus
