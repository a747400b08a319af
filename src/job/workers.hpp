// Workers: the processes of make_workers(), and what they do, for tests in which they misbehave.
#pragma once

#include "quietus/confine/child_process.hpp"
#include "quietus/job/workplace.hpp"

#include <functional>
#include <memory>

namespace quietus {

/// Runs in the child; work() (worker.hpp) in the program.
using WorkerBody =
    std::function<void(CommittedPlan order, const Endurance& endurance, const ChildChannel&)>;

[[nodiscard]] std::unique_ptr<Workplace> make_workers(Host& host, Clock& clock, WorkerLimits limits,
                                                      WorkerBody body);

} // namespace quietus
