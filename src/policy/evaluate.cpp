#include "quietus/policy/evaluate.hpp"

#include <algorithm>

namespace quietus {
namespace {

struct Scope {
    ClassificationId classification;
    MediumId medium;
    Disposition disposition;
    Destination destination;
};

bool fits(const PolicyRule& rule, const Scope& scope) {
    return rule.classifications.contains(scope.classification) &&
           rule.media.contains(scope.medium) && rule.dispositions.contains(scope.disposition) &&
           rule.destinations.contains(scope.destination);
}

bool is_in_catalogue(ClassificationId id) {
    return static_cast<std::size_t>(id) < catalogue().classifications.size();
}

bool is_in_catalogue(MediumId id) {
    return static_cast<std::size_t>(id) < catalogue().media.size();
}

bool has_too_many_remapped(const PolicyRule& rule, const Question& question) {
    if (!rule.remapped_at_most || !question.drive) return false;
    const auto& known = question.drive->remapped_blocks;
    return !known || *known > *rule.remapped_at_most;
}

// What is destroyed is erased first if it can be, and destroyed in any case.
bool can_do_without(const Question& question) {
    return question.disposition == Disposition::destroy;
}

Ruling allowed(const PolicyRule& rule, const Question& question) {
    Ruling answer{Decision::allow, Cause::rule, &rule, nullptr};
    if (has_too_many_remapped(rule, question)) {
        answer.decision = Decision::deny;
        answer.cause = Cause::too_many_remapped;
        return answer;
    }
    const auto method = std::ranges::find_if(rule.methods, [&](const Method& each) {
        return obstacle_of(each, question) == Obstacle::none;
    });
    if (method != rule.methods.end()) {
        answer.method = &*method;
    } else if (!can_do_without(question)) {
        answer.decision = Decision::deny;
        answer.cause = Cause::nothing_offered;
    }
    return answer;
}

} // namespace

ClassificationId effective(ClassificationId id) {
    for (;;) {
        const auto& counts_as = catalogue()[id].counts_as;
        if (counts_as.size() != 1) return id;
        id = counts_as.front();
    }
}

Destination compare(ClassificationId own, const std::optional<ClassificationId>& destination) {
    if (!destination) return Destination::unstated;
    if (!is_in_catalogue(own) || !is_in_catalogue(*destination)) return Destination::incomparable;
    const Classification& here = catalogue()[effective(own)];
    const Classification& there = catalogue()[effective(*destination)];
    if (here.domain != there.domain || here.counts_as.size() > 1 || there.counts_as.size() > 1)
        return Destination::incomparable;
    if (here.domain_rank == there.domain_rank) return Destination::same;
    return there.domain_rank < here.domain_rank ? Destination::lower : Destination::higher;
}

Level level_on(const Method& method, MediumId medium) {
    Level most = Level::none;
    for (const TechniqueId step : method.steps) {
        if (!catalogue()[step].media.contains(medium)) return Level::none;
        most = std::max(most, level_on(step, medium, method.vendor_claim));
    }
    return most;
}

Obstacle obstacle_of(const Method& method, const Question& question) {
    for (const TechniqueId step : method.steps)
        if (!catalogue()[step].media.contains(question.medium)) return Obstacle::not_on_medium;
    if (level_on(method, question.medium) < method.level) return Obstacle::below_level;
    if (!question.drive) return Obstacle::none;
    for (const TechniqueId step : method.steps)
        if (!question.drive->offered.contains(step)) return Obstacle::not_offered;
    if (!unmet(method.requires_, *question.drive).empty()) return Obstacle::condition;
    return Obstacle::none;
}

Conditions unmet(Conditions required, const DriveFacts& facts) {
    Conditions missing;
    if (required.empty()) return missing;
    const auto miss = [&](Condition condition, bool is_met) {
        if (required.contains(condition) && !is_met) missing.add(condition);
    };
    miss(Condition::no_remapped_blocks, facts.remapped_blocks == 0U);
    for (const Condition each : {Condition::owner_accepts, Condition::crypto_erase_eligible})
        miss(each, facts.met.contains(each));
    return missing;
}

Ruling evaluate(const Profile& profile, const Question& question) {
    Ruling answer;
    if (!is_in_catalogue(question.classification)) {
        answer.cause = Cause::unknown_classification;
        return answer;
    }
    if (!is_in_catalogue(question.medium)) {
        answer.cause = Cause::unknown_medium;
        return answer;
    }
    const Scope scope{effective(question.classification), question.medium, question.disposition,
                      compare(question.classification, question.destination)};
    const auto rule = std::ranges::find_if(
        profile.rules, [&](const PolicyRule& each) { return fits(each, scope); });
    if (rule == profile.rules.end()) return answer;
    if (rule->decision == Decision::allow) return allowed(*rule, question);
    return {rule->decision, Cause::rule, &*rule, nullptr};
}

} // namespace quietus
