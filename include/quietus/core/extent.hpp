// Extent: a run of bytes on a drive; ExtentSet: a union of them.
//
// Coverage is always a set, never a count: two passes that each missed another part must not add up
// to "all of it".
#pragma once

#include <cstdint>
#include <vector>

namespace quietus {

/// Bytes [offset, offset + length). Byte offsets, not block numbers.
struct Extent {
    std::uint64_t offset = 0;
    std::uint64_t length = 0;

    [[nodiscard]] std::uint64_t end() const { return offset + length; }
    friend bool operator==(const Extent&, const Extent&) = default;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("offset", self.offset);
        visit("length", self.length);
    }
};

/// Whether the extent is not empty and lies wholly within `size` bytes; the arithmetic cannot wrap.
[[nodiscard]] bool is_inside(const Extent& extent, std::uint64_t size);

/// Whether an honest engine can have listed these on a drive of `size` bytes: ascending, disjoint,
/// none empty, all inside. To be asked before anything is computed from extents of unknown origin.
[[nodiscard]] bool is_well_formed(const std::vector<Extent>& extents, std::uint64_t size);

/// Disjoint extents in ascending order; neighbours that touch are one extent.
///
/// Sixteen octets an extent, and cheap in any order: what does not continue the last extent waits
/// and is merged in with many others at once.
class ExtentSet {
  public:
    ExtentSet() = default;
    explicit ExtentSet(std::vector<Extent> extents);

    void add(Extent extent);
    void add(const ExtentSet& other);
    void subtract(Extent extent);
    void subtract(const ExtentSet& other);

    [[nodiscard]] bool covers(Extent extent) const;
    [[nodiscard]] std::uint64_t bytes() const;
    [[nodiscard]] bool empty() const { return extents_.empty() && waiting_.empty(); }
    [[nodiscard]] const std::vector<Extent>& extents() const;
    /// The extents themselves, without a copy.
    [[nodiscard]] std::vector<Extent> take() &&;

  private:
    void merge_waiting() const;

    // The set is the union of both; looking at it merges them.
    mutable std::vector<Extent> extents_;
    mutable std::vector<Extent> waiting_;
};

/// Those of the extents that lie inside `size` bytes, whatever the others are.
[[nodiscard]] ExtentSet inside(const std::vector<Extent>& extents, std::uint64_t size);

} // namespace quietus
