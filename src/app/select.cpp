#include "quietus/app/select.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/job/order.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <functional>

namespace quietus {
namespace {

Result<Drive> only_one(const std::vector<Drive>& drives, const std::string& target,
                       const std::function<bool(const Drive&)>& answers) {
    const Drive* found = nullptr;
    for (const Drive& drive : drives) {
        if (!answers(drive)) continue;
        if (found != nullptr)
            return Error{Fault::refused, escaped(target) + ": both " + found->node + " and " +
                                             drive.node + " answer to it"}
                .with_hint("name the node");
        found = &drive;
    }
    if (found == nullptr)
        return Error{Fault::usage, escaped(target) + ": no such drive"}.with_hint(
            "`quietus list` shows what is attached");
    return *found;
}

Error not_a_node(const std::string& target, mode_t mode) {
    if (S_ISREG(mode))
        return Error{Fault::usage, escaped(target) + ": a file, not a drive"}.with_hint(
            "to erase a disk image write image:" + escaped(target));
    if (S_ISDIR(mode)) return Error{Fault::usage, escaped(target) + ": a directory, not a drive"};
    return Error{Fault::usage, escaped(target) + ": not a block device"};
}

// Resolving comes first: it does not wait for a file system that does not answer.
Result<std::string> whole_node(Host& host, const std::string& target) {
    auto name = host.resolve(target);
    if (!name && name.error().fault != Fault::usage) return std::move(name).error();
    if (!name) {
        struct stat facts {};
        if (::stat(target.c_str(), &facts) != 0) return system_error(Fault::usage, escaped(target));
        if (S_ISBLK(facts.st_mode) || S_ISCHR(facts.st_mode)) return std::move(name).error();
        return not_a_node(target, facts.st_mode);
    }
    if (name->partition)
        return Error{Fault::usage, escaped(target) + ": a partition of " + name->whole}.with_hint(
            "quietus erases whole drives: name " + name->whole);
    return name->node;
}

// As JSON has it, or as the tables for people spell it.
bool has_serial(const Drive& drive, const std::string& wanted) {
    return drive.serial == wanted || escaped(drive.serial) == wanted;
}

// Any node of the unit names it.
bool has_node(const Drive& drive, const std::string& wanted) {
    return drive.node == wanted ||
           std::ranges::any_of(drive.parts, [&](const Part& part) { return part.node == wanted; });
}

bool may_be_overridden(Interlock interlock) {
    switch (interlock) {
    case Interlock::weak_identity:
    case Interlock::not_expected:
    case Interlock::clock:
    case Interlock::fabrics:
    case Interlock::usb_firmware:
    case Interlock::hidden_area_unchecked:
        return true;
    case Interlock::system:
    case Interlock::boot:
    case Interlock::live:
    case Interlock::state_on_drive:
    case Interlock::mounted:
    case Interlock::swap:
    case Interlock::holder:
    case Interlock::open_elsewhere:
    case Interlock::unknown_holder:
    case Interlock::identity_changed:
    case Interlock::read_only:
    case Interlock::on_hold:
        return false;
    }
    return false;
}

bool is_set_aside(Interlock interlock, const std::vector<std::string>& overrides) {
    return may_be_overridden(interlock) &&
           std::ranges::find(overrides, to_text(interlock)) != overrides.end();
}

} // namespace

Result<Drive> OneLook::select(const std::string& target) {
    const bool by_serial = target.starts_with("serial:");
    const bool by_wwn = target.starts_with("wwn:");
    if (target == "image:" || target == "serial:" || target == "wwn:")
        return Error{Fault::usage, target + " has nothing after the colon"};
    if (target.starts_with("image:")) return host_.image(target.substr(6), request_);
    std::string wanted = by_serial ? target.substr(7) : by_wwn ? target.substr(4) : "";
    if (!by_serial && !by_wwn) {
        auto node = whole_node(host_, target);
        if (!node) return std::move(node).error();
        wanted = std::move(*node);
    }
    if (!drives_) drives_.emplace(host_.detect(request_));
    if (!*drives_) return Error(drives_->error());
    return only_one(**drives_, target, [&](const Drive& drive) {
        if (by_serial) return has_serial(drive, wanted);
        return by_wwn ? drive.wwn == wanted : has_node(drive, wanted);
    });
}

Result<Drive> select(Host& host, const DetectRequest& request, const std::string& target) {
    return OneLook(host, request).select(target);
}

std::vector<std::string> release_commands(std::vector<Guard> guards) {
    if (std::ranges::find(guards, Interlock::system, &Guard::interlock) != guards.end()) return {};
    std::ranges::stable_sort(guards, {}, &Guard::step);
    std::vector<std::string> commands;
    for (Guard& guard : guards)
        if (!guard.release.empty() && std::ranges::find(commands, guard.release) == commands.end())
            commands.push_back(std::move(guard.release));
    return commands;
}

Status check_guards(const Drive& drive, const std::vector<std::string>& overrides) {
    std::vector<Guard> holding = drive.guards;
    std::erase_if(holding,
                  [&](const Guard& guard) { return is_set_aside(guard.interlock, overrides); });
    if (holding.empty()) return {};
    std::string reasons;
    for (const Guard& guard : holding)
        reasons += (reasons.empty() ? "" : "; ") + std::string(to_text(guard.interlock)) + ": " +
                   escaped(guard.reason);
    std::string hint;
    for (const std::string& command : release_commands(std::move(holding)))
        hint += (hint.empty() ? "" : "; ") + command;
    return Error{Fault::refused, escaped(drive.node) + ": " + reasons, hint};
}

// Adapters have been seen to drop and to reorder registers, and to cut a command short whose time
// was longer than theirs.
void guard_against(const Plan& plan, Drive& drive) {
    const bool bridged = drive.kind == DriveKind::usb || !drive.bridge.empty();
    if (!bridged || !needs_commands(plan)) return;
    const auto place =
        std::ranges::upper_bound(drive.guards, Interlock::usb_firmware, {}, &Guard::interlock);
    const std::string what = is_by_firmware(plan.technique) ? "erase itself" : "address all it has";
    drive.guards.insert(place,
                        {Interlock::usb_firmware,
                         "it is behind a bridge, through which it would be told to " + what, ""});
}

Status check_overrides(const std::vector<std::string>& overrides) {
    for (const std::string& name : overrides) {
        const auto interlock = from_text<Interlock>(name);
        if (!interlock)
            return Error{Fault::usage, "--override " + escaped(name) + ": no such interlock"};
        if (!may_be_overridden(*interlock))
            return Error{Fault::usage, "--override " + name + ": can never be overridden"};
    }
    return {};
}

} // namespace quietus
