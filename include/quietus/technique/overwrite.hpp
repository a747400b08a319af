// Overwrite: one pass of writing over the whole addressable space, then a flush.
#pragma once

#include "quietus/record/erasure_record.hpp"
#include "quietus/stream/pattern.hpp"
#include "quietus/transport/surface.hpp"

namespace quietus {

/// The most extents that a checkpoint is made of. A drive in more pieces has so many bad blocks
/// that its pass goes on from an earlier one.
inline constexpr std::size_t most_checkpoint_extents = 1024;

/// Told when what a pass has written so far is on the medium: the flush has returned.
class CheckpointWatch {
  public:
    virtual ~CheckpointWatch() = default;
    /// `so_far` is flushed and not completed. The first comes before anything is written. What is
    /// returned as a reason to stop ends the pass.
    [[nodiscard]] virtual Stop reached(const PassRecord& so_far) = 0;
};

/// Writes the pattern over all but what the surface keeps and flushes; fills in what was written,
/// what could not be, to the block, and whether every flush succeeded. What the record has as
/// written already is left alone. Never BLKZEROOUT and never discard: both may leave the old blocks
/// where they are. Without a watch there are no checkpoints.
[[nodiscard]] Stop write_pass(Surface& surface, Pattern& pattern, PassRecord& record,
                              CheckpointWatch* watch = nullptr);

} // namespace quietus
