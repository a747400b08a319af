#include "audiences.hpp"
#include "commands.hpp"
#include "facts_json.hpp"
#include "stop_signal.hpp"

#include "quietus/app/recover.hpp"
#include "quietus/app/select.hpp"
#include "quietus/core/bytes.hpp"

namespace quietus::cli {
namespace {

Json recovery_json(const Recovery& recovery) {
    Json::Array undone;
    for (const Leftover each : recovery.undone)
        undone.emplace_back(to_text(each));
    return Json::object({{"drive", drive_json(recovery.drive)},
                         {"undone", std::move(undone)},
                         {"carried_out_again", recovery.carried_out_again},
                         {"let_go", recovery.let_go}});
}

std::string in_words(Leftover leftover, const Recovery& recovery) {
    switch (leftover) {
    case Leftover::temporary_password:
        return "the temporary password of an interrupted erasure was set: it is taken off";
    case Leftover::failed_sanitize:
        return std::string("an operation had failed, and the drive took nothing else: ") +
               (recovery.carried_out_again ? "one that succeeded has ended that"
                                           : "that state is ended");
    case Leftover::failed_format:
        return "a FORMAT UNIT had failed, and no block could be read: it is formatted again";
    }
    return {};
}

std::string in_words(const Recovery& recovery) {
    const std::string node = escaped(recovery.drive.node);
    if (recovery.let_go)
        return node + ": stopped on request: the drive goes on by itself; once it has come to its "
                      "end, erase it once more\n";
    if (recovery.undone.empty())
        return node + ": nothing to undo: no password is set, and no operation has failed\n";
    std::string text;
    for (const Leftover each : recovery.undone)
        text += node + ": " + in_words(each, recovery) + "\n";
    return text + node + ": what it holds is not known: erase it once more\n";
}

// Asked, and the drive has not done it: that is no obstacle, but how it ended.
Outcome not_undone(const Call& call, Error error) {
    if (error.fault != Fault::drive) return error;
    say_error(call.premises, error);
    if (call.json) print_json(error_json(error, ExitStatus::failed, "recover"));
    return ExitStatus::failed;
}

} // namespace

Outcome command_recover(const Call& call) {
    const auto overrides = call.invocation.all("--override");
    if (auto status = check_overrides(overrides); !status)
        return std::move(status).error().during("recover");
    auto opened = open_site(call, Signing::none);
    if (!opened) return std::move(opened).error().during("recover");
    const Site site = (*opened)->doors();
    const std::string& target = call.invocation.operands.front();
    const auto watch = make_reading_watch(call, site.clock, target);
    const StopSignals signals;
    const auto recovery = recover({target, overrides, *watch}, site);
    if (!recovery) return not_undone(call, Error(recovery.error()).during("recover"));
    if (call.json)
        print_json(recovery_json(*recovery));
    else
        print(in_words(*recovery));
    return recovery->let_go ? ExitStatus::interrupted : ExitStatus::success;
}

} // namespace quietus::cli
