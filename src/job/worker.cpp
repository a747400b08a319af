#include "worker.hpp"

#include "worker_words.hpp"

#include "quietus/confine/transfers.hpp"
#include "quietus/transport/linux/open_block.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <string>
#include <utility>

namespace quietus {
namespace {

using namespace std::chrono_literals;

/// The worker's end of the conversation.
class Line {
  public:
    explicit Line(const ChildChannel& channel) : channel_(channel) {}

    void tell(const WorkerNews& news) { channel_.send(to_line(news)); }

    Status ask(const WorkerNews& question) {
        tell(question);
        for (;;) {
            const auto order = next_order(0);
            if (!order) continue;
            return order->refusal ? Status(*order->refusal) : Status{};
        }
    }

    [[nodiscard]] bool stop_requested() {
        while (!stop_ && next_order(MSG_DONTWAIT)) {
            // There is no question open: an answer to none is not for us.
        }
        return stop_;
    }
    /// As last heard by the one above.
    [[nodiscard]] bool paused() const { return paused_; }

  private:
    // Orders to stop or pause are taken out on the way. Nothing: there is no whole line yet.
    std::optional<WorkerOrder> next_order(int flags) {
        auto end = unread_.find('\n');
        if (end == std::string::npos && !receive(flags)) return std::nullopt;
        end = unread_.find('\n');
        if (end == std::string::npos) return std::nullopt;
        auto order = parse_order(std::string_view(unread_).substr(0, end));
        unread_.erase(0, end + 1);
        if (!order) ::_exit(EXIT_FAILURE); // never so, unless one of us is broken
        stop_ = stop_ || order->stop;
        paused_ = order->pause.value_or(paused_);
        if (order->stop || order->pause) return std::nullopt;
        return std::move(*order);
    }

    bool receive(int flags) {
        std::array<char, 4096> bytes{};
        const ssize_t got = ::recv(channel_.descriptor(), bytes.data(), bytes.size(), flags);
        if (got > 0) unread_.append(bytes.data(), static_cast<std::size_t>(got));
        if (got == 0) ::_exit(EXIT_FAILURE); // nobody is left who would know what we do
        return got > 0;
    }

    const ChildChannel& channel_;
    std::string unread_;
    bool stop_ = false;
    bool paused_ = false;
};

class RemoteJournal final : public Journal {
  public:
    explicit RemoteJournal(Line& line) : line_(line) {}
    Status append(const Json& event) override {
        return line_.ask({.word = WorkerWord::append, .line = event});
    }

  private:
    Line& line_;
};

class RemoteWatch final : public JobWatch {
  public:
    RemoteWatch(Line& line, Clock& clock) : line_(line), clock_(clock) {}
    void step_started(const Progress& progress) override { tell(WorkerWord::started, progress); }
    void progressed(const Progress& progress) override {
        if (due(told_, 100ms)) tell(WorkerWord::moved, progress);
    }
    void stalled(const Progress& progress, std::chrono::seconds silent_for) override {
        line_.tell({.word = WorkerWord::stalled,
                    .progress = progress,
                    .silent_seconds = static_cast<std::uint32_t>(silent_for.count())});
    }
    void step_finished(const Progress& progress) override { tell(WorkerWord::finished, progress); }
    bool stop_requested() override {
        if (due(asked_, 20ms)) stop_ = line_.stop_requested();
        return stop_;
    }
    bool pause_requested() override { return line_.paused(); }

  private:
    void tell(WorkerWord word, const Progress& progress) {
        line_.tell({.word = word, .progress = progress});
    }
    bool due(std::chrono::nanoseconds& last, std::chrono::nanoseconds interval) {
        const auto now = clock_.monotonic();
        if (now - last < interval) return false;
        last = now;
        return true;
    }

    Line& line_;
    Clock& clock_;
    std::chrono::nanoseconds told_{};
    std::chrono::nanoseconds asked_{};
    bool stop_ = false;
};

/// Opens the drive itself; from then on it can look at nothing, and has others look.
class RemoteBay final : public Bay {
  public:
    RemoteBay(Line& line, Host& host, const Drive& drive, int channel)
        : line_(line), host_(host), drive_(drive), channel_(channel) {}
    Result<DriveLink> open() override {
        auto link = host_.open(drive_);
        if (!link) return link;
        const auto requests = block_node_requests();
        auto confined = confine_to_transfers({.channel = channel_,
                                              .requests = {requests.begin(), requests.end()},
                                              .largest_file = drive_.size_bytes});
        if (!confined)
            return std::move(confined)
                .error()
                .during("the worker cannot be confined")
                .during(drive_.node);
        return link;
    }
    Status check_unchanged() override { return line_.ask({.word = WorkerWord::unchanged}); }
    Status check_same() override { return line_.ask({.word = WorkerWord::same}); }

  private:
    Line& line_;
    Host& host_;
    const Drive& drive_;
    int channel_;
};

} // namespace

void work(CommittedPlan order, const Endurance& endurance, const WorkerDoors& doors,
          const ChildChannel& channel) {
    Line line(channel);
    const Drive drive = order.drive();
    RemoteBay bay(line, doors.host, drive, channel.descriptor());
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
