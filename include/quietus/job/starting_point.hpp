// StartingPoint: from where a run goes on with what interrupted ones have done.
//
// Only what is known to be on the medium counts: steps that came to their end and were flushed, and
// of the pass that was under way what its last checkpoint says, which stands in the journal since
// after the flush. A step of reading is done again from its beginning, and so is the address probe.
#pragma once

#include "quietus/core/extent.hpp"
#include "quietus/record/erasure_record.hpp"
#include "quietus/record/plan.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace quietus {

struct StartingPoint {
    std::uint32_t step = 1; ///< the first that is not done; one more than the last: read back
    Evidence done;          ///< of the steps before it, and the interruptions so far
    std::optional<PassRecord> begun; ///< of `step`: what of it is on the medium

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("step", self.step);
        visit("done", self.done);
        visit("begun", self.begun);
    }
};

/// What the journal of an interrupted run has: its records, and its last checkpoint.
struct LoggedProgress {
    Evidence evidence;
    std::optional<PassRecord> checkpoint;
};

/// Where to go on. Without its keys a pass of random data, or one made of such, cannot be gone on
/// with or read back: then the earliest such pass that is still needed is begun anew. The last of
/// done.resumed is this interruption, with what follows from journal and plan filled in; who is
/// interrupted and when it goes on is for the caller to say. Total: whatever the plan and the
/// records are, nothing worse follows than a refusal.
[[nodiscard]] StartingPoint starting_point(const Plan& plan, LoggedProgress progress,
                                           const Drive& drive, bool keys_kept);

/// What must be on the drive before the run goes on, and of which step it is: the beginning and the
/// end of what was written last. None when it cannot be known: then nothing, or a pass that had
/// begun without a checkpoint.
struct Expected {
    std::uint32_t step = 0;
    std::vector<Extent> extents;
};
[[nodiscard]] std::optional<Expected> expected_content(const StartingPoint& from);

/// Whether the evidence is what can have become of that starting point: what was done is in it
/// unchanged, and the pass that was under way has lost nothing.
[[nodiscard]] bool goes_on_from(const Evidence& evidence, const StartingPoint& from);

} // namespace quietus
