#include "commands.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/file.hpp"

namespace quietus::cli {

Outcome command_register_init(const Call& call) {
    MachineSite machine(call.places, Signing::ready);
    const auto origin = call.invocation.value("--origin");
    if (!origin) return Error{Fault::usage, "register init: --origin NAME is missing"};
    auto key = machine.doors().log.init(*origin);
    if (!key) return std::move(key).error().during("register init");
    if (call.json)
        print_json(Json::object({{"origin", *origin}, {"log", *key}}));
    else
        print("log " + *key + "\n");
    return ExitStatus::success;
}

Outcome command_register_proof(const Call& call) {
    MachineSite machine(call.places);
    const std::string& id = call.invocation.operands.front();
    auto proof = machine.doors().log.proof(id);
    if (!proof) return std::move(proof).error().during("register proof");
    // The log has the document, so the id is one, and no path.
    const std::string file = call.places.certificates + "/" + id + ".qdc.tlog-proof";
    if (auto status = save_new_file(file, *proof); !status)
        return std::move(status).error().during("register proof");
    if (call.json)
        print_json(Json::object({{"id", id}, {"proof", escaped(file)}}));
    else
        print(escaped(file) + "\n");
    return ExitStatus::success;
}

} // namespace quietus::cli
