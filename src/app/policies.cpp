#include "quietus/app/policies.hpp"

#include "quietus/app/offers.hpp"
#include "quietus/core/bytes.hpp"
#include "quietus/core/listed.hpp"
#include "quietus/policy/remapped.hpp"

#include <algorithm>

namespace quietus {
namespace {

Result<StatedClassification> read_stated(const Profile& profile, const PolicyQuestion& asked) {
    if (!asked.classification)
        return Error{Fault::usage, "--classification is missing",
                     "what the drive held, one of: " + listed(labels_of(profile))};
    auto stated = read_classification(profile, asked.classification->value);
    if (!stated) return std::move(stated).error().during("--classification");
    if (stated->decided && !asked.has_authority)
        return Error{Fault::usage,
                     "--classification: \"" + escaped(stated->given) +
                         "\" is a decision, and nobody is named who took it",
                     "--authority, for the owner of the information"};
    return stated;
}

Result<Disposition> read_disposition(const std::optional<Supplied>& asked) {
    const std::string hint =
        "where the drive goes, one of: " +
        listed({enum_texts<Disposition>.begin(), enum_texts<Disposition>.end()});
    if (!asked) return Error{Fault::usage, "--disposition is missing", hint};
    const auto known = from_text<Disposition>(asked->value);
    if (known) return *known;
    return Error{Fault::usage, "--disposition: \"" + escaped(asked->value) + "\" is none", hint};
}

void state(std::string_view name, const std::optional<Supplied>& value,
           std::vector<SuppliedValue>& values) {
    if (value) values.push_back({std::string(name), value->value, value->by, value->reference});
}

std::vector<SuppliedValue> supplied_by(const Profile& profile, const PolicyQuestion& asked) {
    // Its id, by whatever path it was named: paths may name people.
    Supplied policy = asked.profile.value_or(Supplied{{}, Supplier::default_});
    policy.value = profile.id;
    std::vector<SuppliedValue> values;
    state("policy", policy, values);
    state("classification", asked.classification, values);
    state("disposition", asked.disposition, values);
    state("destination", asked.destination, values);
    values.insert(values.end(), asked.others.begin(), asked.others.end());
    return values;
}

} // namespace

Result<PolicyRequest> read_question(const Profile& profile, const PolicyQuestion& asked) {
    auto classification = read_stated(profile, asked);
    if (!classification) return std::move(classification).error();
    auto disposition = read_disposition(asked.disposition);
    if (!disposition) return std::move(disposition).error();
    PolicyRequest request{std::move(*classification), *disposition, std::nullopt,
                          supplied_by(profile, asked)};
    if (asked.owner_accepts) request.met.add(Condition::owner_accepts);
    if (!asked.destination) return request;
    auto destination = read_classification(profile, asked.destination->value);
    if (!destination) return std::move(destination).error().during("--destination");
    request.destination = std::move(*destination);
    return request;
}

DriveFacts facts_of(const Drive& drive) {
    DriveFacts facts;
    for (const OfferedTechnique& offer : offers(drive))
        if (const auto id = find_technique(to_text(offer.technique)); id && offer.available)
            facts.offered.add(*id);
    facts.remapped_blocks = remapped_blocks(drive.health);
    if (facts.remapped_blocks == 0U) facts.met.add(Condition::no_remapped_blocks);
    return facts;
}

Result<MediumId> read_medium(const std::string& name) {
    if (const auto id = find_medium(name)) return *id;
    std::vector<std::string> ids;
    std::ranges::transform(catalogue().media, std::back_inserter(ids), &MediumClass::id);
    return Error{Fault::usage, "--medium: no medium \"" + escaped(name) + "\"",
                 "one of: " + listed(ids)};
}

Question about_drive(const PolicyRequest& request, const Drive& drive) {
    Question question = question_about(request, medium_of(drive));
    question.drive = facts_of(drive);
    question.drive->met.add(request.met);
    return question;
}

} // namespace quietus
