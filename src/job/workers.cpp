#include "workers.hpp"

#include "quietus/confine/child_process.hpp"
#include "quietus/core/ensure.hpp"
#include "quietus/core/json_fields.hpp"
#include "quietus/policy/judge.hpp"

#include "looks.hpp"
#include "packed_extents.hpp"
#include "thermometer.hpp"
#include "undoing_process.hpp"
#include "worker.hpp"
#include "worker_intake.hpp"
#include "worker_words.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <list>
#include <span>
#include <utility>
#include <vector>

namespace quietus {
namespace {

using namespace std::chrono_literals;

/// How long a worker that is done, or was given up, may take to be gone.
constexpr std::chrono::milliseconds farewell = 20ms;
/// How often the watches are asked whether to stop when no worker says anything.
constexpr std::chrono::milliseconds heartbeat = 100ms;

/// What all workers of a workplace share.
struct WorkerSetting {
    WorkerDoors doors;
    WorkerLimits limits;
    WorkerBody body;
};

/// What one worker does, as seen from here.
class Worker {
  public:
    Worker(CommittedPlan order, const JobDesk& desk, const WorkerSetting& setting, Looks& looks)
        : job_(order.job()), drive_(order.drive()), plan_(order.plan()), from_(order.from()),
          desk_(desk), clock_(setting.doors.clock), limits_(setting.limits), looks_(looks),
          thermometer_(setting.doors.host, drive_, desk.cooling, limits_.thermometer),
          silence_(limits_.silence, clock_.monotonic()) {
        auto child = ChildProcess::start([&](const ChildChannel& channel) {
            setting.body(std::move(order), desk.endurance, channel);
        });
        if (child)
            child_.emplace(std::move(*child));
        else
            end(std::move(child).error().during("worker"));
    }

    [[nodiscard]] std::optional<EndedJob> ended() {
        if (!outcome_) return std::nullopt;
        return EndedJob{job_, std::move(*outcome_)};
    }

    void add_channels(std::vector<pollfd>& channels) const {
        if (outcome_) return;
        const short events = unsent_.empty() ? POLLIN : POLLIN | POLLOUT;
        channels.push_back({child_->channel(), events, 0});
        if (thermometer_.channel() >= 0) channels.push_back({thermometer_.channel(), POLLIN, 0});
    }

    /// `channels`: its own, as add_channels() gave them and poll(2) left them.
    void attend(std::span<const pollfd> channels) {
        if (outcome_) return;
        if (desk_.watch.leave_requested()) return lose("it was left at once, as requested");
        if (!told_to_stop_ && desk_.watch.stop_requested()) {
            told_to_stop_ = true;
            unsent_ += to_line(WorkerOrder{.stop = true});
        }
        keep_cool();
        // Of many workers few have said anything: to ask each costs more than to hear those few.
        if (std::ranges::any_of(channels, [](const pollfd& each) { return each.revents != 0; }))
            hear();
        if (!outcome_ && question_) take_answer();
        if (!outcome_) send();
        if (!outcome_ && !question_ && silence_.too_long(clock_.monotonic()))
            lose("it has said nothing for " + std::to_string(silence_.allowed().count()) + " s");
    }

  private:
    void end(Result<ErasureRecord> outcome) {
        outcome_.emplace(std::move(outcome));
        if (question_) looks_.forget(*question_);
    }

    void keep_cool() {
        if (const auto warmth = thermometer_.news(clock_.monotonic()))
            desk_.watch.measured(*warmth);
        if (thermometer_.paused() == told_to_pause_) return;
        told_to_pause_ = thermometer_.paused();
        unsent_ += to_line(WorkerOrder{.pause = told_to_pause_});
    }

    // What it wrote last nobody can tell any more.
    void lose(const std::string& why) {
        child_->kill();
        end(Error{Fault::drive, "worker: " + why});
    }

    void hear() {
        const std::size_t before = unheard_.size();
        const Intake intake = take_in(child_->channel(), unheard_);
        if (unheard_.size() != before) silence_.heard(clock_.monotonic());
        std::size_t begin = 0;
        for (auto end = unheard_.find('\n'); end != std::string::npos && !outcome_;
             end = unheard_.find('\n', begin)) {
            take_line(std::string_view(unheard_).substr(begin, end - begin));
            begin = end + 1;
        }
        unheard_.erase(0, begin);
        if (outcome_) return;
        if (unheard_.size() > news_limit) return lose("it says more than there is to say");
        if (intake == Intake::closed) lose(how_it_ended());
    }

    [[nodiscard]] std::string how_it_ended() {
        for (int tries = 0; tries < 100 && !child_->ended(); ++tries)
            ::usleep(1000); // its channel is closed: it is about to be gone
        const auto status = child_->ended();
        const std::string how = status ? ending_of(*status) : "";
        return how.empty() ? "it ended too early" : how;
    }

    void take_line(std::string_view line) {
        auto news = parse_news(line);
        if (!news) return lose("it is not to be understood: " + news.error().message);
        switch (news->word) {
        case WorkerWord::started:
            begun_ = true;
            return desk_.watch.step_started(*news->progress);
        case WorkerWord::moved:
            return desk_.watch.progressed(*news->progress);
        case WorkerWord::finished:
            return desk_.watch.step_finished(*news->progress);
        case WorkerWord::stalled:
            return desk_.watch.stalled(*news->progress,
                                       std::chrono::seconds(*news->silent_seconds));
        case WorkerWord::waiting:
            return silence_.announced(std::chrono::seconds(*news->silent_seconds));
        case WorkerWord::append:
            return take_journal_line(*news->line);
        case WorkerWord::unchanged:
        case WorkerWord::same:
        case WorkerWord::health:
            return look(news->word);
        case WorkerWord::rescan:
        case WorkerWord::reset:
            if (!needs_commands(plan_)) return lose("it wants a drive reset for nothing");
            return look(news->word);
        case WorkerWord::undone:
            return lose("it says of nothing that it is undone");
        case WorkerWord::done:
            return record_ ? end(std::move(*record_)) : lose("it ended without a verdict");
        case WorkerWord::error:
            // From its first step on it has a record to give and no error.
            if (begun_ && news->error->fault != Fault::evidence) return lose(news->error->message);
            return end(std::move(*news->error));
        }
    }

    void take_journal_line(const Json& event) {
        const std::string_view kind = event.text_of("event");
        const bool is_step = kind == "probe" || kind == "checkpoint" || kind == "pass" ||
                             kind == "read-back" || kind == "firmware" || kind == "transcript" ||
                             kind == "hidden-areas" || kind == "health" || kind == "luks";
        if (record_ || (!is_step && kind != "verdict"))
            return lose("it wants a line in the journal that is not its own to write");
        std::optional<ErasureRecord> record;
        if (kind == "verdict") {
            const Json* json = event.find("record");
            auto read = from_packed_json<ErasureRecord>(json == nullptr ? Json{} : *json);
            if (!read) return lose("its verdict is not to be understood");
            if (!is_upheld(*read)) return lose("its verdict does not follow from its evidence");
            record = std::move(*read);
        }
        const Status written = desk_.journal.append(event);
        if (written) record_ = std::move(record);
        answer(written);
    }

    // Of this job, and as anybody would judge it.
    [[nodiscard]] bool is_upheld(const ErasureRecord& record) const {
        return record.job == job_ && to_json(record.drive) == to_json(drive_) &&
               to_json(record.plan) == to_json(plan_) && goes_on_from(record.evidence, from_) &&
               is_same(record.judgement, judge(drive_, plan_, record.evidence));
    }

    void look(WorkerWord question) {
        if (question_) return lose("it asks before it was answered");
        question_ = looks_.ask(drive_, question, child_->pid());
    }

    void take_answer() {
        const auto order = looks_.answer(*question_);
        if (!order) return;
        question_.reset();
        silence_.was_our_turn(clock_.monotonic());
        unsent_ += to_line(*order);
    }

    void answer(const Status& status) {
        WorkerOrder order;
        if (!status) order.refusal = status.error();
        unsent_ += to_line(order);
    }

    void send() {
        while (!unsent_.empty()) {
            const ssize_t put =
                ::send(child_->channel(), unsent_.data(), unsent_.size(), MSG_NOSIGNAL);
            if (put < 0 && errno == EINTR) continue;
            if (put <= 0) return; // what is closed is seen when it is read from
            unsent_.erase(0, static_cast<std::size_t>(put));
        }
    }

    std::string job_;
    Drive drive_;
    Plan plan_;
    StartingPoint from_;
    JobDesk desk_;
    Clock& clock_;
    WorkerLimits limits_;
    Looks& looks_;
    Thermometer thermometer_;
    std::optional<ChildProcess> child_;
    std::optional<Looks::Number> question_;
    Silence silence_;
    std::string unheard_;
    std::string unsent_;
    bool told_to_stop_ = false;
    bool told_to_pause_ = false;
    bool begun_ = false;                  ///< it has a record to give whatever comes
    std::optional<ErasureRecord> record_; ///< of the journal's last line
    std::optional<Result<ErasureRecord>> outcome_;
};

class Workers final : public Workplace {
  public:
    explicit Workers(WorkerSetting setting)
        : setting_(std::move(setting)), looks_(setting_.doors.host, setting_.doors.clock) {}

    void begin(CommittedPlan order, const JobDesk& desk) override {
        workers_.emplace_back(std::move(order), desk, setting_, looks_);
        attend(std::chrono::milliseconds{0}); // those that were begun before wait for answers
    }

    EndedJob next() override {
        QUIETUS_ENSURE(!workers_.empty());
        for (;;) {
            for (auto worker = workers_.begin(); worker != workers_.end(); ++worker) {
                auto ended = worker->ended();
                if (!ended) continue;
                workers_.erase(worker);
                ChildProcess::bury(farewell); // what it used counts as ours, if it ends by then
                return std::move(*ended);
            }
            attend(heartbeat);
        }
    }

    Result<Undone> undo(const Drive& drive, JobWatch& watch) override {
        return undo_in_a_process(drive, setting_.doors, setting_.limits, watch);
    }

  private:
    void attend(std::chrono::milliseconds patience) {
        std::vector<pollfd> channels;
        std::vector<std::size_t> first;
        for (const Worker& worker : workers_) {
            first.push_back(channels.size());
            worker.add_channels(channels);
        }
        first.push_back(channels.size());
        looks_.add_channels(channels);
        ::poll(channels.data(), channels.size(), static_cast<int>(patience.count()));
        looks_.take_in();
        auto begin = first.begin();
        for (Worker& worker : workers_) {
            const std::size_t own = *begin++;
            worker.attend(std::span(channels).subspan(own, *begin - own));
        }
        looks_.set_off(); // for all that have asked by now
    }

    WorkerSetting setting_;
    Looks looks_;
    std::list<Worker> workers_;
};

} // namespace

std::unique_ptr<Workplace> make_workers(Host& host, Clock& clock, WorkerLimits limits,
                                        WorkerBody body) {
    return std::make_unique<Workers>(WorkerSetting{{host, clock}, limits, std::move(body)});
}

std::unique_ptr<Workplace> make_workers(Host& host, Clock& clock, WorkerLimits limits) {
    const WorkerDoors doors{host, clock};
    return make_workers(
        host, clock, limits,
        [doors](CommittedPlan order, const Endurance& endurance, const ChildChannel& channel) {
            work(std::move(order), endurance, doors, channel);
        });
}

} // namespace quietus
