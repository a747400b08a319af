#include "commands.hpp"
#include "facts_json.hpp"
#include "people_text.hpp"

#include "quietus/app/offers.hpp"

#include <algorithm>

namespace quietus::cli {
namespace {

void add_once(std::vector<std::string>& words, std::string word) {
    if (std::ranges::find(words, word) == words.end()) words.push_back(std::move(word));
}

std::string holds(const Drive& drive) {
    std::vector<std::string> types;
    for (const Content& content : drive.contents)
        add_once(types, content.type);
    return first_words(types, 2, "-");
}

// The gravest first, as detection ordered them; before all that it could not be asked.
std::string guards(const Drive& drive) {
    std::vector<std::string> names;
    if (drive.probe == ProbeOutcome::not_answering) names.emplace_back(to_text(drive.probe));
    for (const Guard& guard : drive.guards)
        add_once(names, std::string(to_text(guard.interlock)));
    return first_words(names, 1, "free");
}

std::string techniques(const Drive& drive) {
    std::vector<std::string> names;
    for (const OfferedTechnique& offer : offers(drive))
        if (offer.available) add_once(names, std::string(to_text(offer.technique)));
    return first_words(names, 2, "-");
}

std::string or_dash(const std::string& text) {
    return text.empty() ? "-" : text;
}

std::string people_list(const std::vector<Drive>& drives) {
    if (drives.empty()) return "no drives\n";
    std::vector<std::vector<std::string>> rows{
        {"NODE", "SIZE", "KIND", "MODEL", "SERIAL", "HOLDS", "OFFERS", "STATE"}};
    for (const Drive& drive : drives)
        rows.push_back({drive.node, short_size(drive.size_bytes), std::string(to_text(drive.kind)),
                        or_dash(drive.model), or_dash(drive.serial), holds(drive),
                        techniques(drive), guards(drive)});
    return table(rows);
}

} // namespace

Outcome command_list(const Call& call) {
    MachineSite machine(call.places);
    auto drives = machine.doors().host.detect({call.places.state, call.invocation.has("--all")});
    if (!drives) return std::move(drives).error().during("list");
    if (call.json) {
        Json::Array array;
        std::ranges::transform(*drives, std::back_inserter(array), drive_json);
        print_json(Json::object({{"drives", std::move(array)}}));
    } else {
        print(people_list(*drives));
    }
    return ExitStatus::success;
}

} // namespace quietus::cli
