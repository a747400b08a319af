// carry_out: erases and verifies one drive, exactly as committed.
#pragma once

#include "quietus/core/clock.hpp"
#include "quietus/core/result.hpp"
#include "quietus/drive/host.hpp"
#include "quietus/job/cooling.hpp"
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

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("step", self.step);
        visit("steps", self.steps);
        visit("kind", self.kind);
        visit("bytes_done", self.bytes_done);
        visit("bytes_total", self.bytes_total);
    }
};

/// Told what happens; asked whether to stop.
class JobWatch {
  public:
    virtual ~JobWatch() = default;
    virtual void step_started(const Progress& progress) = 0;
    virtual void progressed(const Progress& progress) = 0;
    /// The drive has been silent for so long; told again while it stays so.
    virtual void stalled(const Progress& /*progress*/, std::chrono::seconds /*silent_for*/) {}
    virtual void step_finished(const Progress& progress) = 0;
    /// How warm the drive is, whenever that was read.
    virtual void measured(const Warmth& /*warmth*/) {}
    /// In good order: what is in flight comes back, and what was written is flushed.
    [[nodiscard]] virtual bool stop_requested() = 0;
    /// While it is true nothing new is begun: the drive is too warm.
    [[nodiscard]] virtual bool pause_requested() { return false; }
    /// At once: nothing is waited for, and the job is brought to its end later.
    [[nodiscard]] virtual bool leave_requested() { return false; }
};

/// Where a job's drive is, and what the rest of the machine says of it while the job holds it.
class Bay {
  public:
    virtual ~Bay() = default;
    /// Opens the drive for erasing; see open_block_port.
    [[nodiscard]] virtual Result<DriveLink> open() = 0;
    /// Before the first write: check_unchanged (drive/recheck.hpp) against what is there now.
    [[nodiscard]] virtual Status check_unchanged() = 0;
    /// After failed transfers: check_surroundings, and then check_own_word if the drive answers.
    [[nodiscard]] virtual Status check_same() = 0;
    /// What the drive tells of its health now, asked past whoever has it open. Fault::io when it
    /// does not, or another drive answers.
    [[nodiscard]] virtual Result<HealthRecord> health() {
        return Error{Fault::unsupported, "its health cannot be asked for here"};
    }
    /// Host::rescan and Host::reset, for a drive that was opened with commands.
    [[nodiscard]] virtual Status rescan() {
        return Error{Fault::unsupported, "its capacity cannot be read again here"};
    }
    [[nodiscard]] virtual Status reset() {
        return Error{Fault::unsupported, "it cannot be reset here"};
    }
};

/// The bay of a drive of this host. Both outlive it.
class HostBay final : public Bay {
  public:
    /// `holder`: the process that has the drive open for us, when that is not this one.
    HostBay(Host& host, const Drive& drive, std::int64_t holder = 0)
        : host_(host), drive_(drive), holder_(holder) {}
    [[nodiscard]] Result<DriveLink> open() override;
    [[nodiscard]] Status check_unchanged() override;
    [[nodiscard]] Status check_same() override;
    [[nodiscard]] Result<HealthRecord> health() override;
    [[nodiscard]] Status rescan() override;
    [[nodiscard]] Status reset() override;

  private:
    [[nodiscard]] Status look_and_check(bool ask, Status (*check)(const Drive&, const Drive&));

    Host& host_;
    const Drive& drive_;
    std::int64_t holder_;
};

/// What a job works with; none of it is owned.
struct Bench {
    Bay& bay;
    Clock& clock;
    Journal& journal;
    JobWatch& watch;
    Endurance endurance = {};
};

/// Tests the generator, opens the drive, has it looked at once more while it is held, reads back
/// the beginning and the end of what an interrupted run had written last (Fault::refused when it is
/// not there), reads what opens the volumes that are to be erased by their keys (the same when they
/// are not as planned), carries out every step that is not done yet in order, has it looked at
/// again after each step in which a transfer failed, asks for its health once more if it told of
/// that before, judges, and writes the verdict line. Fault::refused and Fault::io only before the
/// first write; afterwards every failure is a verdict in the record. A journal that can no longer
/// be written stops the job: the record then says `failed` with the finding journal-lost, and the
/// error of the verdict line itself is Fault::evidence.
[[nodiscard]] Result<ErasureRecord> carry_out(CommittedPlan order, Bench& bench);

} // namespace quietus
