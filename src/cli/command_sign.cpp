#include "commands.hpp"
#include "signing_key.hpp"

#include "quietus/app/sign.hpp"
#include "quietus/core/bytes.hpp"

namespace quietus::cli {
namespace {

Json json_of(const AddedSignature& added) {
    Json::Array missing;
    for (const Role role : added.missing)
        missing.emplace_back(to_text(role));
    return Json::object({{"document", added.id},
                         {"file", added.file},
                         {"role", to_text(added.signer.role)},
                         {"signer", added.signer.name},
                         {"certificate_sha256", added.signer.certificate_sha256},
                         {"missing", std::move(missing)}});
}

std::string in_words(const AddedSignature& added) {
    std::string text = added.id + ": signed by the " + std::string(to_text(added.signer.role)) +
                       " " + escaped(added.signer.name) + "\n";
    for (const Role role : added.missing)
        text += "  still to sign: " + std::string(to_text(role)) + "\n";
    return text;
}

} // namespace

Outcome command_sign(const Call& call) {
    const Invocation& invocation = call.invocation;
    if (auto status = refuse_persons(call); !status)
        return std::move(status).error().during("sign");
    std::optional<Role> role;
    if (const auto named = invocation.value("--role")) role = from_text<Role>(*named);
    auto trust = trust_of(call);
    if (!trust) return std::move(trust).error().during("sign");
    auto key = signing_key_of(invocation);
    if (!key) return std::move(key).error().during("sign");
    SystemClock clock;
    auto added = sign_document({invocation.operands.front(), role, *key, *trust}, clock);
    if (!added) return std::move(added).error().during("sign");
    if (call.json)
        print_json(json_of(*added));
    else
        print(in_words(*added));
    return ExitStatus::success;
}

} // namespace quietus::cli
