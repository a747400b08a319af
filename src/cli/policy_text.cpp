#include "policy_text.hpp"

#include "facts_json.hpp"
#include "people_text.hpp"

#include "quietus/core/clock.hpp"
#include "quietus/core/json_fields.hpp"

#include <algorithm>

namespace quietus::cli {
namespace {

Json::Array texts(const std::vector<std::string>& values) {
    return {values.begin(), values.end()};
}

Json method_json(const ExplainedMethod& method) {
    return Json::object({{"name", method.name},
                         {"level", to_text(method.level)},
                         {"chosen", method.chosen},
                         {"reason", method.reason}});
}

Json alternative_json(const Alternative& alternative) {
    return Json::object({{"kind", to_text(alternative.kind)},
                         {"name", alternative.name},
                         {"why_not", alternative.why_not}});
}

Json scheme_json(const Scheme& scheme) {
    return Json::object({{"id", scheme.id},
                         {"title", scheme.title},
                         {"status", scheme.status},
                         {"confidence", scheme.confidence},
                         {"max_claim", scheme.max_claim}});
}

// Shipped ones are signed by nobody.
Json signer_json(const LoadedProfile& loaded) {
    return loaded.signed_by.empty() ? Json(nullptr) : Json(loaded.signed_by);
}

Json rule_json(const PolicyRule& rule) {
    return Json::object({{"profile", rule.profile},
                         {"id", rule.id},
                         {"decision", to_text(rule.decision)},
                         {"level", to_text(rule.level)},
                         {"source", source_of(rule)}});
}

template <typename Facts, typename Choose>
Json::Array chosen(const Facts& facts, Choose choose) {
    Json::Array array;
    std::ranges::transform(facts, std::back_inserter(array), choose);
    return array;
}

std::string verification_in_words(const Verification& verification) {
    return verification.mode == VerificationMode::sample
               ? "sample of " + std::to_string(verification.percent) + " %"
               : std::string(to_text(verification.mode));
}

} // namespace

Json explanation_json(const Explanation& told) {
    return Json::object(
        {{"decision", to_text(told.decision)},
         {"rule",
          Json::object({{"profile", told.profile}, {"id", told.rule}, {"source", told.source}})},
         {"level", to_text(told.level)},
         {"techniques", chosen(told.techniques, method_json)},
         {"verification", to_json(told.verification)},
         {"people", texts(told.people)},
         {"reasons", texts(told.reasons)},
         {"alternatives", chosen(told.alternatives, alternative_json)}});
}

std::vector<std::vector<std::string>> explanation_rows(const Explanation& told) {
    std::vector<std::vector<std::string>> rows{
        {"decision", std::string(to_text(told.decision))},
        {"rule",
         told.rule.empty() ? "none of " + told.profile + " fits" : told.profile + " " + told.rule},
        {"source", told.source.empty() ? "none" : told.source}};
    if (told.decision == Decision::allow) {
        rows.push_back({"level", std::string(to_text(told.level)) + " at least"});
        rows.push_back({"verification", verification_in_words(told.verification)});
        rows.push_back({"people", joined(told.people, "none")});
    }
    for (const ExplainedMethod& each : told.techniques)
        rows.push_back({each.chosen ? "technique" : "not",
                        each.name + " (" + std::string(to_text(each.level)) + "): " + each.reason});
    for (const std::string& reason : told.reasons)
        rows.push_back({"reason", reason});
    for (const Alternative& each : told.alternatives)
        rows.push_back({"instead of",
                        std::string(to_text(each.kind)) + " " + each.name + ": " + each.why_not});
    return rows;
}

void add_explanation(const Explanation& told, Json& plan) {
    plan["techniques"] = chosen(told.techniques, method_json);
    plan["people"] = texts(told.people);
    plan["reasons"] = texts(told.reasons);
    plan["alternatives"] = chosen(told.alternatives, alternative_json);
}

Json denied_json(const Weighed& weighed) {
    Json json = explanation_json(*weighed.told);
    json["drive"] = drive_json(weighed.drive);
    json["policy_applied"] = true;
    json["technique"] = "";
    json["scheme"] = "";
    json["steps"] = Json::array();
    json["not_reached"] = Json::array();
    json["estimated_seconds"] = 0;
    return json;
}

std::string denial_in_words(const Weighed& weighed) {
    std::vector<std::vector<std::string>> rows{
        {"drive", weighed.drive.node + ", " + long_size(weighed.drive.size_bytes)}};
    for (auto& row : explanation_rows(*weighed.told))
        rows.push_back(std::move(row));
    return table(rows);
}

Json profiles_json(const std::vector<LoadedProfile>& profiles) {
    const auto profile = [](const LoadedProfile& each) {
        return Json::object({{"id", each.profile.id},
                             {"title", each.profile.title},
                             {"version", each.profile.version},
                             {"signed_by", signer_json(each)}});
    };
    return Json::object(
        {{"profiles", chosen(profiles, profile)}, {"schemes", chosen(schemes(), scheme_json)}});
}

std::string profiles_in_words(const std::vector<LoadedProfile>& profiles) {
    std::vector<std::vector<std::string>> rows{{"PROFILE", "VERSION", "SIGNED BY", "TITLE"}};
    for (const LoadedProfile& each : profiles)
        rows.push_back({each.profile.id, std::to_string(each.profile.version),
                        each.signed_by.empty() ? "shipped" : each.signed_by, each.profile.title});
    std::vector<std::vector<std::string>> patterns{
        {"SCHEME", "STATUS", "CONFIDENCE", "MAX", "TITLE"}};
    for (const Scheme& each : schemes())
        patterns.push_back({each.id, each.status, each.confidence, each.max_claim, each.title});
    return table(rows) + "\n" + table(patterns);
}

Json profile_json(const LoadedProfile& loaded) {
    const Profile& profile = loaded.profile;
    Json json = Json::object({{"id", profile.id},
                              {"title", profile.title},
                              {"version", profile.version},
                              {"authority", profile.authority},
                              {"jurisdiction", profile.jurisdiction},
                              {"valid_from", to_rfc3339(profile.valid_from)},
                              {"sha256", loaded.sha256},
                              {"signed_by", signer_json(loaded)},
                              {"rules", chosen(profile.rules, rule_json)},
                              {"text", loaded.text}});
    json["valid_until"] = profile.valid_until ? Json(to_rfc3339(*profile.valid_until)) : Json();
    json["extends"] = profile.extends ? Json(profile.extends->id) : Json();
    return json;
}

Json flaws_json(const std::vector<ProfileFlaw>& flaws) {
    return chosen(flaws, [](const ProfileFlaw& each) {
        return Json::object({{"line", each.line}, {"code", each.code}, {"text", each.text}});
    });
}

} // namespace quietus::cli
