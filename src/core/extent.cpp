#include "quietus/core/extent.hpp"

#include "quietus/core/ensure.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>

namespace quietus {
namespace {

constexpr std::size_t waiting_least = 1024;

// Any extents, as a set holds them.
std::vector<Extent> united(std::vector<Extent> extents) {
    std::erase_if(extents, [](const Extent& each) { return each.length == 0; });
    if (!std::ranges::is_sorted(extents, {}, &Extent::offset))
        std::ranges::sort(extents, {}, &Extent::offset);
    std::size_t kept = 0;
    for (const Extent& each : extents) {
        QUIETUS_ENSURE(each.end() > each.offset); // no wrap round 2^64
        if (kept != 0 && each.offset <= extents[kept - 1].end())
            extents[kept - 1].length =
                std::max(extents[kept - 1].end(), each.end()) - extents[kept - 1].offset;
        else
            extents[kept++] = each;
    }
    extents.resize(kept);
    return extents;
}

} // namespace

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

ExtentSet::ExtentSet(std::vector<Extent> extents) : extents_(united(std::move(extents))) {}

void ExtentSet::add(Extent extent) {
    if (extent.length == 0) return;
    QUIETUS_ENSURE(extent.end() > extent.offset); // no wrap round 2^64
    if (extents_.empty() || extent.offset > extents_.back().end()) {
        extents_.push_back(extent);
        return;
    }
    Extent& last = extents_.back();
    if (extent.offset >= last.offset) {
        last.length = std::max(last.end(), extent.end()) - last.offset;
        return;
    }
    waiting_.push_back(extent);
    if (waiting_.size() >= std::max(waiting_least, extents_.size() / 8)) merge_waiting();
}

void ExtentSet::merge_waiting() const {
    if (waiting_.empty()) return;
    extents_.insert(extents_.end(), waiting_.begin(), waiting_.end());
    waiting_.clear();
    extents_ = united(std::move(extents_));
}

void ExtentSet::add(const ExtentSet& other) {
    const auto& theirs = other.extents();
    extents_.insert(extents_.end(), theirs.begin(), theirs.end());
    extents_ = united(std::move(extents_));
}

void ExtentSet::subtract(Extent extent) {
    subtract(ExtentSet({extent}));
}

void ExtentSet::subtract(const ExtentSet& other) {
    merge_waiting();
    const auto& theirs = other.extents();
    if (theirs.empty()) return;
    std::vector<Extent> left;
    auto next = theirs.begin();
    for (const Extent& held : extents_) {
        while (next != theirs.end() && next->end() <= held.offset)
            ++next;
        std::uint64_t from = held.offset;
        for (auto each = next; each != theirs.end() && each->offset < held.end(); ++each) {
            if (each->offset > from) left.push_back({from, each->offset - from});
            from = std::max(from, each->end());
        }
        if (from < held.end()) left.push_back({from, held.end() - from});
    }
    extents_ = std::move(left);
}

const std::vector<Extent>& ExtentSet::extents() const {
    merge_waiting();
    return extents_;
}

std::vector<Extent> ExtentSet::take() && {
    merge_waiting();
    return std::move(extents_);
}

bool ExtentSet::covers(Extent extent) const {
    if (extent.length == 0) return true;
    merge_waiting();
    return std::ranges::any_of(extents_, [&](const Extent& held) {
        return held.offset <= extent.offset && held.end() >= extent.end();
    });
}

std::uint64_t ExtentSet::bytes() const {
    merge_waiting();
    return std::accumulate(extents_.begin(), extents_.end(), std::uint64_t{0},
                           [](std::uint64_t sum, const Extent& each) { return sum + each.length; });
}

ExtentSet inside(const std::vector<Extent>& extents, std::uint64_t size) {
    std::vector<Extent> kept;
    std::ranges::copy_if(extents, std::back_inserter(kept),
                         [size](const Extent& each) { return is_inside(each, size); });
    return ExtentSet(std::move(kept));
}

} // namespace quietus
