// UndoingProcess: undo() in a process that is confined as a worker is.
#pragma once

#include "worker.hpp"

#include "quietus/job/undo.hpp"
#include "quietus/job/workplace.hpp"

namespace quietus {

/// As undo(). Fault::io besides when the process is lost: then the drive is to be asked again.
[[nodiscard]] Result<Undone> undo_in_a_process(const Drive& drive, const WorkerDoors& doors,
                                               const WorkerLimits& limits, JobWatch& watch);

} // namespace quietus
