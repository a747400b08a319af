#include "worker_line.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string_view>
#include <utility>

namespace quietus {

using namespace std::chrono_literals;

Status WorkerLine::ask(const WorkerNews& question) {
    const WorkerOrder answer = answer_to(question);
    return answer.refusal ? Status(*answer.refusal) : Status{};
}

Result<HealthRecord> WorkerLine::ask_for_health() {
    WorkerOrder answer = answer_to({.word = WorkerWord::health});
    if (answer.refusal) return std::move(*answer.refusal);
    if (!answer.health) return Error{Fault::io, "nothing was said of its health"};
    return std::move(*answer.health);
}

WorkerOrder WorkerLine::answer_to(const WorkerNews& question) {
    tell(question);
    for (;;)
        if (auto order = next_order(0)) return std::move(*order);
}

bool WorkerLine::stop_requested() {
    while (!stop_ && next_order(MSG_DONTWAIT)) {
        // There is no question open: an answer to none is not for us.
    }
    return stop_;
}

// Orders to stop or pause are taken out on the way. Nothing: there is no whole line yet.
std::optional<WorkerOrder> WorkerLine::next_order(int flags) {
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

bool WorkerLine::receive(int flags) {
    std::array<char, 4096> bytes{};
    const ssize_t got = ::recv(channel_.descriptor(), bytes.data(), bytes.size(), flags);
    if (got > 0) unread_.append(bytes.data(), static_cast<std::size_t>(got));
    if (got == 0) ::_exit(EXIT_FAILURE); // nobody is left who would know what we do
    return got > 0;
}

void RemoteWatch::step_started(const Progress& progress) {
    tell(WorkerWord::started, progress);
}

void RemoteWatch::progressed(const Progress& progress) {
    if (due(told_, 100ms)) tell(WorkerWord::moved, progress);
}

void RemoteWatch::stalled(const Progress& progress, std::chrono::seconds silent_for) {
    line_.tell({.word = WorkerWord::stalled,
                .progress = progress,
                .silent_seconds = static_cast<std::uint32_t>(silent_for.count())});
}

void RemoteWatch::step_finished(const Progress& progress) {
    tell(WorkerWord::finished, progress);
}

bool RemoteWatch::stop_requested() {
    if (due(asked_, 20ms)) stop_ = line_.stop_requested();
    return stop_;
}

void RemoteWatch::tell(WorkerWord word, const Progress& progress) {
    line_.tell({.word = word, .progress = progress});
}

bool RemoteWatch::due(std::chrono::nanoseconds& last, std::chrono::nanoseconds interval) {
    const auto now = clock_.monotonic();
    if (now - last < interval) return false;
    last = now;
    return true;
}

} // namespace quietus
