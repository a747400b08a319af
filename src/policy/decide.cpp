#include "quietus/policy/decide.hpp"

#include "decide_parts.hpp"

#include "quietus/policy/explain.hpp"

#include <algorithm>

namespace quietus {
namespace {

template <typename Id, typename Entry>
std::vector<std::string> names_in(IdSet<Id> set, const std::vector<Entry>& entries) {
    std::vector<std::string> names;
    for (std::size_t index = 0; index < entries.size(); ++index)
        if (set.contains(static_cast<Id>(index))) names.push_back(entries[index].id);
    return names;
}

std::vector<std::string> names_of(Conditions conditions) {
    std::vector<std::string> names;
    for (std::size_t index = 0; index < enum_texts<Condition>.size(); ++index)
        if (conditions.contains(static_cast<Condition>(index)))
            names.emplace_back(enum_texts<Condition>[index]);
    return names;
}

void state_question(const PolicyRequest& request, const Question& question,
                    PolicyDecision& decision) {
    decision.classification_given = request.classification.given;
    decision.classification = catalogue()[question.classification].id;
    decision.medium = catalogue()[question.medium].id;
    decision.disposition = to_text(question.disposition);
    if (question.destination) decision.destination = catalogue()[*question.destination].id;
    decision.supplied = request.supplied;
    if (!question.drive) return;
    decision.offered = names_in(question.drive->offered, catalogue().techniques);
    decision.remapped_blocks = question.drive->remapped_blocks;
    decision.conditions = names_of(question.drive->met);
}

} // namespace

// What a rule lays down besides technique and level; review() compares the same.
void state_rule(const PolicyRule& rule, PolicyDecision& decision) {
    decision.people = {"operator"};
    for (const Participant each : rule.people)
        decision.people.emplace_back(to_text(each));
    decision.recheck_percent = rule.recheck_percent;
    decision.destruction = rule.destruction;
    decision.on_failure = to_text(rule.on_failure);
    decision.residual = rule.residual;
    decision.duties = rule.duties;
    decision.retention_years = rule.retention_years;
}

std::optional<VendorClaim> claim_of(const Ruling& answer) {
    const bool accepted =
        answer.method != nullptr && answer.method->vendor_claim == VendorClaim::accepted;
    return accepted ? std::optional(VendorClaim::accepted) : std::nullopt;
}

Question question_about(const PolicyRequest& request, MediumId medium) {
    Question question{request.classification.id, medium, request.disposition, {}, {}};
    if (request.destination) question.destination = request.destination->id;
    return question;
}

PolicyDecision asked_of(const NamedProfile& named, const PolicyRequest& request,
                        const Question& question) {
    PolicyDecision decision;
    decision.profile = {named.profile.id, named.profile.version, named.sha256};
    decision.extends = named.extends;
    state_question(request, question, decision);
    return decision;
}

PolicyBasis basis_of(const NamedProfile& named, const PolicyRequest& request,
                     const Question& question, const Ruling& answer) {
    PolicyDecision decision = asked_of(named, request, question);
    decision.decision = to_text(answer.decision);
    if (answer.method != nullptr) {
        decision.method = name_of(*answer.method);
        decision.level = answer.method->level;
    }
    decision.vendor_claim = claim_of(answer);
    state_rule(*answer.rule, decision);
    return {true, answer.rule->profile, answer.rule->id, source_of(*answer.rule),
            std::move(decision)};
}

} // namespace quietus
