#include "commands.hpp"

#include "quietus/app/station.hpp"
#include "quietus/core/bytes.hpp"

namespace quietus::cli {
namespace {

Outcome show(const Call& call, const StationInfo& info) {
    if (call.json)
        print_json(Json::object({{"root", info.root},
                                 {"station", info.station},
                                 {"expires", info.expires},
                                 {"log", info.log}}));
    else
        print("station " + info.station + "\nroot    " + escaped(info.root) + "\nexpires " +
              info.expires + "\nlog     " + info.log + "\n");
    return ExitStatus::success;
}

} // namespace

Outcome command_key_init(const Call& call) {
    auto made = init_station(call.places, call.invocation.value("--station"),
                             call.invocation.value("--keep-ca"));
    if (!made) return std::move(made).error();
    if (!call.quiet)
        say("quietus: this hierarchy is SELF-ISSUED: nobody but you vouches for it and it cannot "
            "be\n"
            "revoked by anybody else. Give root.pem to whoever is to check your documents, by a "
            "way\n"
            "they can trust.\n");
    return show(call, *made);
}

Outcome command_key_show(const Call& call) {
    auto info = show_station(call.places);
    if (!info) return std::move(info).error();
    return show(call, *info);
}

} // namespace quietus::cli
