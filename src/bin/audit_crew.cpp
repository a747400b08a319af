#include "audit_crew.hpp"

#include "audit_words.hpp"

#include "quietus/confine/confinement.hpp"
#include "quietus/core/bytes.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace quietus::audit {
namespace {

constexpr unsigned spare_members = 3;
constexpr std::chrono::seconds longest_check{120}; // the slowest known document takes a second
constexpr std::chrono::seconds longest_start{30};
constexpr std::size_t slots_per_job = 8;
constexpr std::size_t questions_per_member = 2; // so that it need not wait for the next
constexpr std::string_view ready = "ready\n";

// --- a member's side ---

// The next so many octets of the channel; nothing at its end.
std::optional<std::string> receive(int channel, std::size_t count) {
    std::string octets(count, '\0');
    for (std::size_t have = 0; have < count;) {
        const ssize_t got = ::read(channel, octets.data() + have, count - have);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return std::nullopt;
        have += static_cast<std::size_t>(got);
    }
    return octets;
}

std::optional<DocumentFiles> receive_document(int channel) {
    std::vector<std::string> parts;
    while (parts.size() < question_parts) {
        const auto length = receive(channel, 4);
        auto part = length ? receive(channel, length_of(*length)) : std::nullopt;
        if (!part) return std::nullopt;
        parts.push_back(std::move(*part));
    }
    return document_of(std::move(parts));
}

void work(const ChildChannel& channel, const Trust& trust) {
    if (auto status = confine({.writable = channel.descriptor()}); !status)
        return channel.send(status.error().message + "\n");
    channel.send(ready);
    while (const auto document = receive_document(channel.descriptor()))
        channel.send(answer_of(check_document(*document, trust.anchors, trust.profiles)));
}

// --- our side ---

// A line of a channel that does not block, within the time for a start.
std::string first_line(int channel) {
    std::string line;
    const auto until = std::chrono::steady_clock::now() + longest_start;
    while (!line.ends_with('\n') && std::chrono::steady_clock::now() < until) {
        pollfd waiting{channel, POLLIN, 0};
        ::poll(&waiting, 1, 100);
        std::array<char, 256> some{};
        const ssize_t got = ::read(channel, some.data(), some.size());
        if (got == 0) break;
        if (got > 0) line.append(some.data(), static_cast<std::size_t>(got));
    }
    return line;
}

DocumentReport unfinished(const std::string& path, const std::string& why) {
    DocumentReport report{path, {}, {}, DocumentVerdict::indeterminate, {}, {}, {}};
    report.findings.push_back({"I_CHECK", "the check of this document came to no end: " + why});
    return report;
}

} // namespace

Result<Crew> Crew::start(unsigned jobs, const Trust& trust) {
    std::list<Member> members;
    for (unsigned i = 0; i < jobs + spare_members; ++i) {
        auto process =
            ChildProcess::start([&](const ChildChannel& channel) { work(channel, trust); });
        if (!process) return std::move(process).error();
        members.push_back({std::move(*process)});
    }
    for (const Member& member : members)
        if (const std::string line = first_line(member.process.channel()); line != ready)
            return Error{Fault::io, "no confined process to check documents in: " + escaped(line)};
    return Crew(jobs, std::move(members));
}

void Crew::check(const CrewOrders& orders) {
    for (;;) {
        hand_out(orders);
        deliver(orders);
        if (!more_ && slots_.empty()) return;
        if (std::ranges::any_of(members_, [](const Member& each) { return !each.asked.empty(); }))
            wait();
    }
}

void Crew::hand_out(const CrewOrders& orders) {
    std::size_t working = 0;
    for (auto member = members_.begin(); member != members_.end() && working < jobs_;
         ++member, ++working)
        while (member->asked.size() < questions_per_member) {
            const auto at = next_slot(orders);
            if (!at) return;
            ask(*member, *at);
        }
    if (!members_.empty()) return;
    while (const auto at = next_slot(orders))
        slot(*at) = {unfinished(slot(*at).report.file, "no process is left to do it"), true};
}

// One that has a file and no report yet; nothing when there is none, or too many wait already.
std::optional<std::size_t> Crew::next_slot(const CrewOrders& orders) {
    if (!again_.empty()) {
        const std::size_t at = again_.front();
        again_.pop_front();
        return at;
    }
    if (!more_ || slots_.size() >= slots_per_job * jobs_) return std::nullopt;
    auto path = orders.next();
    more_ = path.has_value();
    if (!path) return std::nullopt;
    slots_.push_back({});
    slots_.back().report.file = std::move(*path);
    return delivered_ + slots_.size() - 1;
}

// What cannot be read needs no look into it.
void Crew::ask(Member& member, std::size_t at) {
    DocumentReport& report = slot(at).report;
    DocumentReading reading = look_at_document(report.file);
    if (const auto* files = std::get_if<DocumentFiles>(&reading)) {
        member.out += question_of(*files);
        if (member.asked.empty()) member.since = std::chrono::steady_clock::now();
        member.asked.push_back(at);
        return tell(member);
    }
    report.findings = std::get<std::vector<CheckFinding>>(std::move(reading));
    report.verdict = verdict_of(report.findings, report.type);
    slot(at).done = true;
}

void Crew::wait() {
    std::vector<pollfd> channels;
    for (const Member& member : members_) {
        const auto events = static_cast<short>(member.out.empty() ? POLLIN : POLLIN | POLLOUT);
        channels.push_back({member.asked.empty() ? -1 : member.process.channel(), events, 0});
    }
    ::poll(channels.data(), channels.size(), 1000);
    auto channel = channels.begin();
    for (auto member = members_.begin(); member != members_.end(); ++channel) {
        const auto why = member->asked.empty() ? std::nullopt : attend(*member, channel->revents);
        if (why) replace(*member, *why);
        // Without its channel it ends, at the latest with us.
        member = why ? members_.erase(member) : std::next(member);
    }
}

std::optional<std::string> Crew::attend(Member& member, short events) {
    if ((events & POLLOUT) != 0) tell(member);
    if ((events & (POLLIN | POLLHUP | POLLERR)) != 0) return listen(member);
    if (std::chrono::steady_clock::now() - member.since > longest_check) return "it took too long";
    return std::nullopt;
}

// What cannot be told is heard of when listening.
void Crew::tell(Member& member) {
    const ssize_t put =
        ::send(member.process.channel(), member.out.data(), member.out.size(), MSG_NOSIGNAL);
    if (put > 0) member.out.erase(0, static_cast<std::size_t>(put));
}

std::optional<std::string> Crew::listen(Member& member) {
    std::array<char, 65536> some{};
    const ssize_t got = ::read(member.process.channel(), some.data(), some.size());
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return std::nullopt;
    if (got <= 0) {
        const auto status = member.process.ended();
        return status ? ending_of(*status) : "the process for it ended";
    }
    member.in.append(some.data(), static_cast<std::size_t>(got));
    if (member.in.size() > answer_limit) return "too long an answer";
    for (auto end = member.in.find('\n'); end != std::string::npos; end = member.in.find('\n')) {
        if (auto why = take_answer(member, std::string_view(member.in).substr(0, end))) return why;
        member.in.erase(0, end + 1);
    }
    return std::nullopt;
}

std::optional<std::string> Crew::take_answer(Member& member, std::string_view answer) {
    auto report = report_of(answer);
    if (!report || member.asked.empty()) return "no answer that can be read";
    Slot& answered = slot(member.asked.front());
    report->file = std::move(answered.report.file);
    answered = {std::move(*report), true};
    member.asked.pop_front();
    member.since = std::chrono::steady_clock::now();
    return std::nullopt;
}

// The document that it was at is given up; what it had not come to goes to another.
void Crew::replace(Member& member, const std::string& why) {
    if (member.asked.empty()) return;
    Slot& lost = slot(member.asked.front());
    lost = {unfinished(lost.report.file, why), true};
    again_.insert(again_.end(), member.asked.begin() + 1, member.asked.end());
}

void Crew::deliver(const CrewOrders& orders) {
    while (!slots_.empty() && slots_.front().done) {
        orders.report(std::move(slots_.front().report));
        slots_.pop_front();
        ++delivered_;
    }
}

} // namespace quietus::audit
