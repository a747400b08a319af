#include "policy_options.hpp"

#include "firmware_options.hpp"

#include <array>

namespace quietus::cli {
namespace {

constexpr std::array policy_options{"--policy", "--classification", "--disposition",
                                    "--destination"};

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
    return take_firmware_options(invocation, request);
}

} // namespace

PolicyShelf shelf_of(const Call& call) {
    SystemClock clock;
    return {call.places.trust, call.places.state, clock.utc_seconds()};
}

PolicyQuestion policy_question(const Given& given) {
    const auto& order = given.order();
    return {given.value("--policy"),
            given.value("--classification"),
            given.value("--disposition"),
            given.value("--destination"),
            given.value("--authority").has_value(),
            order && order->is_signed() && order->order.owner_accepts,
            given.others()};
}

Result<LoadedProfile> profile_of(const Call& call, const Given& given) {
    return load_profile(given.text("--policy").value_or(std::string(default_profile)),
                        shelf_of(call));
}

Status take_mode(const Call& call, const Given& given, DisposalRequest& request) {
    if (call.invocation.has("--technique")) return take_direct(call.invocation, request);
    if (auto status = refuse_firmware_options(call.invocation); !status) return status;
    auto profile = profile_of(call, given);
    if (!profile) return std::move(profile).error();
    auto asked = read_question(profile->profile, policy_question(given));
    if (!asked) return std::move(asked).error();
    request.policy = PolicyMode{std::move(*profile), std::move(*asked), given.text("--scheme")};
    return {};
}

} // namespace quietus::cli
