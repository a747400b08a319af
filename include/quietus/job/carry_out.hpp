// carry_out: erases and verifies one drive, exactly as committed.
#pragma once

#include "quietus/core/clock.hpp"
#include "quietus/core/result.hpp"
#include "quietus/drive/host.hpp"
#include "quietus/job/journal.hpp"
#include "quietus/job/order.hpp"
#include "quietus/record/erasure_record.hpp"
#include "quietus/transport/endurance.hpp"

#include <chrono>
#include <cstdint>

namespace quietus {

/// Where a job is.
struct Progress {
    std::uint32_t step = 0; ///< from 1
    std::uint32_t steps = 0;
    StepKind kind = StepKind::write;
    std::uint64_t bytes_done = 0; ///< of this step
    std::uint64_t bytes_total = 0;
};

/// Told what happens; asked whether to stop. Called on the thread of carry_out().
class JobWatch {
  public:
    virtual ~JobWatch() = default;
    virtual void step_started(const Progress& progress) = 0;
    virtual void progressed(const Progress& progress) = 0;
    /// The drive has been silent for so long; told again while it stays so.
    virtual void stalled(const Progress& /*progress*/, std::chrono::seconds /*silent_for*/) {}
    virtual void step_finished(const Progress& progress) = 0;
    [[nodiscard]] virtual bool stop_requested() = 0;
};

/// What a job works with; none of it is owned.
struct Bench {
    Host& host;
    Clock& clock;
    Journal& journal;
    JobWatch& watch;
    Endurance endurance = {};
};

/// Opens the drive, looks at it once more while it is held (drive/recheck.hpp), carries out every
/// step in order, looks again after each step in which a transfer failed, judges, and writes the
/// verdict line. Fault::refused and Fault::io only before the first write; afterwards every failure
/// is a verdict in the record. A journal that can no longer be written stops the job: the record
/// then says `failed` with the finding journal-lost, and the error of the verdict line itself is
/// Fault::evidence.
[[nodiscard]] Result<ErasureRecord> carry_out(CommittedPlan order, Bench& bench);

} // namespace quietus
