#include "quietus/job/workplace.hpp"

#include "quietus/core/ensure.hpp"

#include <queue>
#include <utility>

namespace quietus {
namespace {

class SingleWorkplace final : public Workplace {
  public:
    SingleWorkplace(Host& host, Clock& clock) : host_(host), clock_(clock) {}
    void begin(CommittedPlan order, const JobDesk& desk) override {
        waiting_.emplace(std::move(order), desk);
    }
    [[nodiscard]] EndedJob next() override {
        QUIETUS_ENSURE(!waiting_.empty());
        auto [order, desk] = std::move(waiting_.front());
        waiting_.pop();
        std::string job = order.job();
        const Drive drive = order.drive();
        HostBay bay(host_, drive);
        Bench bench{bay, clock_, desk.journal, desk.watch, desk.endurance};
        return {std::move(job), carry_out(std::move(order), bench)};
    }

    [[nodiscard]] Result<Undone> undo(const Drive& drive, JobWatch& watch) override {
        HostBay bay(host_, drive);
        return quietus::undo(drive, bay, clock_, watch);
    }

  private:
    Host& host_;
    Clock& clock_;
    std::queue<std::pair<CommittedPlan, JobDesk>> waiting_;
};

} // namespace

std::unique_ptr<Workplace> make_single_workplace(Host& host, Clock& clock) {
    return std::make_unique<SingleWorkplace>(host, clock);
}

} // namespace quietus
