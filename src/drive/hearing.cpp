#include "hearing.hpp"

#include "quietus/core/ensure.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

namespace quietus {
namespace {

using std::chrono::steady_clock;

// A drive that is attached anew is another attachment, and so is what sysfs shows otherwise.
std::string attachment_key(const Drive& drive) {
    std::string key = drive.node;
    for (const std::uint64_t number : {drive.diskseq, drive.device_number, drive.size_bytes})
        key += '\n' + std::to_string(number);
    for (const std::string* text : {&drive.serial, &drive.wwn, &drive.model, &drive.firmware})
        key += '\n' + *text;
    return key;
}

// Of nothing in a slot there is nothing to ask. A fixed drive that the kernel gives no size may
// have blocks of a size that Linux does not use, and can tell.
bool can_answer(const Drive& drive) {
    const bool scsi = drive.kind == DriveKind::scsi || drive.kind == DriveKind::ata;
    return drive.size_bytes != 0 || (scsi && !drive.removable);
}

// Those that are one drive with one of those nodes.
std::vector<std::size_t> units_with(const std::vector<Node>& nodes, const LookedAt& only) {
    std::vector<std::size_t> members;
    for (const Unit& unit : units_of(nodes)) {
        if (std::ranges::none_of(unit.nodes,
                                 [&](const Node* each) { return only.contains(each->drive.node); }))
            continue;
        for (const Node* each : unit.nodes)
            members.push_back(static_cast<std::size_t>(each - nodes.data()));
    }
    return members;
}

} // namespace

std::vector<Node> Hearing::hear_all(const std::vector<Node>& silent, const DetectRequest& request,
                                    const LookedAt& only) {
    std::vector<Node> nodes = silent;
    if (!request.ask) {
        for (Node& node : nodes)
            hear(node, {});
        return nodes;
    }
    forget_detached(silent);
    Round round{silent, request, further_paths(silent), std::vector<bool>(silent.size())};
    std::vector<std::size_t> due;
    for (std::size_t index = 0; index < silent.size(); ++index) {
        const Node& node = silent[index];
        const bool named = only.contains(node.drive.node);
        round.fresh[index] = !can_answer(node.drive) || (hangs(node) && !named);
        const bool known = !only.empty() && !named && is_remembered(node, !round.further[index]);
        if (!round.fresh[index] && !known) due.push_back(index);
    }
    // What is asked can show that more belongs to the one that is looked at.
    for (;;) {
        ask(due, round);
        nodes = as_remembered(silent);
        due = only.empty() ? std::vector<std::size_t>{} : units_with(nodes, only);
        std::erase_if(due, [&](std::size_t index) { return round.fresh[index]; });
        if (due.empty()) return nodes;
    }
}

// All at one go, so that one that hangs delays nobody.
void Hearing::ask(const std::vector<std::size_t>& which, Round& round) {
    std::vector<ProbeQuestion> questions;
    for (const std::size_t index : which) {
        const Drive& drive = round.silent[index].drive;
        const bool contents = drive.size_bytes != 0 && !round.further[index];
        questions.push_back({dev_ + drive.node.substr(std::string_view("/dev").size()), drive.kind,
                             contents, round.request.held});
    }
    std::vector<ProbeReport> reports = probe_.ask(questions);
    QUIETUS_ENSURE(reports.size() == which.size());
    for (std::size_t place = 0; place < which.size(); ++place) {
        const std::size_t index = which[place];
        heard_.insert_or_assign(
            attachment_key(round.silent[index].drive),
            Heard{std::move(reports[place]), !round.further[index], steady_clock::now()});
        round.fresh[index] = true;
    }
}

std::vector<Node> Hearing::as_remembered(const std::vector<Node>& silent) const {
    std::vector<Node> nodes = silent;
    for (Node& node : nodes) {
        const auto found = heard_.find(attachment_key(node.drive));
        hear(node, found == heard_.end() ? ProbeReport{} : found->second.report);
    }
    return nodes;
}

bool Hearing::is_remembered(const Node& node, bool contents) const {
    const auto found = heard_.find(attachment_key(node.drive));
    return found != heard_.end() && (found->second.contents || !contents) &&
           steady_clock::now() - found->second.at < memory_;
}

bool Hearing::hangs(const Node& node) const {
    const auto found = heard_.find(attachment_key(node.drive));
    return found != heard_.end() && found->second.report.outcome == ProbeOutcome::not_answering;
}

void Hearing::forget_detached(const std::vector<Node>& silent) {
    std::set<std::string> attached;
    for (const Node& node : silent)
        attached.insert(attachment_key(node.drive));
    std::erase_if(heard_, [&](const auto& each) { return !attached.contains(each.first); });
}

} // namespace quietus
