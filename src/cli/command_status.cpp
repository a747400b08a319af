#include "commands.hpp"

#include "quietus/app/destroy.hpp"
#include "quietus/app/status.hpp"
#include "quietus/core/bytes.hpp"

#include <algorithm>
#include <iterator>

namespace quietus::cli {
namespace {

Json text_or_null(const std::string& text) {
    return text.empty() ? Json(nullptr) : Json(text);
}

Json status_json(const JobStatus& status) {
    Json json = Json::object({{"job", status.job},
                              {"node", text_or_null(status.node)},
                              {"serial", text_or_null(status.serial)},
                              {"state", to_text(status.state)},
                              {"verdict", text_or_null(status.verdict)},
                              {"document", text_or_null(status.document)},
                              {"resumed_from", text_or_null(status.resumed_from)},
                              {"resumed_as", text_or_null(status.resumed_as)}});
    if (status.error)
        json["error"] = Json::object(
            {{"message", escaped(status.error->message)}, {"hint", escaped(status.error->hint)}});
    return json;
}

void print_people(const JobStatus& status) {
    std::string text = status.job + "  " + std::string(to_text(status.state));
    if (!status.verdict.empty() && status.verdict != to_text(status.state))
        text += ", " + status.verdict;
    if (!status.resumed_from.empty()) text += ", goes on with " + status.resumed_from;
    if (!status.resumed_as.empty()) text += ", gone on with as " + status.resumed_as;
    if (!status.node.empty()) text += "  " + escaped(status.node);
    if (!status.serial.empty()) text += "  " + escaped(status.serial);
    if (!status.document.empty()) text += "  " + escaped(status.document);
    print(text + "\n");
}

Json to_be_destroyed_json(const MustBeDestroyed& item) {
    return Json::object({{"job", item.job},
                         {"node", text_or_null(item.node)},
                         {"serial", text_or_null(item.serial)},
                         {"rule", item.rule},
                         {"statement", text_or_null(item.statement)}});
}

void print_to_be_destroyed(const MustBeDestroyed& item) {
    print("must be destroyed: " + item.job + "  " +
          escaped(item.serial.empty() ? item.node : item.serial) + ", by rule " +
          escaped(item.rule) +
          (item.statement.empty() ? "" : "; " + item.statement + " waits for signatures") + "\n");
}

} // namespace

Outcome command_status(const Call& call) {
    auto opened = open_site(call, Signing::ready);
    if (!opened) return std::move(opened).error().during("status");
    const Site site = (*opened)->doors();
    auto jobs = station_status(site);
    if (!jobs) return std::move(jobs).error();
    const auto doomed = must_be_destroyed(site);
    if (!doomed) return Error(doomed.error()).during("status");
    if (call.json) {
        Json::Array array;
        std::ranges::transform(*jobs, std::back_inserter(array), status_json);
        Json::Array items;
        std::ranges::transform(*doomed, std::back_inserter(items), to_be_destroyed_json);
        print_json(
            Json::object({{"jobs", std::move(array)}, {"must_be_destroyed", std::move(items)}}));
    } else {
        std::ranges::for_each(*jobs, print_people);
        if (jobs->empty()) print("no jobs\n");
        std::ranges::for_each(*doomed, print_to_be_destroyed);
    }
    ExitStatus outcome = ExitStatus::success;
    for (const JobStatus& status : *jobs) {
        if (!status.error) continue;
        say_error(call.premises, Error(*status.error).during("status"));
        outcome = ExitStatus::evidence;
    }
    return outcome;
}

} // namespace quietus::cli
