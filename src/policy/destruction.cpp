#include "quietus/policy/destruction.hpp"

#include "decide_parts.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/listed.hpp"
#include "quietus/policy/explain.hpp"

#include <algorithm>

namespace quietus {
namespace {

const DestructionMethod* find_method(std::string_view id) {
    const auto& all = catalogue().destruction;
    const auto found = std::ranges::find(all, id, &DestructionMethod::id);
    return found == all.end() ? nullptr : &*found;
}

std::optional<Question> question_of(const PolicyDecision& stated) {
    const auto classification = find_classification(stated.classification);
    const auto medium = find_medium(stated.medium);
    if (!classification || !medium || stated.disposition != to_text(Disposition::destroy))
        return std::nullopt;
    return Question{*classification, *medium, Disposition::destroy, std::nullopt, std::nullopt};
}

std::string why_denied(const Ruling& ruling) {
    if (ruling.rule == nullptr) return "the profile has no rule for it";
    const std::string rule = "rule " + ruling.rule->id;
    return rule +
           (ruling.decision == Decision::deny ? " denies it" : " leaves it to a person to decide") +
           (ruling.rule->reason.empty() ? "" : ": " + ruling.rule->reason);
}

} // namespace

Status check_way(const DestructionWay& way, MediumId medium) {
    const DestructionMethod* method = find_method(way.method);
    if (method != nullptr && method->media.contains(medium)) return {};
    std::vector<std::string> fitting;
    for (const DestructionMethod& each : catalogue().destruction)
        if (each.media.contains(medium)) fitting.push_back(each.id);
    return Error{Fault::usage,
                 "--method: no way to destroy it is called \"" + escaped(way.method) + "\"",
                 "one of: " + listed(fitting)};
}

DestructionAnswer judge_destruction(const Profile& profile, const Question& question,
                                    const DestructionWay& way) {
    const Ruling ruling = evaluate(profile, question);
    if (ruling.decision != Decision::allow) return {false, why_denied(ruling)};
    const DestructionMethod* method = find_method(way.method);
    const std::string rule = "rule " + ruling.rule->id;
    const auto& enough = ruling.rule->destruction;
    if (method == nullptr || !method->media.contains(question.medium))
        return {false, "there is no such way to destroy this medium"};
    if (std::ranges::find(enough, way.method) == enough.end())
        return {false, rule + " asks for " + (enough.empty() ? "none" : listed(enough))};
    if (method->particle_mm && way.particle_mm && *way.particle_mm > *method->particle_mm)
        return {false, "pieces of " + std::to_string(*way.particle_mm) + " mm are left, and " +
                           method->id + " leaves " + method->limit};
    return {true, ""};
}

PolicyBasis basis_of_destruction(const NamedProfile& named, const PolicyRequest& request,
                                 MediumId medium) {
    const Question question = question_about(request, medium);
    const Ruling ruling = evaluate(named.profile, question);
    if (ruling.rule != nullptr) return basis_of(named, request, question, ruling);
    PolicyDecision decision = asked_of(named, request, question);
    decision.decision = to_text(ruling.decision);
    return {true, named.profile.id, "", "", std::move(decision)};
}

std::string residue_of(ClassificationId held, const DestructionWay& way) {
    const DestructionMethod* method = find_method(way.method);
    const auto limit = method == nullptr ? std::nullopt : method->particle_mm;
    const auto size = way.particle_mm ? way.particle_mm : limit;
    if (!size) return {};
    const ResidueRule* smallest = nullptr;
    for (const ResidueRule& each : catalogue().residues)
        if (each.of == effective(held) && *size <= each.up_to_mm &&
            (smallest == nullptr || each.up_to_mm < smallest->up_to_mm))
            smallest = &each;
    return smallest == nullptr ? "" : catalogue()[smallest->counts_as].label;
}

std::vector<PolicyObjection> review_destruction(const Profile& profile, const PolicyBasis& stated,
                                                const DestructionWay& way,
                                                const DestructionAnswer& answer) {
    std::vector<PolicyObjection> found;
    const auto add = [&](std::string_view code, std::string text) {
        found.push_back({std::string(code), "policy: " + std::move(text)});
    };
    const PolicyDecision& decision = *stated.decision;
    if (decision.profile.id != profile.id || decision.profile.version != profile.version)
        add("E_POLICY_UNKNOWN", "the profile's text says another id or version");
    const auto question = question_of(decision);
    const auto given = read_classification(profile, decision.classification_given);
    if (!question || !given || given->id != question->classification) {
        add("E_POLICY_DECISION", "asked about something else than was given, or what there is not");
        return found;
    }
    const Ruling ruling = evaluate(profile, *question);
    const std::string rule = ruling.rule == nullptr ? "" : ruling.rule->id;
    const std::string source = ruling.rule == nullptr ? "" : source_of(*ruling.rule);
    if (decision.decision != to_text(ruling.decision) || stated.rule != rule ||
        stated.source != source)
        add("E_POLICY_DECISION", "the profile answers " + std::string(to_text(ruling.decision)) +
                                     (rule.empty() ? " for want of a rule" : " by rule " + rule));
    const DestructionAnswer now = judge_destruction(profile, *question, way);
    if (now.sufficient != answer.sufficient || now.reason != answer.reason)
        add("E_METHOD_INSUFFICIENT", "whether the way it was destroyed suffices does not follow");
    if (ruling.rule == nullptr) return found;
    PolicyDecision expected = decision;
    state_rule(*ruling.rule, expected);
    if (expected != decision)
        add("E_RESIDUAL", "people, duties, residual risk, destruction or retention are not those "
                          "of the rule");
    return found;
}

} // namespace quietus
