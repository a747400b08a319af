#include "quietus/app/weigh.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/listed.hpp"

#include <algorithm>

namespace quietus {
namespace {

// Of an overwrite alone: what a drive does by itself has none.
Result<std::string> scheme_of(const PolicyRule& rule, const PolicyMode& mode,
                              const PlanRequest& direct) {
    const bool has_scheme = direct.technique == Technique::overwrite;
    if (mode.scheme && !has_scheme)
        return Error{Fault::usage, "--scheme: by rule " + rule.id + " it is erased by " +
                                       std::string(to_text(direct.technique)) +
                                       ", which has no scheme"};
    if (!has_scheme) return direct.scheme;
    if (!mode.scheme) return rule.schemes.empty() ? direct.scheme : rule.schemes.front();
    if (std::ranges::find(rule.schemes, *mode.scheme) != rule.schemes.end()) return *mode.scheme;
    return Error{Fault::usage,
                 "--scheme: rule " + rule.id + " does not allow \"" + escaped(*mode.scheme) + "\"",
                 rule.schemes.empty() ? "it allows no choice" : "one of: " + listed(rule.schemes)};
}

// What was asked for, no weaker than the rule; nothing when neither says more than the scheme.
Result<std::optional<Verification>> verification_of(const PolicyRule& rule,
                                                    const std::optional<Verification>& asked) {
    if (asked && asked->percent < rule.verification.percent)
        return Error{Fault::usage, "--verification: weaker than the read-back that rule " +
                                       rule.id + " asks for"};
    if (asked) return asked;
    if (rule.verification.mode == VerificationMode::full) return std::optional(rule.verification);
    return std::optional<Verification>{};
}

// The one technique of the ruling, as this program names it.
Result<Technique> technique_of(const Method& method) {
    const std::string name = name_of(method);
    if (const auto technique = from_text<Technique>(name)) return *technique;
    return Error{Fault::unsupported, "this version cannot do " + name + " in one run"};
}

Result<Plan> plan_by(const Ruling& ruling, const Drive& drive, const PlanWish& wish) {
    const PolicyRule& rule = *ruling.rule;
    PlanRequest request = wish.direct;
    const auto technique = technique_of(*ruling.method);
    if (!technique) return technique.error();
    request.technique = *technique;
    request.vendor_claim = ruling.method->vendor_claim;
    auto scheme = scheme_of(rule, *wish.policy, request);
    if (!scheme) return std::move(scheme).error();
    request.scheme = std::move(*scheme);
    auto verification = verification_of(rule, wish.direct.verification);
    if (!verification) return std::move(verification).error();
    request.verification = *verification;
    return make_plan(drive, request);
}

Result<Weighed> weigh_by_policy(Drive drive, const PlanWish& wish) {
    const PolicyMode& mode = *wish.policy;
    const Question question = about_drive(mode.asked, drive);
    const Ruling ruling = evaluate(mode.profile.profile, question);
    Weighed weighed{std::move(drive), explain(mode.profile.profile, question), std::nullopt};
    if (ruling.decision != Decision::allow || ruling.method == nullptr) return weighed;
    auto plan = plan_by(ruling, weighed.drive, wish);
    if (!plan) return std::move(plan).error().during(weighed.drive.node);
    if (plan->level < ruling.method->level)
        return Error{Fault::unsupported, weighed.drive.node + ": " + name_of(*ruling.method) +
                                             " reaches no more than " +
                                             std::string(to_text(plan->level)) + " here"};
    plan->policy = basis_of(named(mode.profile), mode.asked, question, ruling);
    weighed.plan = std::move(*plan);
    return weighed;
}

bool has_to_sign(const Statements& statements, Role role) {
    return std::ranges::find(statements.signers, role, &RequiredSigner::role) !=
           statements.signers.end();
}

} // namespace

Result<Weighed> weigh(Drive drive, const PlanWish& wish) {
    if (wish.policy) return weigh_by_policy(std::move(drive), wish);
    auto plan = make_plan(drive, wish.direct);
    if (!plan) return std::move(plan).error().during(drive.node);
    return Weighed{std::move(drive), std::nullopt, std::move(*plan)};
}

Error denial_of(const Weighed& weighed) {
    const Explanation& told = *weighed.told;
    const std::string what = weighed.drive.node + ": " + told.profile;
    const std::string rule = told.rule.empty() ? " has no rule for it" : ", rule " + told.rule;
    const std::string why = told.reasons.empty() ? "" : ": " + told.reasons.front();
    const std::string hint = "quietus policy explain, with the same options and --drive " +
                             weighed.drive.node + ", says what was considered";
    if (told.decision == Decision::allow)
        return {Fault::unsupported,
                what + rule + ": nothing of it can be erased first; go on to its destruction"};
    const std::string decision =
        told.decision == Decision::deny ? " denies it" : " leaves it to a person to decide";
    return {Fault::unsupported, what + rule + decision + why, hint};
}

Status check_participants(const Plan& plan, const Statements& statements) {
    if (statements.order && !statements.order->approver.empty() &&
        (statements.order->approver == statements.op ||
         statements.order->approver == statements.witness))
        return Error{Fault::refused, "order " + escaped(statements.order->id) + ": " +
                                         escaped(statements.order->approver) +
                                         " approved it; nobody approves their own work"};
    const auto& decision = plan.policy.decision;
    if (!decision) return {};
    const auto asks_for = [&](std::string_view who) {
        return std::ranges::find(decision->people, who) != decision->people.end();
    };
    if (asks_for(to_text(Participant::witness)) && !has_to_sign(statements, Role::witness))
        return Error{Fault::refused,
                     "rule " + plan.policy.rule + " of " + plan.policy.profile +
                         " asks for a witness with a key of their own",
                     "--witness ID, of somebody whose certificate this station knows (quietus key "
                     "import --person ID)"};
    return {};
}

} // namespace quietus
