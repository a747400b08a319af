#include "looks.hpp"

#include "worker_intake.hpp"

#include "quietus/drive/recheck.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace quietus {
namespace {

/// A look at one drive takes as long as its slowest answer; then it is given up.
constexpr std::chrono::seconds look_deadline{60};

Status asked_of(HostBay& bay, WorkerWord question) {
    if (question == WorkerWord::unchanged) return bay.check_unchanged();
    if (question == WorkerWord::same) return bay.check_same();
    return question == WorkerWord::rescan ? bay.rescan() : bay.reset();
}

WorkerOrder answer_of(const Status& status) {
    WorkerOrder answer;
    if (!status) answer.refusal = status.error();
    return answer;
}

WorkerOrder answer_of(HostBay& bay, WorkerWord question) {
    if (question != WorkerWord::health) return answer_of(asked_of(bay, question));
    WorkerOrder answer;
    auto health = bay.health();
    if (health)
        answer.health = std::move(*health);
    else
        answer.refusal = std::move(health).error();
    return answer;
}

Status check_among(const Result<std::vector<Drive>>& seen, const Drive& planned) {
    if (!seen) return Error(seen.error());
    const auto now = find_again(*seen, planned);
    return now ? check_unchanged(planned, *now) : Status(now.error());
}

// In the child: an answer a line, in the order of the drives.
void look_at_all(Host& host, const std::vector<const Drive*>& planned,
                 const std::vector<HeldDrive>& held, const ChildChannel& channel) {
    const auto seen = host.detect_held(held, {.all = true});
    std::string lines;
    for (const Drive* drive : planned)
        lines += to_line(answer_of(check_among(seen, *drive)));
    channel.send(lines);
}

// Without the newline; nothing when no whole line is there.
std::optional<std::string> take_line(std::string& heard) {
    const auto end = heard.find('\n');
    if (end == std::string::npos) return std::nullopt;
    std::string line = heard.substr(0, end);
    heard.erase(0, end + 1);
    return line;
}

Error not_looked_at() {
    return {Fault::refused, "the machine could not be looked at once more"};
}

} // namespace

Looks::Number Looks::ask(const Drive& drive, WorkerWord word, pid_t holder) {
    const auto asked = questions_.emplace(++last_, Question{drive, word, holder}).first;
    // A file is looked at in another way than a drive.
    if (word == WorkerWord::unchanged && drive.kind != DriveKind::image)
        waiting_.push_back(last_);
    else
        look_alone(asked->second);
    return last_;
}

std::optional<WorkerOrder> Looks::answer(Number question) {
    const auto found = questions_.find(question);
    if (found == questions_.end() || !found->second.answer) return std::nullopt;
    auto answer = std::move(found->second.answer);
    questions_.erase(found);
    return answer;
}

void Looks::add_channels(std::vector<pollfd>& channels) const {
    if (round_ && round_->shared) channels.push_back({round_->shared->child.channel(), POLLIN, 0});
    for (const auto& [number, question] : questions_)
        if (question.alone) channels.push_back({question.alone->child.channel(), POLLIN, 0});
}

void Looks::take_in() {
    if (round_ && round_->shared) take_shared_answers();
    for (auto& [number, question] : questions_)
        if (question.alone) take_own_answer(question);
    if (round_ && is_over(*round_)) round_.reset();
}

void Looks::set_off() {
    std::erase_if(waiting_, [&](Number each) { return !questions_.contains(each); });
    if (round_ || waiting_.empty()) return;
    const auto due = clock_.monotonic() + patience_with(waiting_.size());
    round_.emplace(Round{std::exchange(waiting_, {}), std::nullopt, due});
    if (round_->open.size() == 1)
        look_alone(questions_.at(round_->open.front()));
    else
        look_together();
}

void Looks::look_alone(Question& question) {
    HostBay bay(host_, question.drive, question.holder);
    auto child = ChildProcess::start(
        [&](const ChildChannel& channel) { channel.send(to_line(answer_of(bay, question.word))); });
    if (child)
        question.alone.emplace(Errand{std::move(*child), clock_.monotonic() + look_deadline});
    else
        question.answer = answer_of(Status(child.error()));
}

void Looks::look_together() {
    std::vector<const Drive*> planned;
    std::vector<HeldDrive> held;
    for (const Number each : round_->open) {
        const Question& question = questions_.at(each);
        planned.push_back(&question.drive);
        held.push_back({question.drive.node, question.holder});
    }
    auto child = ChildProcess::start(
        [&](const ChildChannel& channel) { look_at_all(host_, planned, held, channel); });
    if (child) {
        round_->shared.emplace(Errand{std::move(*child), round_->due});
        return;
    }
    for (const Number each : round_->open)
        questions_.at(each).answer = answer_of(Status(child.error()));
    round_.reset();
}

void Looks::take_shared_answers() {
    Errand& errand = *round_->shared;
    std::vector<Number>& open = round_->open;
    const Intake intake = quietus::take_in(errand.child.channel(), errand.heard);
    auto next = open.begin();
    for (; next != open.end(); ++next) {
        const auto line = take_line(errand.heard);
        auto order = line ? parse_order(*line) : Result<WorkerOrder>(not_looked_at());
        if (!order) break;
        if (const auto asked = questions_.find(*next); asked != questions_.end())
            asked->second.answer = std::move(*order);
    }
    open.erase(open.begin(), next);
    const bool given_up = intake == Intake::closed || clock_.monotonic() >= errand.due;
    if (!open.empty() && !given_up) return;
    for (const Number each : open)
        if (const auto asked = questions_.find(each); asked != questions_.end())
            look_alone(asked->second);
    open.clear();
    round_->shared.reset();
}

void Looks::take_own_answer(Question& question) {
    Errand& errand = *question.alone;
    const Intake intake = quietus::take_in(errand.child.channel(), errand.heard);
    if (intake == Intake::open && clock_.monotonic() < errand.due) return;
    const auto line = take_line(errand.heard);
    auto order = line ? parse_order(*line) : Result<WorkerOrder>(not_looked_at());
    question.answer = order ? std::move(*order) : answer_of(Status(not_looked_at()));
    question.alone.reset();
}

// The look at a single drive goes on beyond its round.
bool Looks::is_over(const Round& round) const {
    if (round.shared) return false;
    if (round.open.empty() || clock_.monotonic() >= round.due) return true;
    const auto asked = questions_.find(round.open.front());
    return asked == questions_.end() || asked->second.answer.has_value();
}

} // namespace quietus
