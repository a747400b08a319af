#include "profile_rules.hpp"

#include "quietus/core/nearest.hpp"
#include "quietus/policy/explain.hpp"
#include "quietus/policy/make_plan.hpp"
#include "quietus/policy/schemes.hpp"

#include <algorithm>

namespace quietus {
namespace {

constexpr std::string_view any = "any";
constexpr std::string_view one_after_another = " then ";
constexpr std::uint32_t years_max = 999;
constexpr std::size_t source_max = 500; // of a text on a document

template <typename Entry>
std::string hint_from(const std::vector<Entry>& entries, std::string_view name) {
    std::vector<std::string> ids;
    std::ranges::transform(entries, std::back_inserter(ids), &Entry::id);
    const std::string hint = did_you_mean(name, ids);
    return hint.empty() ? "" : "; " + hint;
}

class RuleReader {
  public:
    RuleReader(const Toml& toml, std::vector<ProfileFlaw>& flaws)
        : fields_(toml, flaws), flaws_(flaws) {
        rule_.line = toml.line();
    }

    PolicyRule read() {
        rule_.id = fields_.text("id", Need::required);
        read_scope();
        rule_.decision =
            fields_.word<Decision>("decision", Need::required).value_or(Decision::deny);
        read_demands();
        read_people();
        read_standing();
        fields_.refuse_others();
        if (rule_.decision == Decision::allow)
            check_allowed();
        else
            check_denied();
        return std::move(rule_);
    }

  private:
    void unknown(const LinedText& name, std::string_view member, const std::string& hint) {
        fields_.add(name.line, "unknown-name",
                    std::string(member) + ": no \"" + escaped(name.text) + "\"" + hint);
    }

    // The names of one member as a set; `any` stands for all.
    template <typename Id, typename Entry>
    IdSet<Id> set_of(std::string_view member, const std::vector<Entry>& entries,
                     std::optional<Id> (*find)(std::string_view)) {
        IdSet<Id> set;
        for (const LinedText& name : fields_.texts(member, Need::required)) {
            if (name.text == any)
                for (std::size_t index = 0; index < entries.size(); ++index)
                    set.add(static_cast<Id>(index));
            else if (const auto id = find(name.text))
                set.add(*id);
            else
                unknown(name, member, hint_from(entries, name.text));
        }
        return set;
    }

    void read_scope() {
        const Catalogue& known = catalogue();
        rule_.classifications =
            set_of<ClassificationId>("classifications", known.classifications, find_classification);
        rule_.media = set_of<MediumId>("media", known.media, find_medium);
        for (const Disposition each : fields_.words<Disposition>("dispositions", Need::required))
            rule_.dispositions.add(each);
        for (const Destination each : fields_.words<Destination>("destinations", Need::optional))
            rule_.destinations.add(each);
        // Data never moves up by a rule that does not say so.
        if (rule_.destinations.empty())
            for (const Destination each :
                 {Destination::unstated, Destination::same, Destination::lower})
                rule_.destinations.add(each);
    }

    void read_demands() {
        const auto level = fields_.word<Level>("level", Need::optional);
        rule_.level = level.value_or(Level::none);
        has_level_ = level.has_value();
        for (const Toml& each : fields_.array("techniques", Need::optional))
            read_method(each);
        for (LinedText& scheme : fields_.texts("schemes", Need::optional))
            if (find_scheme(scheme.text))
                rule_.schemes.push_back(std::move(scheme.text));
            else
                unknown(scheme, "schemes", hint_from(schemes(), scheme.text));
        read_verification();
        if (const auto most = fields_.number("remapped_at_most", {0, 1'000'000}, Need::optional))
            rule_.remapped_at_most = static_cast<std::uint64_t>(*most);
        for (LinedText& way : fields_.texts("destruction", Need::optional))
            if (std::ranges::find(catalogue().destruction, way.text, &DestructionMethod::id) !=
                catalogue().destruction.end())
                rule_.destruction.push_back(std::move(way.text));
            else
                unknown(way, "destruction", hint_from(catalogue().destruction, way.text));
        rule_.on_failure =
            fields_.word<OnFailure>("on_failure", Need::optional).value_or(OnFailure::destroy);
    }

    void read_verification() {
        const LinedText text = fields_.lined_text("verification", Need::optional);
        if (text.text.empty()) return;
        const auto verification = parse_verification(text.text);
        if (verification && verification->mode != VerificationMode::none)
            rule_.verification = *verification;
        else
            fields_.add(text.line, "wrong-value",
                        "verification: not full or sample:PERCENT (1 to 99)");
    }

    // "overwrite", or { do = "overwrite", level = "clear", requires = ["owner-accepts"] }, or
    // { do = "nvme-format-crypto-erase", vendor_claim = "accepted" }.
    void read_method(const Toml& toml) {
        Method method;
        method.level = rule_.level;
        if (const auto* name = toml.as<std::string>())
            return add_method({*name, toml.line()}, std::move(method));
        TomlFields own(toml, flaws_);
        const LinedText name = own.lined_text("do", Need::required);
        method.level = own.word<Level>("level", Need::optional).value_or(rule_.level);
        for (const Condition each : own.words<Condition>("requires", Need::optional))
            method.requires_.add(each);
        const auto claim = own.word<VendorClaim>("vendor_claim", Need::optional);
        method.vendor_claim = claim.value_or(VendorClaim::none);
        own.refuse_others();
        if (method.level > rule_.level)
            own.add(toml.line(), "wrong-value",
                    "techniques: asks more of one than the rule does of all");
        add_method(name, std::move(method));
    }

    void add_method(const LinedText& name, Method method) {
        for (std::string_view rest = name.text; !rest.empty();) {
            const auto end = rest.find(one_after_another);
            const std::string_view step = rest.substr(0, end);
            rest = end == rest.npos ? "" : rest.substr(end + one_after_another.size());
            const auto id = find_technique(step);
            if (!id)
                return unknown({std::string(step), name.line}, "techniques",
                               hint_from(catalogue().techniques, step));
            method.steps.push_back(*id);
        }
        if (method.steps.empty()) return;
        check_claim(method, name.line);
        rule_.methods.push_back(std::move(method));
    }

    // To accept what nobody claims is a mistake about the technique.
    void check_claim(const Method& method, std::uint32_t line) {
        const bool can_claim = std::ranges::any_of(method.steps, [](TechniqueId step) {
            const CatalogueTechnique& entry = catalogue()[step];
            return entry.possible > entry.level;
        });
        if (method.vendor_claim == VendorClaim::accepted && !can_claim)
            fields_.add(line, "wrong-value",
                        "techniques: vendor_claim: no vendor's " + name_of(method) +
                            " reaches more than every other");
    }

    void read_people() {
        rule_.people = fields_.words<Participant>("people", Need::optional);
        const auto percent = fields_.number("recheck_percent", {0, 100}, Need::optional);
        rule_.recheck_percent = static_cast<std::uint32_t>(percent.value_or(0));
        rule_.duties = fields_.plain_texts("duties", Need::optional);
        const auto years = fields_.number("retention_years", {1, years_max}, Need::optional);
        rule_.retention_years = static_cast<std::uint32_t>(years.value_or(0));
    }

    void read_standing() {
        rule_.reason = fields_.text("reason", Need::optional);
        rule_.residual = fields_.text("residual", Need::optional);
        rule_.confidence =
            fields_.word<Confidence>("confidence", Need::required).value_or(Confidence::memory);
        rule_.sources = fields_.plain_texts("sources", Need::required);
        rule_.note = fields_.text("note", Need::optional);
        if (source_of(rule_).size() > source_max)
            fields_.add(rule_.line, "wrong-value", "sources: over 500 octets together");
    }

    void missing(std::string_view what) {
        fields_.add(rule_.line, "missing", std::string(what) + " is missing");
    }

    [[nodiscard]] bool is_for(Disposition disposition) const {
        return rule_.dispositions.contains(disposition);
    }

    void check_allowed() {
        const bool only_destroys = is_for(Disposition::destroy) && rule_.dispositions.size() == 1;
        if (!has_level_ && !only_destroys) missing("level");
        if (rule_.methods.empty() && !only_destroys) missing("techniques");
        if (rule_.residual.empty()) missing("residual");
        if (rule_.retention_years == 0) missing("retention_years");
        if (is_for(Disposition::destroy) && rule_.destruction.empty()) missing("destruction");
    }

    void check_denied() {
        if (rule_.reason.empty()) missing("reason");
        if (!rule_.methods.empty() || has_level_ || !rule_.people.empty())
            fields_.add(rule_.line, "wrong-value",
                        "a rule that does not allow asks for no level, techniques or people");
    }

    TomlFields fields_;
    std::vector<ProfileFlaw>& flaws_;
    PolicyRule rule_;
    bool has_level_ = false;
};

} // namespace

PolicyRule read_rule(const Toml& toml, std::vector<ProfileFlaw>& flaws) {
    return RuleReader(toml, flaws).read();
}

} // namespace quietus
