#include "undoing_process.hpp"

#include "worker_bay.hpp"
#include "worker_intake.hpp"
#include "worker_line.hpp"
#include "worker_words.hpp"

#include "quietus/core/json_fields.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace quietus {
namespace {

/// How often the watch is asked whether to stop when nothing is said.
constexpr std::chrono::milliseconds heartbeat{100};

// In the child.
void undo_and_tell(const Drive& drive, const WorkerDoors& doors, const ChildChannel& channel) {
    WorkerLine line(channel);
    RemoteBay bay(line, doors.host, drive, true);
    RemoteWatch watch(line, doors.clock);
    auto undone = undo(drive, bay, doors.clock, watch);
    if (undone)
        line.tell({.word = WorkerWord::undone, .line = to_json(*undone)});
    else
        line.tell({.word = WorkerWord::error, .error = std::move(undone).error()});
}

/// What that child does, as seen from here.
class Undoing {
  public:
    Undoing(ChildProcess child, const Drive& drive, const WorkerDoors& doors, JobWatch& watch)
        : child_(std::move(child)), drive_(drive), doors_(doors), watch_(watch) {}

    Result<Undone> finish(std::chrono::seconds limit) {
        silence_.emplace(limit, doors_.clock.monotonic());
        while (!outcome_) {
            pass_on_requests();
            pollfd channel{child_.channel(), POLLIN, 0};
            ::poll(&channel, 1, static_cast<int>(heartbeat.count()));
            const std::size_t before = unheard_.size();
            const Intake intake = take_in(child_.channel(), unheard_);
            if (unheard_.size() != before) silence_->heard(doors_.clock.monotonic());
            take_lines();
            if (outcome_) break;
            if (unheard_.size() > news_limit)
                lose("it says more than there is to say");
            else if (intake == Intake::closed)
                lose(ending());
            else if (silence_->too_long(doors_.clock.monotonic()))
                lose("it says nothing any more");
        }
        return std::move(*outcome_);
    }

  private:
    void pass_on_requests() {
        if (watch_.leave_requested()) return lose("it was left at once, as requested");
        if (told_to_stop_ || !watch_.stop_requested()) return;
        told_to_stop_ = true;
        send({.stop = true});
    }

    void take_lines() {
        for (auto end = unheard_.find('\n'); end != std::string::npos && !outcome_;
             end = unheard_.find('\n')) {
            take_line(std::string_view(unheard_).substr(0, end));
            unheard_.erase(0, end + 1);
        }
    }

    void take_line(std::string_view line) {
        auto news = parse_news(line);
        if (!news) return lose("it is not to be understood: " + news.error().message);
        switch (news->word) {
        case WorkerWord::started:
            return watch_.step_started(*news->progress);
        case WorkerWord::moved:
            return watch_.progressed(*news->progress);
        case WorkerWord::finished:
            return watch_.step_finished(*news->progress);
        case WorkerWord::stalled:
            return watch_.stalled(*news->progress, std::chrono::seconds(*news->silent_seconds));
        case WorkerWord::waiting:
            return silence_->announced(std::chrono::seconds(*news->silent_seconds));
        case WorkerWord::unchanged:
            return answer(HostBay(doors_.host, drive_, child_.pid()).check_unchanged());
        case WorkerWord::undone:
            return take_result(*news->line);
        case WorkerWord::error:
            outcome_.emplace(std::move(*news->error));
            return;
        case WorkerWord::append:
        case WorkerWord::same:
        case WorkerWord::rescan:
        case WorkerWord::reset:
        case WorkerWord::health:
        case WorkerWord::done:
            break;
        }
        lose("it wants what is none of its business");
    }

    void take_result(const Json& line) {
        const auto undone = from_json<Undone>(line);
        if (undone)
            outcome_.emplace(*undone);
        else
            lose("it is not to be understood: " + undone.error().message);
    }

    void answer(const Status& status) {
        WorkerOrder order;
        if (!status) order.refusal = status.error();
        send(order);
    }

    // A line or two in all, which a channel that is read from always takes.
    void send(const WorkerOrder& order) {
        const std::string line = to_line(order);
        const auto put = ::send(child_.channel(), line.data(), line.size(), MSG_NOSIGNAL);
        if (put != static_cast<ssize_t>(line.size())) lose("it does not listen");
    }

    void lose(const std::string& why) {
        child_.kill();
        outcome_.emplace(Error{Fault::io, "the process that sends it commands is lost: " + why});
    }

    std::string ending() {
        const auto status = child_.ended();
        const std::string how = status ? ending_of(*status) : "";
        return how.empty() ? "it ended too early" : how;
    }

    ChildProcess child_;
    const Drive& drive_;
    const WorkerDoors& doors_;
    JobWatch& watch_;
    std::string unheard_;
    std::optional<Silence> silence_; ///< while it is listened to
    bool told_to_stop_ = false;
    std::optional<Result<Undone>> outcome_;
};

} // namespace

Result<Undone> undo_in_a_process(const Drive& drive, const WorkerDoors& doors,
                                 const WorkerLimits& limits, JobWatch& watch) {
    auto child = ChildProcess::start(
        [&](const ChildChannel& channel) { undo_and_tell(drive, doors, channel); });
    if (!child) return std::move(child).error();
    return Undoing(std::move(*child), drive, doors, watch).finish(limits.silence);
}

} // namespace quietus
