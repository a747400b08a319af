#include "policy_options.hpp"

#include "quietus/core/bytes.hpp"

#include <array>

namespace quietus::cli {
namespace {

constexpr std::array policy_options{"--policy", "--classification", "--disposition",
                                    "--destination"};

std::optional<Supplied> supplied(const Invocation& invocation, std::string_view option) {
    auto value = invocation.value(option);
    if (!value) return std::nullopt;
    const bool configured = invocation.configured.contains(option);
    return Supplied{std::move(*value), configured ? Supplier::configuration : Supplier::option};
}

Status take_direct(const Invocation& invocation, DisposalRequest& request) {
    const std::string technique = *invocation.value("--technique");
    for (const char* option : policy_options)
        if (invocation.has(option))
            return Error{Fault::usage,
                         std::string(option) + ": with --technique no policy is applied",
                         "leave --technique out, and policy decides"};
    const auto known = from_text<Technique>(technique);
    if (!known) return Error{Fault::usage, "--technique: no technique \"" + technique + "\""};
    request.plan.technique = *known;
    if (auto scheme = invocation.value("--scheme")) request.plan.scheme = *scheme;
    return {};
}

} // namespace

PolicyShelf shelf_of(const Call& call) {
    SystemClock clock;
    return {call.places.trust, call.places.state, clock.utc_seconds()};
}

PolicyQuestion policy_question(const Invocation& invocation) {
    return {supplied(invocation, "--policy"), supplied(invocation, "--classification"),
            supplied(invocation, "--disposition"), supplied(invocation, "--destination"),
            invocation.has("--authority")};
}

Result<LoadedProfile> profile_of(const Call& call) {
    return load_profile(call.invocation.value("--policy").value_or(std::string(default_profile)),
                        shelf_of(call));
}

Status take_mode(const Call& call, DisposalRequest& request) {
    if (call.invocation.has("--technique")) return take_direct(call.invocation, request);
    auto profile = profile_of(call);
    if (!profile) return std::move(profile).error();
    auto asked = read_question(profile->profile, policy_question(call.invocation));
    if (!asked) return std::move(asked).error();
    request.policy =
        PolicyMode{std::move(*profile), std::move(*asked), call.invocation.value("--scheme")};
    return {};
}

} // namespace quietus::cli
