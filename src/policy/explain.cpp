#include "quietus/policy/explain.hpp"

#include "quietus/policy/schemes.hpp"

#include <algorithm>

namespace quietus {
namespace {

std::string joined(const std::vector<std::string>& texts, std::string_view between) {
    std::string whole;
    for (const std::string& text : texts)
        whole += (whole.empty() ? "" : std::string(between)) + text;
    return whole;
}

std::string named(Level level) {
    return std::string(to_text(level));
}

std::string conditions_in_words(Conditions conditions) {
    std::vector<std::string> names;
    for (const Condition each : {Condition::no_remapped_blocks, Condition::owner_accepts,
                                 Condition::crypto_erase_eligible})
        if (conditions.contains(each)) names.emplace_back(to_text(each));
    return joined(names, ", ");
}

// What is not the case, and what would show that it is.
std::string evidence_for(Condition condition, const DriveFacts& facts) {
    switch (condition) {
    case Condition::no_remapped_blocks:
        if (facts.remapped_blocks)
            return std::to_string(*facts.remapped_blocks) + " blocks are remapped or pending";
        return "how many blocks are remapped is for the drive's own health report to say, and "
               "there is none";
    case Condition::owner_accepts:
        return "an order that an approver signed has to say so";
    case Condition::crypto_erase_eligible:
        return "the drive's firmware has to give evidence for every item of the list, and none "
               "was gathered";
    }
    return {};
}

std::string unmet_in_words(const Method& method, const DriveFacts& facts) {
    const Conditions missing = unmet(method.requires_, facts);
    std::vector<std::string> clauses;
    for (const Condition each : {Condition::no_remapped_blocks, Condition::owner_accepts,
                                 Condition::crypto_erase_eligible})
        if (missing.contains(each))
            clauses.push_back(std::string(to_text(each)) + " (" + evidence_for(each, facts) + ")");
    return joined(clauses, ", ");
}

// Of one that more would be accepted of, if the rule said so.
std::string unaccepted_claim(Method method, MediumId medium) {
    const Level counted = level_on(method, medium);
    method.vendor_claim = VendorClaim::accepted;
    const Level claimed = level_on(method, medium);
    if (claimed == counted) return "";
    return " (" + named(claimed) + " by some vendors' claim, which the rule does not accept)";
}

std::string why_not(const Method& method, const Question& question) {
    switch (obstacle_of(method, question)) {
    case Obstacle::none:
        if (question.drive || method.requires_.empty()) return "an earlier one is preferred";
        return "an earlier one is preferred; else this, if " +
               conditions_in_words(method.requires_);
    case Obstacle::not_on_medium:
        return "does not exist on " + catalogue()[question.medium].title;
    case Obstacle::below_level:
        return "reaches " + named(level_on(method, question.medium)) + " there" +
               unaccepted_claim(method, question.medium) + ", and " + named(method.level) +
               " is asked of it";
    case Obstacle::not_offered:
        return "this drive and this program do not offer it";
    case Obstacle::condition:
        return "requires what is not the case or not known: " +
               unmet_in_words(method, *question.drive);
    }
    return {};
}

std::vector<ExplainedMethod> methods_of(const Ruling& answer, const Question& question) {
    std::vector<ExplainedMethod> methods;
    if (answer.rule == nullptr) return methods;
    for (const Method& each : answer.rule->methods) {
        const bool chosen = &each == answer.method;
        std::string reason = chosen ? "preferred of what is on offer" : why_not(each, question);
        if (chosen && !question.drive) {
            reason = "the first of the rule";
            if (!each.requires_.empty()) reason += ", if " + conditions_in_words(each.requires_);
        }
        if (chosen && each.level < answer.rule->level)
            reason = "a fallback: its conditions are met";
        if (each.vendor_claim == VendorClaim::accepted)
            reason += "; what it reaches is as its vendor claims";
        methods.push_back({name_of(each), level_on(each, question.medium), chosen, reason});
    }
    return methods;
}

std::string unknown_reason(const Ruling& answer) {
    switch (answer.cause) {
    case Cause::unknown_classification:
        return "the classification is not known: what is not known is denied";
    case Cause::unknown_medium:
        return "it is not known what kind of medium this is: what is not known is denied";
    case Cause::no_rule:
        return "no rule of the profile fits: what is not known to be enough is denied";
    case Cause::nothing_offered:
        return "none of the techniques that the rule allows is on offer";
    case Cause::too_many_remapped:
        return "more blocks are remapped or pending than the rule allows, or the drive's health "
               "report does not say how many";
    case Cause::rule:
        break;
    }
    return {};
}

std::string failure_in_words(OnFailure on_failure) {
    return on_failure == OnFailure::destroy
               ? "a drive that is not proven erased must be destroyed"
               : "what becomes of a drive that is not proven erased is for a person to decide";
}

std::vector<std::string> demands_of(const PolicyRule& rule) {
    std::vector<std::string> reasons;
    if (rule.recheck_percent != 0)
        reasons.push_back("somebody else reads " + std::to_string(rule.recheck_percent) +
                          " % of such drives again");
    if (std::ranges::find(rule.people, Participant::supervisor) != rule.people.end())
        reasons.emplace_back("the witness who signs the statement of destruction supervises it, "
                             "and is cleared for what the drive held");
    if (!rule.destruction.empty())
        reasons.push_back("destroyed by any of: " + joined(rule.destruction, ", "));
    for (const std::string& duty : rule.duties)
        reasons.push_back("persons see to it: " + duty);
    if (!rule.residual.empty()) reasons.push_back("residual risk: " + rule.residual);
    reasons.push_back(failure_in_words(rule.on_failure));
    if (rule.retention_years != 0)
        reasons.push_back("the document is kept for " + std::to_string(rule.retention_years) +
                          " years");
    return reasons;
}

std::vector<std::string> reasons_of(const Ruling& answer) {
    std::vector<std::string> reasons;
    if (auto text = unknown_reason(answer); !text.empty()) reasons.push_back(std::move(text));
    if (answer.rule == nullptr) return reasons;
    if (!answer.rule->reason.empty()) reasons.push_back(answer.rule->reason);
    if (answer.decision != Decision::allow) {
        if (answer.rule->decision == Decision::allow)
            reasons.push_back(failure_in_words(answer.rule->on_failure));
        return reasons;
    }
    for (std::string& demand : demands_of(*answer.rule))
        reasons.push_back(std::move(demand));
    if (answer.method == nullptr)
        reasons.emplace_back(
            "nothing of it can be erased first here; it is destroyed all the same");
    return reasons;
}

std::vector<std::string> people_of(const Ruling& answer) {
    if (answer.decision != Decision::allow || answer.rule == nullptr) return {};
    std::vector<std::string> people{"operator"};
    for (const Participant each : answer.rule->people)
        people.emplace_back(to_text(each));
    return people;
}

// Rules that speak of the same classification or disposition, so that somebody might have expected
// them to answer.
class RuleAlternatives {
  public:
    RuleAlternatives(const Question& question, const Ruling& answer)
        : question_(question), answer_(answer),
          destination_(compare(question.classification, question.destination)) {}

    void add(const Profile& profile, std::vector<Alternative>& alternatives) const {
        for (const PolicyRule& rule : profile.rules)
            if (&rule != answer_.rule && is_near(rule))
                alternatives.push_back({AlternativeKind::rule, rule.id, why_not(rule)});
    }

  private:
    [[nodiscard]] bool is_near(const PolicyRule& rule) const {
        return rule.classifications.contains(effective(question_.classification)) &&
               rule.media.contains(question_.medium);
    }

    [[nodiscard]] std::string why_not(const PolicyRule& rule) const {
        if (!rule.dispositions.contains(question_.disposition))
            return "not for the disposition " + std::string(to_text(question_.disposition));
        if (!rule.destinations.contains(destination_))
            return "not for a destination that is " + std::string(to_text(destination_));
        return "an earlier rule answers";
    }

    const Question& question_;
    const Ruling& answer_;
    Destination destination_;
};

bool is_in_rule(const PolicyRule* rule, TechniqueId technique) {
    if (rule == nullptr) return false;
    return std::ranges::any_of(rule->methods, [&](const Method& method) {
        return std::ranges::find(method.steps, technique) != method.steps.end();
    });
}

// Techniques that exist on the medium and that the rule does not name.
void add_techniques(const Ruling& answer, const Question& question,
                    std::vector<Alternative>& alternatives) {
    const auto& all = catalogue().techniques;
    for (std::size_t index = 0; index < all.size(); ++index) {
        const auto id = static_cast<TechniqueId>(index);
        if (!all[index].media.contains(question.medium) || is_in_rule(answer.rule, id)) continue;
        std::string reason = "the rule does not name it";
        if (answer.rule == nullptr || answer.rule->decision != Decision::allow)
            reason = "the rule allows none";
        if (answer.rule != nullptr &&
            level_on(id, question.medium, VendorClaim::none) < answer.rule->level)
            reason = "reaches " + named(level_on(id, question.medium, VendorClaim::none)) +
                     ", and the rule asks for " + named(answer.rule->level);
        alternatives.push_back({AlternativeKind::technique, all[index].id,
                                reason + "; " + joined(all[index].caveats, "; ")});
    }
}

void add_dispositions(const Profile& profile, const Question& question,
                      std::vector<Alternative>& alternatives) {
    for (std::size_t index = 0; index < disposition_count; ++index) {
        Question other = question;
        other.disposition = static_cast<Disposition>(index);
        if (other.disposition == question.disposition) continue;
        const Ruling answer = evaluate(profile, other);
        std::string text = "the answer would be " + std::string(to_text(answer.decision));
        if (answer.rule != nullptr) text += ", by rule " + answer.rule->id;
        alternatives.push_back(
            {AlternativeKind::disposition, std::string(to_text(other.disposition)), text});
    }
}

bool is_known(const Ruling& answer) {
    return answer.cause != Cause::unknown_classification && answer.cause != Cause::unknown_medium;
}

} // namespace

std::string name_of(const Method& method) {
    std::vector<std::string> names;
    for (const TechniqueId step : method.steps)
        names.push_back(catalogue()[step].id);
    return joined(names, " then ");
}

std::string source_of(const PolicyRule& rule) {
    return joined(rule.sources, "; ") + " (" + std::string(to_text(rule.confidence)) + ")";
}

Explanation explain(const Profile& profile, const Question& question) {
    const Ruling answer = evaluate(profile, question);
    Explanation told;
    told.decision = answer.decision;
    told.profile = answer.rule == nullptr ? profile.id : answer.rule->profile;
    if (answer.rule != nullptr) {
        told.rule = answer.rule->id;
        told.source = source_of(*answer.rule);
        told.level = answer.rule->level;
        told.schemes = answer.rule->schemes;
        told.verification = answer.rule->verification;
    }
    if (is_known(answer)) told.techniques = methods_of(answer, question);
    told.people = people_of(answer);
    told.reasons = reasons_of(answer);
    if (!is_known(answer)) return told;
    RuleAlternatives(question, answer).add(profile, told.alternatives);
    add_techniques(answer, question, told.alternatives);
    add_dispositions(profile, question, told.alternatives);
    return told;
}

} // namespace quietus
