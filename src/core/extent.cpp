#include "quietus/core/extent.hpp"

#include "quietus/core/ensure.hpp"

#include <algorithm>
#include <numeric>

namespace quietus {

bool is_inside(const Extent& extent, std::uint64_t size) {
    return extent.length != 0 && extent.offset < size && extent.length <= size - extent.offset;
}

bool is_well_formed(const std::vector<Extent>& extents, std::uint64_t size) {
    std::uint64_t reached = 0;
    return std::ranges::all_of(extents, [&](const Extent& each) {
        if (!is_inside(each, size) || each.offset < reached) return false;
        reached = each.end();
        return true;
    });
}

ExtentSet::ExtentSet(const std::vector<Extent>& extents) {
    for (const Extent& extent : extents)
        add(extent);
}

void ExtentSet::add(Extent extent) {
    if (extent.length == 0) return;
    QUIETUS_ENSURE(extent.end() > extent.offset); // no wrap round 2^64
    // The common case, ascending order, stays cheap: everything before `first` ends too early to
    // touch.
    auto first = std::lower_bound(
        extents_.begin(), extents_.end(), extent.offset,
        [](const Extent& held, std::uint64_t offset) { return held.end() < offset; });
    auto last = first;
    const std::uint64_t reach = extent.end();
    std::uint64_t end = reach;
    for (; last != extents_.end() && last->offset <= reach; ++last) {
        extent.offset = std::min(extent.offset, last->offset);
        end = std::max(end, last->end());
    }
    extent.length = end - extent.offset;
    extents_.insert(extents_.erase(first, last), extent);
}

void ExtentSet::subtract(Extent extent) {
    if (extent.length == 0) return;
    auto held = std::lower_bound(
        extents_.begin(), extents_.end(), extent.offset,
        [](const Extent& each, std::uint64_t offset) { return each.end() <= offset; });
    while (held != extents_.end() && held->offset < extent.end()) {
        const Extent before{held->offset,
                            held->offset < extent.offset ? extent.offset - held->offset : 0};
        const Extent after{extent.end(),
                           held->end() > extent.end() ? held->end() - extent.end() : 0};
        held = extents_.erase(held);
        if (after.length != 0) held = extents_.insert(held, after);
        if (before.length != 0) held = std::next(extents_.insert(held, before));
        if (after.length != 0) return;
    }
}

void ExtentSet::subtract(const ExtentSet& other) {
    for (const Extent& extent : other.extents_)
        subtract(extent);
}

bool ExtentSet::covers(Extent extent) const {
    if (extent.length == 0) return true;
    return std::ranges::any_of(extents_, [&](const Extent& held) {
        return held.offset <= extent.offset && held.end() >= extent.end();
    });
}

std::uint64_t ExtentSet::bytes() const {
    return std::accumulate(extents_.begin(), extents_.end(), std::uint64_t{0},
                           [](std::uint64_t sum, const Extent& each) { return sum + each.length; });
}

} // namespace quietus
