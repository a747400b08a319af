#include "commands.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/file.hpp"

namespace quietus::cli {

Outcome command_register_init(const Call& call) {
    auto opened = open_site(call, Signing::ready);
    if (!opened) return std::move(opened).error().during("register init");
    const auto origin = call.invocation.value("--origin");
    if (!origin) return Error{Fault::usage, "register init: --origin NAME is missing"};
    auto key = (*opened)->doors().log.init(*origin);
    if (!key) return std::move(key).error().during("register init");
    if (call.json)
        print_json(Json::object({{"origin", *origin}, {"log", *key}}));
    else
        print("log " + *key + "\n");
    return ExitStatus::success;
}

Outcome command_register_proof(const Call& call) {
    auto opened = open_site(call, Signing::none);
    if (!opened) return std::move(opened).error().during("register proof");
    const std::string& id = call.invocation.operands.front();
    auto proof = (*opened)->doors().log.proof(id);
    if (!proof) return std::move(proof).error().during("register proof");
    // The log has the document, so the id is one, and no path.
    const bool rehearsed = call.places.provenance == Provenance::rehearsal;
    const std::string file =
        call.places.certificates + "/" + id + (rehearsed ? ".qrh" : ".qdc") + ".tlog-proof";
    if (auto status = save_new_file(file, *proof); !status)
        return std::move(status).error().during("register proof");
    if (call.json)
        print_json(Json::object({{"id", id}, {"proof", escaped(file)}}));
    else
        print(escaped(file) + "\n");
    return ExitStatus::success;
}

} // namespace quietus::cli
