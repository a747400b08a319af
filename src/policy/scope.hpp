// Scope: what of a drive a plan overwrites, and what it leaves alone.
#pragma once

#include "quietus/core/extent.hpp"
#include "quietus/policy/volumes.hpp"
#include "quietus/record/drive.hpp"
#include "quietus/record/plan.hpp"

#include <algorithm>
#include <cstdint>

namespace quietus {

struct Scope {
    std::uint64_t size_bytes = 0;
    ExtentSet kept; ///< inside that

    [[nodiscard]] std::uint64_t bytes() const { return size_bytes - kept.bytes(); }
    [[nodiscard]] bool is_covered_by(const ExtentSet& set) const {
        ExtentSet rest({{0, size_bytes}});
        rest.subtract(kept);
        rest.subtract(set);
        return rest.empty();
    }
    [[nodiscard]] bool is_clear_of_kept(ExtentSet set) const {
        const std::uint64_t all = set.bytes();
        set.subtract(kept);
        return set.bytes() == all;
    }
};

/// Nothing is kept of an overwrite, nor where volumes would not lie on the drive.
[[nodiscard]] inline Scope scope_of(const Drive& drive, const Plan& plan) {
    Scope scope{drive.size_bytes, {}};
    const auto lies_on_drive = [&](const LuksVolume& each) {
        return each.offset_bytes <= drive.size_bytes &&
               each.size_bytes <= drive.size_bytes - each.offset_bytes;
    };
    if (std::ranges::all_of(plan.volumes, lies_on_drive)) scope.kept = kept_extents(plan.volumes);
    return scope;
}

} // namespace quietus
