#include "worker.hpp"

#include "worker_bay.hpp"
#include "worker_line.hpp"

#include <utility>

namespace quietus {
namespace {

class RemoteJournal final : public Journal {
  public:
    explicit RemoteJournal(WorkerLine& line) : line_(line) {}
    Status append(const Json& event) override {
        return line_.ask({.word = WorkerWord::append, .line = event});
    }

  private:
    WorkerLine& line_;
};

} // namespace

void work(CommittedPlan order, const Endurance& endurance, const WorkerDoors& doors,
          const ChildChannel& channel) {
    WorkerLine line(channel);
    RemoteBay bay(line, doors.host, order.drive(), needs_commands(order.plan()));
    RemoteJournal journal(line);
    RemoteWatch watch(line, doors.clock);
    Bench bench{bay, doors.clock, journal, watch, endurance};
    auto record = carry_out(std::move(order), bench);
    if (record)
        line.tell({.word = WorkerWord::done});
    else
        line.tell({.word = WorkerWord::error, .error = std::move(record).error()});
}

} // namespace quietus
