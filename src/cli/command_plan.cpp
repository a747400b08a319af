#include "commands.hpp"
#include "facts_json.hpp"
#include "people_text.hpp"
#include "plan_text.hpp"
#include "policy_options.hpp"
#include "policy_text.hpp"

#include "quietus/app/quantities.hpp"
#include "quietus/core/bytes.hpp"
#include "quietus/core/json_fields.hpp"

#include <chrono>

namespace quietus::cli {
namespace {

Result<Verification> verification_of(const Invocation& invocation) {
    auto verification = parse_verification(*invocation.value("--verification"));
    if (!verification) return std::move(verification).error().during("--verification");
    return verification;
}

Statements statements_of(const Invocation& invocation) {
    const auto text = [&](std::string_view option) {
        return invocation.value(option).value_or(std::string{});
    };
    Statements statements;
    statements.document_marking = invocation.value("--marking").value_or("OFFICIAL");
    statements.op = text("--operator");
    statements.witness = text("--witness");
    statements.organisation = text("--organisation");
    statements.contractor = text("--contractor");
    statements.site = text("--site");
    statements.country = text("--country");
    statements.authority = text("--authority");
    statements.hold_clearance = text("--hold-clearance");
    statements.references = invocation.all("--reference");
    statements.overrides = invocation.all("--override");
    return statements;
}

Status take_asset_tags(const Invocation& invocation, DisposalRequest& request) {
    for (const std::string& pair : invocation.all("--asset-tag")) {
        const auto equals = pair.find('=');
        if (equals == 0 || equals == std::string::npos || equals + 1 == pair.size())
            return Error{Fault::usage,
                         "--asset-tag: \"" + escaped(pair) + "\" is not of the form SERIAL=TAG"};
        request.asset_tags[pair.substr(0, equals)] = pair.substr(equals + 1);
    }
    return {};
}

// 0 when the option is not given.
Result<std::uint64_t> rate_of(const Invocation& invocation, std::string_view option) {
    const auto text = invocation.value(option);
    if (!text) return std::uint64_t{0};
    const auto rate = parse_rate(*text);
    if (!rate)
        return Error{Fault::usage, std::string(option) + ": \"" + escaped(*text) +
                                       "\" is no number of bytes per second"};
    return *rate;
}

Status take_endurance(const Invocation& invocation, DisposalRequest& request) {
    const auto limit = rate_of(invocation, "--limit-rate");
    if (!limit) return Error(limit.error());
    const auto floor = rate_of(invocation, "--minimum-rate");
    if (!floor) return Error(floor.error());
    if (*limit != 0 && *floor > *limit)
        return Error{Fault::usage, "--minimum-rate: more than --limit-rate allows"};
    request.endurance.limit_rate = request.plan.limit_rate = *limit;
    request.endurance.floor_rate = *floor;
    const auto text = invocation.value("--stall-limit");
    if (!text) return {};
    const auto seconds = parse_whole(*text, stall_seconds);
    if (!seconds)
        return Error{Fault::usage, "--stall-limit: \"" + escaped(*text) +
                                       "\" is no number of seconds from 1 to 86400"};
    request.endurance.give_up = std::chrono::seconds(*seconds);
    return {};
}

// What goes onto a document must fit its format before a drive is touched.
Status check_statements(const Invocation& invocation) {
    for (const char* option :
         {"--marking", "--operator", "--witness", "--organisation", "--contractor", "--site",
          "--country", "--authority", "--hold-clearance", "--reference", "--asset-tag"})
        for (const std::string& text : invocation.all(option))
            if (auto canonical = to_canonical(Json(text)); !canonical)
                return Error{Fault::usage, canonical.error().message}.during(option);
    return {};
}

} // namespace

Result<DisposalRequest> disposal_request(const Call& call) {
    const Invocation& invocation = call.invocation;
    DisposalRequest request;
    request.targets = invocation.operands;
    if (auto status = take_mode(call, request); !status) return std::move(status).error();
    if (invocation.has("--verification")) {
        auto verification = verification_of(invocation);
        if (!verification) return std::move(verification).error();
        request.plan.verification = *verification;
    }
    if (auto status = take_endurance(invocation, request); !status)
        return std::move(status).error();
    if (auto status = check_statements(invocation); !status) return std::move(status).error();
    request.statements = statements_of(invocation);
    if (auto status = take_asset_tags(invocation, request); !status)
        return std::move(status).error();
    return request;
}

namespace {

// Shows one drive's plan, or why there is none; whether there is one.
Result<bool> show(const Call& call, const Weighed& weighed, PlanStore& store, Json::Array& plans) {
    if (!weighed.plan) {
        plans.push_back(denied_json(weighed));
        if (!call.json) print(denial_in_words(weighed));
        return false;
    }
    const Proposal proposal{weighed.drive, *weighed.plan};
    auto stored = store.store(proposal);
    if (!stored) return std::move(stored).error().during("plan");
    Json json = plan_json(proposal, *stored);
    if (weighed.told) add_explanation(*weighed.told, json);
    plans.push_back(std::move(json));
    if (call.json) return true;
    print(plan_in_words(proposal, false));
    if (weighed.told) print("\n" + table(explanation_rows(*weighed.told)));
    print("\nconfirmation code " + stored->code + " (good until " + stored->expires_at +
          ", once)\n");
    return true;
}

} // namespace

Result<Endurance> endurance_of(const Invocation& invocation) {
    DisposalRequest request;
    if (auto status = take_endurance(invocation, request); !status)
        return std::move(status).error();
    return request.endurance;
}

Outcome command_plan(const Call& call) {
    auto request = disposal_request(call);
    if (!request) return std::move(request).error().during("plan");
    auto opened = open_site(call, Signing::none);
    if (!opened) return std::move(opened).error().during("plan");
    const Site site = (*opened)->doors();
    const auto all = weigh_all(*request, site);
    if (!all) return Error(all.error());
    PlanStore store(call.places.plans(), site.clock);
    Json::Array plans;
    bool all_allowed = true;
    for (const Weighed& weighed : *all) {
        const auto allowed = show(call, weighed, store, plans);
        if (!allowed) return Error(allowed.error());
        all_allowed = all_allowed && *allowed;
    }
    if (call.json) print_json(Json::object({{"plans", std::move(plans)}}));
    return all_allowed ? ExitStatus::success : ExitStatus::unsupported;
}

} // namespace quietus::cli
