#include "ata_text.hpp"
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

Json operation_json(const std::optional<OperationUnderWay>& operation) {
    if (!operation) return nullptr;
    const bool runs = operation->state == SanitizeState::in_progress;
    return Json::object({{"node", text_or_null(operation->node)},
                         {"state", to_text(operation->state)},
                         {"progress", runs ? Json(operation->progress) : Json(nullptr)},
                         {"reason", text_or_null(operation->text)}});
}

std::string operation_in_words(const JobStatus& status, const std::string& program) {
    const OperationUnderWay& operation = *status.operation;
    const std::string takes_up = program + " resume " + status.job + " takes it up";
    if (!operation.text.empty()) return operation.text;
    switch (operation.state) {
    case SanitizeState::in_progress:
        return "the drive goes on erasing by itself, " + progress_in_words(operation.progress) +
               " done; " + takes_up;
    case SanitizeState::completed:
        return "the drive has come to the end of it; " + takes_up;
    case SanitizeState::failed:
        return "the drive has failed at it; " + program + " recover " + operation.node +
               " ends that state";
    case SanitizeState::idle:
    case SanitizeState::frozen:
    case SanitizeState::unknown:
        break;
    }
    return "the drive does not say what became of it; " + takes_up;
}

Json status_json(const JobStatus& status) {
    Json json = Json::object({{"job", status.job},
                              {"node", text_or_null(status.node)},
                              {"serial", text_or_null(status.serial)},
                              {"state", to_text(status.state)},
                              {"verdict", text_or_null(status.verdict)},
                              {"document", text_or_null(status.document)},
                              {"resumed_from", text_or_null(status.resumed_from)},
                              {"resumed_as", text_or_null(status.resumed_as)},
                              {"operation", operation_json(status.operation)}});
    if (status.error)
        json["error"] = Json::object(
            {{"message", escaped(status.error->message)}, {"hint", escaped(status.error->hint)}});
    return json;
}

void print_people(const JobStatus& status, const std::string& program) {
    std::string text = status.job + "  " + std::string(to_text(status.state));
    if (!status.verdict.empty() && status.verdict != to_text(status.state))
        text += ", " + status.verdict;
    if (!status.resumed_from.empty()) text += ", goes on with " + status.resumed_from;
    if (!status.resumed_as.empty()) text += ", gone on with as " + status.resumed_as;
    if (!status.node.empty()) text += "  " + escaped(status.node);
    if (!status.serial.empty()) text += "  " + escaped(status.serial);
    if (!status.document.empty()) text += "  " + escaped(status.document);
    if (status.operation) text += "\n  " + escaped(operation_in_words(status, program));
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
        for (const JobStatus& status : *jobs)
            print_people(status, call.premises.program().name);
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
