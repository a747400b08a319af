#include "quietus/app/policies.hpp"

#include "quietus/app/offers.hpp"
#include "quietus/core/bytes.hpp"
#include "quietus/core/file.hpp"
#include "quietus/core/nearest.hpp"
#include "quietus/stream/digest.hpp"

#include <algorithm>

namespace quietus {
namespace {

constexpr std::size_t profile_max = std::size_t{1} << 20U;

LoadedProfile loaded(const ShippedProfile& shipped) {
    return {*find_shipped_profile(shipped.id), std::string(shipped.text), sha256_hex(shipped.text),
            ""};
}

std::string listed(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names)
        text += (text.empty() ? "" : ", ") + name;
    return text;
}

Result<StatedClassification> read_stated(const Profile& profile,
                                         const std::optional<std::string>& text) {
    if (text) {
        auto stated = read_classification(profile, *text);
        if (!stated) return std::move(stated).error().during("--classification");
        return stated;
    }
    return Error{Fault::usage, "--classification is missing",
                 "what the drive held, one of: " + listed(labels_of(profile))};
}

std::vector<std::string> all_dispositions() {
    return {enum_texts<Disposition>.begin(), enum_texts<Disposition>.end()};
}

Result<Disposition> read_disposition(const std::optional<std::string>& text) {
    const std::string hint = "where the drive goes, one of: " + listed(all_dispositions());
    if (!text) return Error{Fault::usage, "--disposition is missing", hint};
    const auto known = from_text<Disposition>(*text);
    if (!known)
        return Error{Fault::usage, "--disposition: \"" + escaped(*text) + "\" is none", hint};
    return *known;
}

std::vector<std::string> all_media() {
    std::vector<std::string> ids;
    std::ranges::transform(catalogue().media, std::back_inserter(ids), &MediumClass::id);
    return ids;
}

Question question_about(const AskedPolicy& asked, MediumId medium) {
    Question question{asked.classification.id, medium, asked.disposition, {}, {}};
    if (asked.destination) question.destination = asked.destination->id;
    return question;
}

} // namespace

std::vector<LoadedProfile> list_profiles() {
    std::vector<LoadedProfile> all;
    std::ranges::transform(shipped_profiles(), std::back_inserter(all), loaded);
    return all;
}

Result<LoadedProfile> load_profile(const std::string& name) {
    const auto& all = shipped_profiles();
    const auto found = std::ranges::find(all, name, &ShippedProfile::id);
    if (found != all.end()) return loaded(*found);
    std::vector<std::string> ids;
    ids.reserve(all.size());
    for (const ShippedProfile& each : all)
        ids.emplace_back(each.id);
    const std::string meant = did_you_mean(name, ids);
    return Error{Fault::usage, "--policy: no profile \"" + escaped(name) + "\"",
                 meant.empty() ? "one of: " + listed(ids) : meant};
}

Result<std::string> read_profile_file(const std::string& path) {
    auto text = read_regular_file(path, profile_max);
    if (!text) return Error{Fault::usage, text.error().message};
    return text;
}

Result<AskedPolicy> read_question(const Profile& profile, const PolicyQuestion& asked) {
    auto classification = read_stated(profile, asked.classification);
    if (!classification) return std::move(classification).error();
    auto disposition = read_disposition(asked.disposition);
    if (!disposition) return std::move(disposition).error();
    AskedPolicy complete{std::move(*classification), *disposition, std::nullopt};
    if (!asked.destination) return complete;
    auto destination = read_classification(profile, *asked.destination);
    if (!destination) return std::move(destination).error().during("--destination");
    complete.destination = std::move(*destination);
    return complete;
}

DriveFacts facts_of(const Drive& drive) {
    DriveFacts facts;
    for (const OfferedTechnique& offer : offers(drive))
        if (const auto id = find_technique(to_text(offer.technique)); id && offer.available)
            facts.offered.add(*id);
    return facts;
}

Result<Question> about_medium(const AskedPolicy& asked, const std::string& medium) {
    if (const auto id = find_medium(medium)) return question_about(asked, *id);
    return Error{Fault::usage, "--medium: no medium \"" + escaped(medium) + "\"",
                 "one of: " + listed(all_media())};
}

Question about_drive(const AskedPolicy& asked, const Drive& drive) {
    Question question = question_about(asked, medium_of(drive));
    question.drive = facts_of(drive);
    return question;
}

} // namespace quietus
