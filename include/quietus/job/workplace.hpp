// Workplace: where orders are carried out: many at once, each in a process of its own, or one after
// another in this one.
//
// A worker has its drive's descriptors and a channel, and nothing else: no key, no other drive, no
// file, no network, no privilege (confine/transfers.hpp). What it says is a stranger's word: read
// strictly, and put into the journal as what the drive is said to have done. One that crashes, is
// killed or falls silent costs its own job and delays no other.
#pragma once

#include "quietus/core/clock.hpp"
#include "quietus/drive/host.hpp"
#include "quietus/job/carry_out.hpp"
#include "quietus/job/undo.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace quietus {

/// Whom a job tells, and how patient it is; none of it is owned.
struct JobDesk {
    Journal& journal;
    JobWatch& watch;
    Endurance endurance = {};
    Cooling cooling = {};
};

/// How carry_out() came out for one order.
struct EndedJob {
    std::string job;
    /// The errors of carry_out(), and Fault::drive when the worker was lost: its journal then has
    /// no verdict, and what it wrote last is not known.
    Result<ErasureRecord> record;
};

class Workplace {
  public:
    virtual ~Workplace() = default;
    /// Begins to carry it out. What the desk borrows must outlive the job.
    virtual void begin(CommittedPlan order, const JobDesk& desk) = 0;
    /// Waits until one of the jobs that were begun has ended, and tells the watches of all of them
    /// meanwhile. There must be one.
    [[nodiscard]] virtual EndedJob next() = 0;
    /// undo() of this drive, where orders are carried out too; waits for its end. No job is begun.
    /// Fault::io when a process was lost: then the drive is to be asked how it is.
    [[nodiscard]] virtual Result<Undone> undo(const Drive& drive, JobWatch& watch) = 0;
};

/// One after another, in this process. Both outlive it.
[[nodiscard]] std::unique_ptr<Workplace> make_single_workplace(Host& host, Clock& clock);

struct WorkerLimits {
    /// A worker tells that it is alive many times in that long, however its drive may be doing.
    std::chrono::seconds silence{120};
    /// Between two readings of a drive's temperature, each of which is a command to it: drives take
    /// minutes to warm up.
    std::chrono::milliseconds thermometer{5000};
};

/// All at once, each in a process of its own. This process must have one thread. Both outlive it.
[[nodiscard]] std::unique_ptr<Workplace> make_workers(Host& host, Clock& clock,
                                                      WorkerLimits limits = {});

} // namespace quietus
