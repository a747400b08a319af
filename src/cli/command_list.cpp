#include "commands.hpp"
#include "facts_json.hpp"
#include "list_columns.hpp"
#include "people_text.hpp"

#include "quietus/app/assets.hpp"

#include <algorithm>
#include <iterator>

namespace quietus::cli {

Outcome command_list(const Call& call) {
    const auto names = call.invocation.value("--columns");
    auto columns = names ? chosen_columns(*names) : default_columns();
    if (!columns) return std::move(columns).error().during("list");
    auto opened = open_site(call, Signing::none);
    if (!opened) return std::move(opened).error().during("list");
    auto drives =
        (*opened)->doors().host.detect(call.places.detect_request(call.invocation.has("--all")));
    if (!drives) return std::move(drives).error().during("list");
    const auto assets = Assets::of(call.places.state);
    if (!assets) return Error(assets.error()).during("list");
    for (Drive& drive : *drives)
        assets->guard(drive);
    if (call.json) {
        Json::Array array;
        std::ranges::transform(*drives, std::back_inserter(array), drive_json);
        print_json(Json::object({{"drives", std::move(array)}}));
    } else if (drives->empty()) {
        print("no drives\n");
    } else {
        print(list_text_of(*drives, *columns, output_columns()));
    }
    return ExitStatus::success;
}

} // namespace quietus::cli
