#include "quietus/policy/decide.hpp"

#include "decide_parts.hpp"
#include "firmware_plan.hpp"
#include "plan_steps.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/policy/explain.hpp"
#include "quietus/policy/make_plan.hpp"
#include "quietus/policy/remapped.hpp"

#include <algorithm>

namespace quietus {
namespace {

class Reviewer {
  public:
    Reviewer(const Profile& profile, const Plan& plan)
        : profile_(profile), plan_(plan), stated_(*plan.policy.decision) {}

    std::vector<PolicyObjection> run(const Drive& drive, std::int64_t at) {
        examine_profile(at);
        const auto question = question_of(drive);
        if (!question) return std::move(found_);
        const Ruling answer = evaluate(profile_, *question);
        examine_answer(answer);
        if (answer.decision != Decision::allow) return std::move(found_);
        examine_method(answer, question->medium);
        examine_steps(drive);
        examine_rest(*answer.rule);
        return std::move(found_);
    }

  private:
    void add(std::string_view code, std::string text) {
        found_.push_back({std::string(code), "policy: " + std::move(text)});
    }

    void examine_profile(std::int64_t at) {
        if (stated_.profile.id != profile_.id || stated_.profile.version != profile_.version)
            add("E_POLICY_UNKNOWN", "the profile's text says another id or version");
        if (at < profile_.valid_from || (profile_.valid_until && at >= *profile_.valid_until))
            add("E_POLICY_WITHDRAWN", "the profile was not in force when the drive was erased");
    }

    // The question as the document has it; nothing when it asks about what there is not.
    std::optional<Question> question_of(const Drive& drive) {
        const auto classification = find_classification(stated_.classification);
        const auto medium = find_medium(stated_.medium);
        const auto disposition = from_text<Disposition>(stated_.disposition);
        if (!classification || !medium || !disposition) {
            add("E_POLICY_DECISION", "asked about what the catalogue does not know");
            return std::nullopt;
        }
        const auto given = read_classification(profile_, stated_.classification_given);
        if (!given || given->id != *classification)
            add("E_POLICY_DECISION", "the classification as given is another one");
        if (!may_be(drive, *medium))
            add("E_POLICY_DECISION", "asked about another medium than the drive's");
        Question question{*classification, *medium, *disposition, {}, {}};
        if (!stated_.destination.empty() && !take_destination(question)) return std::nullopt;
        if (!take_facts(drive, question)) return std::nullopt;
        return question;
    }

    bool take_destination(Question& question) {
        question.destination = find_classification(stated_.destination);
        if (!question.destination)
            add("E_POLICY_DECISION", "a destination that the catalogue does not know");
        return question.destination.has_value();
    }

    bool take_facts(const Drive& drive, Question& question) {
        DriveFacts facts;
        facts.remapped_blocks = stated_.remapped_blocks;
        bool known = true;
        for (const std::string& each : stated_.offered) {
            const auto id = find_technique(each);
            known = known && id;
            if (id) facts.offered.add(*id);
        }
        for (const std::string& each : stated_.conditions) {
            const auto condition = from_text<Condition>(each);
            known = known && condition;
            if (condition) facts.met.add(*condition);
        }
        examine_evidence(drive, facts);
        if (!known) add("E_POLICY_DECISION", "techniques or conditions that are not known");
        question.drive = facts;
        return known;
    }

    // What is said to be met has its evidence in the document; that an owner accepts has it in the
    // order, which is asked elsewhere.
    void examine_evidence(const Drive& drive, const DriveFacts& facts) {
        if (facts.remapped_blocks != remapped_blocks(drive.health))
            add("E_POLICY_DECISION", "other remapped blocks than the drive's health tells of");
        if (facts.met.contains(Condition::no_remapped_blocks) != (facts.remapped_blocks == 0U))
            add("E_POLICY_DECISION", "no-remapped-blocks is not as the drive's count has it");
        if (facts.met.contains(Condition::crypto_erase_eligible))
            add("E_POLICY_DECISION",
                "crypto-erase-eligible, and the document has no evidence of it");
    }

    void examine_answer(const Ruling& answer) {
        const std::string method = answer.method == nullptr ? "" : name_of(*answer.method);
        const bool same = answer.rule != nullptr && stated_.decision == to_text(answer.decision) &&
                          plan_.policy.rule == answer.rule->id &&
                          plan_.policy.profile == answer.rule->profile &&
                          plan_.policy.source == source_of(*answer.rule) &&
                          stated_.method == method && stated_.vendor_claim == claim_of(answer);
        if (!same)
            add("E_POLICY_DECISION",
                "the profile answers " + std::string(to_text(answer.decision)) +
                    (answer.rule == nullptr ? " for want of a rule"
                                            : " by rule " + escaped(answer.rule->id)) +
                    (method.empty() ? "" : ", " + method));
    }

    void insufficient(bool falls_short, std::string_view what) {
        if (falls_short)
            add("E_METHOD_INSUFFICIENT", std::string(what) + ": less than the rule asks for");
    }

    void examine_method(const Ruling& answer, MediumId medium) {
        const PolicyRule& rule = *answer.rule;
        if (answer.method == nullptr)
            return insufficient(true, "erased, although the rule has no technique for it");
        insufficient(stated_.level != answer.method->level || plan_.level < answer.method->level,
                     "level");
        insufficient(plan_.level > level_on(*answer.method, medium), "level beyond the technique");
        insufficient(name_of(*answer.method) != to_text(plan_.technique), "technique");
        insufficient(plan_.technique == Technique::overwrite && !rule.schemes.empty() &&
                         std::ranges::find(rule.schemes, plan_.scheme) == rule.schemes.end(),
                     "scheme");
        insufficient(plan_.verification.percent < rule.verification.percent, "read-back");
    }

    // What was written is what the scheme of that name says; what a drive does by itself follows
    // from the technique.
    void examine_steps(const Drive& drive) {
        if (is_by_firmware(plan_.technique))
            return insufficient(firmware_flaw_of(plan_).has_value(), "steps");
        if (plan_.technique == Technique::luks_erase)
            return insufficient(flaw_of(plan_).has_value(), "steps");
        PlanRequest request;
        request.technique = plan_.technique;
        request.scheme = plan_.scheme;
        request.verification = plan_.verification;
        const auto expected = make_plan(drive, request);
        insufficient(!expected || expected->steps != plan_.steps, "steps");
    }

    void examine_rest(const PolicyRule& rule) {
        PolicyDecision expected = stated_;
        state_rule(rule, expected);
        if (expected != stated_)
            add("E_RESIDUAL", "people, duties, residual risk, destruction or retention are not "
                              "those of the rule");
    }

    const Profile& profile_;
    const Plan& plan_;
    const PolicyDecision& stated_;
    std::vector<PolicyObjection> found_ = {};
};

} // namespace

std::vector<PolicyObjection> review(const Profile& profile, const Plan& plan, const Drive& stated,
                                    std::int64_t at) {
    if (!plan.policy.decision) return {};
    return Reviewer(profile, plan).run(stated, at);
}

} // namespace quietus
