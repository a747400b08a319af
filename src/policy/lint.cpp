#include "quietus/policy/lint.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/toml.hpp"
#include "quietus/policy/evaluate.hpp"
#include "quietus/policy/explain.hpp"
#include "quietus/policy/schemes.hpp"

#include <algorithm>

namespace quietus {
namespace {

constexpr std::size_t destination_count = enum_texts<Destination>.size();

template <typename Id, typename Visit>
void each_in(std::size_t count, const Visit& visit) {
    for (std::size_t index = 0; index < count; ++index)
        visit(static_cast<Id>(index));
}

class Linter {
  public:
    Linter(const Profile& profile, std::uint32_t head_line) : profile_(profile), head_(head_line) {}

    std::vector<ProfileFlaw> run() {
        for (const PolicyRule& rule : profile_.rules)
            if (rule.profile == profile_.id) look_at(rule);
        look_for_gaps();
        look_for_weakening();
        check_text(head_, profile_.title);
        std::ranges::stable_sort(flaws_, {}, &ProfileFlaw::line);
        return std::move(flaws_);
    }

  private:
    void add(std::uint32_t line, std::string_view code, std::string text) {
        flaws_.push_back({line, std::string(code), std::move(text)});
    }

    void look_at(const PolicyRule& rule) {
        if (!is_reachable(rule))
            add(rule.line, "unreachable",
                "rule \"" + escaped(rule.id) + "\": earlier ones answer all that it could");
        check_texts(rule);
        if (rule.decision != Decision::allow) return;
        for (const Method& method : rule.methods)
            check_claim(rule, method);
        check_media(rule);
    }

    // Whether there is a question that this rule and none before it fits.
    [[nodiscard]] bool is_reachable(const PolicyRule& rule) const {
        bool reachable = false;
        each_in<ClassificationId>(catalogue().classifications.size(), [&](ClassificationId one) {
            each_in<MediumId>(catalogue().media.size(), [&](MediumId medium) {
                each_in<Disposition>(disposition_count, [&](Disposition disposition) {
                    each_in<Destination>(destination_count, [&](Destination destination) {
                        const Place place{one, medium, disposition, destination};
                        reachable = reachable || (fits(rule, place) && is_first(rule, place));
                    });
                });
            });
        });
        return reachable;
    }

    struct Place {
        ClassificationId classification;
        MediumId medium;
        Disposition disposition;
        Destination destination;
    };

    static bool fits(const PolicyRule& rule, const Place& place) {
        return rule.classifications.contains(place.classification) &&
               rule.media.contains(place.medium) && rule.dispositions.contains(place.disposition) &&
               rule.destinations.contains(place.destination);
    }

    [[nodiscard]] bool is_first(const PolicyRule& rule, const Place& place) const {
        return &rule == &*std::ranges::find_if(profile_.rules, [&](const PolicyRule& each) {
            return fits(each, place);
        });
    }

    void check_claim(const PolicyRule& rule, const Method& method) {
        Level most = Level::none;
        for (const TechniqueId step : method.steps)
            most = std::max(most, level_of(catalogue()[step], method.vendor_claim));
        if (method.level > most)
            add(rule.line, "claim",
                "rule \"" + escaped(rule.id) + "\" asks " + std::string(to_text(method.level)) +
                    " of " + name_of(method) + ", which reaches " + std::string(to_text(most)) +
                    " at most");
        const bool only_overwrites =
            method.steps.size() == 1 && catalogue()[method.steps.front()].id == "overwrite";
        for (const std::string& id : rule.schemes)
            if (only_overwrites) check_scheme(rule, method, id);
    }

    void check_scheme(const PolicyRule& rule, const Method& method, const std::string& id) {
        const std::string& claim = (*find_scheme(id))->max_claim;
        if (method.level > from_text<Level>(claim).value_or(Level::none))
            add(rule.line, "claim",
                "rule \"" + escaped(rule.id) + "\" asks " + std::string(to_text(method.level)) +
                    " of scheme " + id + ", which may claim no more than " + claim);
    }

    // Every medium of the rule needs a technique that exists there and suffices, unless it goes to
    // its destruction in any case.
    void check_media(const PolicyRule& rule) {
        if (rule.dispositions.contains(Disposition::destroy) && rule.dispositions.size() == 1)
            return;
        each_in<MediumId>(catalogue().media.size(), [&](MediumId medium) {
            if (!rule.media.contains(medium)) return;
            Question question;
            question.medium = medium;
            if (std::ranges::none_of(rule.methods, [&](const Method& each) {
                    return obstacle_of(each, question) == Obstacle::none;
                }))
                add(rule.line, "never",
                    "rule \"" + escaped(rule.id) + "\" allows " + catalogue()[medium].id +
                        ", where none of its techniques suffices");
        });
    }

    void check_texts(const PolicyRule& rule) {
        check_text(rule.line, rule.reason);
        check_text(rule.line, rule.residual);
        check_text(rule.line, rule.note);
        for (const std::string& duty : rule.duties)
            check_text(rule.line, duty);
    }

    void check_text(std::uint32_t line, const std::string& text) {
        if (const std::string claim = forbidden_claim(text); !claim.empty())
            add(line, "forbidden-claim", "\"" + claim + "\": nobody can prove it");
    }

    // What somebody may be asked about under this profile.
    [[nodiscard]] std::vector<ClassificationId> spoken_of() const {
        std::vector<ClassificationId> all;
        each_in<ClassificationId>(catalogue().classifications.size(), [&](ClassificationId id) {
            const auto& scheme = catalogue()[id].scheme;
            if (std::ranges::find(profile_.schemes, scheme) != profile_.schemes.end() &&
                effective(id) == id)
                all.push_back(id);
        });
        return all;
    }

    void look_for_gaps() {
        for (const ClassificationId id : spoken_of())
            each_in<Disposition>(disposition_count, [&](Disposition disposition) {
                std::string media;
                each_in<MediumId>(catalogue().media.size(), [&](MediumId medium) {
                    if (evaluate(profile_, {id, medium, disposition, {}, {}}).rule == nullptr)
                        media += (media.empty() ? "" : ", ") + catalogue()[medium].id;
                });
                if (!media.empty())
                    add(head_, "gap",
                        "no rule answers " + catalogue()[id].id + ", " +
                            std::string(to_text(disposition)) + ", for " + media);
            });
    }

    void look_for_weakening() {
        const auto ids = spoken_of();
        for (const ClassificationId low : ids)
            for (const ClassificationId high : ids)
                if (is_below(low, high)) compare_pair(low, high);
    }

    static bool is_below(ClassificationId low, ClassificationId high) {
        const auto& one = catalogue()[low];
        const auto& other = catalogue()[high];
        return one.scheme == other.scheme && one.rank < other.rank;
    }

    void compare_pair(ClassificationId low, ClassificationId high) {
        each_in<MediumId>(catalogue().media.size(), [&](MediumId medium) {
            each_in<Disposition>(disposition_count, [&](Disposition disposition) {
                const Ruling lower = evaluate(profile_, {low, medium, disposition, {}, {}});
                const Ruling higher = evaluate(profile_, {high, medium, disposition, {}, {}});
                if (is_weaker(higher, lower))
                    add(higher.rule->profile == profile_.id ? higher.rule->line : head_, "weaker",
                        "rule \"" + escaped(higher.rule->id) + "\" asks less of " +
                            catalogue()[high].id + " than is asked of " + catalogue()[low].id +
                            ": " + std::string(to_text(disposition)) + ", " +
                            catalogue()[medium].id);
            });
        });
    }

    static bool believes_vendors(const Ruling& ruling) {
        return std::ranges::any_of(ruling.rule->methods, [](const Method& each) {
            return each.vendor_claim == VendorClaim::accepted;
        });
    }

    static bool is_weaker(const Ruling& higher, const Ruling& lower) {
        if (higher.decision != Decision::allow) return false;
        if (lower.decision != Decision::allow) return true;
        return higher.rule->level < lower.rule->level ||
               (believes_vendors(higher) && !believes_vendors(lower)) ||
               higher.rule->verification.percent < lower.rule->verification.percent ||
               !std::ranges::all_of(lower.rule->people, [&](Participant each) {
                   const auto& people = higher.rule->people;
                   return std::ranges::find(people, each) != people.end();
               });
    }

    const Profile& profile_;
    std::uint32_t head_;
    std::vector<ProfileFlaw> flaws_ = {};
};

} // namespace

std::vector<ProfileFlaw> lint(std::string_view text) {
    ProfileReading reading = read_profile(text);
    if (!reading.profile) return std::move(reading.flaws);
    const TomlReading toml = read_toml(text);
    return Linter(*reading.profile, toml.value.find("profile")->line()).run();
}

} // namespace quietus
