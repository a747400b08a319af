// Canaries: keyed blocks put onto a drive before it is told to erase itself, and looked for
// afterwards.
//
// Where one is left nothing was erased there, whatever the drive says. They lie at the first, the
// middle and the last block of each namespace (of other drives: of the whole), at both sides of
// where what was hidden before begins, and one in each of 64 equal strata besides, drawn when they
// are written: a drive cannot know where it will be looked at.
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/record/firmware_evidence.hpp"
#include "quietus/stream/pattern.hpp"
#include "quietus/transport/surface.hpp"

#include <cstdint>
#include <set>
#include <vector>

namespace quietus {

class Canaries {
  public:
    /// `key` (32 octets) says what they hold and where they lie. `hidden_from`: the offset behind
    /// which nothing could be reached before; 0: everything could. `borders`: the offsets at which
    /// another namespace begins.
    Canaries(const BlockGeometry& geometry, ByteView key, std::uint64_t hidden_from,
             const std::vector<std::uint64_t>& borders = {});

    [[nodiscard]] const std::vector<Extent>& places() const { return places_; }

    /// Writes, flushes, and reads back: only what is found is said to be written. Where another one
    /// stands instead (`elsewhere`) two addresses lead to one block.
    [[nodiscard]] Stop write(Surface& surface, CanaryRecord& record);
    /// Looks where they were. One of which sixteen octets are still in place is left.
    [[nodiscard]] Stop check(Surface& surface, CanaryRecord& record);
    /// Whether a block that stands anywhere begins as one of them does.
    [[nodiscard]] bool begins_as_one(ByteView block) const;

  private:
    Pattern pattern_;
    std::vector<Extent> places_;
    std::set<Bytes> beginnings_;
    std::uint64_t hidden_from_;
};

/// Those that must be among the places on a drive of this size, whatever the key is.
[[nodiscard]] std::vector<Extent> required_canaries(std::uint64_t size_bytes,
                                                    std::uint32_t block_bytes,
                                                    std::uint64_t hidden_from,
                                                    const std::vector<std::uint64_t>& borders = {});

} // namespace quietus
