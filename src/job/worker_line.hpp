// The worker's end of the conversation with the process that started it (worker_words.hpp).
#pragma once

#include "worker_words.hpp"

#include "quietus/confine/child_process.hpp"
#include "quietus/core/clock.hpp"
#include "quietus/job/carry_out.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace quietus {

class WorkerLine {
  public:
    explicit WorkerLine(const ChildChannel& channel) : channel_(channel) {}

    void tell(const WorkerNews& news) { channel_.send(to_line(news)); }
    /// Waits for the answer: its refusal, if it is one. Ends the process when nobody is left to
    /// ask.
    [[nodiscard]] Status ask(const WorkerNews& question);
    [[nodiscard]] Result<HealthRecord> ask_for_health();

    [[nodiscard]] bool stop_requested();
    /// As last heard by the one above.
    [[nodiscard]] bool paused() const { return paused_; }
    [[nodiscard]] int channel() const { return channel_.descriptor(); }

  private:
    WorkerOrder answer_to(const WorkerNews& question);
    std::optional<WorkerOrder> next_order(int flags);
    bool receive(int flags);

    const ChildChannel& channel_;
    std::string unread_;
    bool stop_ = false;
    bool paused_ = false;
};

/// Tells progress, though not every step of it.
class RemoteWatch final : public JobWatch {
  public:
    RemoteWatch(WorkerLine& line, Clock& clock) : line_(line), clock_(clock) {}
    void step_started(const Progress& progress) override;
    void progressed(const Progress& progress) override;
    void stalled(const Progress& progress, std::chrono::seconds silent_for) override;
    void step_finished(const Progress& progress) override;
    bool stop_requested() override;
    bool pause_requested() override { return line_.paused(); }

  private:
    void tell(WorkerWord word, const Progress& progress);
    bool due(std::chrono::nanoseconds& last, std::chrono::nanoseconds interval);

    WorkerLine& line_;
    Clock& clock_;
    std::chrono::nanoseconds told_{};
    std::chrono::nanoseconds asked_{};
    bool stop_ = false;
};

} // namespace quietus
