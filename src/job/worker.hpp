// Worker: carries out one order at the other end of a channel.
#pragma once

#include "quietus/confine/child_process.hpp"
#include "quietus/core/clock.hpp"
#include "quietus/drive/host.hpp"
#include "quietus/job/order.hpp"
#include "quietus/transport/endurance.hpp"

namespace quietus {

struct WorkerDoors {
    Host& host;
    Clock& clock;
};

/// In the child: opens the drive, is confined for good (confine/transfers.hpp), carries the order
/// out, and says what worker_words.hpp has words for. Nothing is written to the drive when it
/// cannot be confined.
void work(CommittedPlan order, const Endurance& endurance, const WorkerDoors& doors,
          const ChildChannel& channel);

} // namespace quietus
