#include "quietus/policy/profile.hpp"

#include "embedded.hpp"
#include "profile_rules.hpp"

#include "quietus/core/clock.hpp"
#include "quietus/core/ensure.hpp"
#include "quietus/record/drive.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <mutex>

namespace quietus {
namespace {

constexpr std::int64_t version_max = 1'000'000;

bool is_profile_id(std::string_view id) {
    return !id.empty() && id.size() <= 64 && std::ranges::all_of(id, [](char each) {
        return (each >= 'a' && each <= 'z') || (each >= '0' && each <= '9') || each == '-';
    });
}

class ProfileReader {
  public:
    explicit ProfileReader(std::vector<ProfileFlaw>& flaws) : flaws_(flaws) {}

    Profile read(const Toml& file) {
        TomlFields top(file, flaws_);
        if (const Toml* head = top.table("profile")) read_head(*head);
        for (const Toml& each : top.array("rule", Need::required))
            profile_.rules.push_back(read_rule(each, flaws_));
        for (PolicyRule& rule : profile_.rules)
            rule.profile = profile_.id;
        top.refuse_others();
        refuse_doubles();
        return std::move(profile_);
    }

  private:
    void read_head(const Toml& toml) {
        TomlFields head(toml, flaws_);
        const LinedText id = head.lined_text("id", Need::required);
        if (!id.text.empty() && !is_profile_id(id.text))
            head.add(id.line, "wrong-value", "id: not of a-z, 0-9 and hyphens, 64 at most");
        profile_.id = id.text;
        profile_.title = head.text("title", Need::required);
        profile_.version = version_of(head, "version", Need::required);
        profile_.authority = head.text("authority", Need::required);
        profile_.jurisdiction = head.text("jurisdiction", Need::required);
        profile_.valid_from = time_of(head, "valid_from", Need::required).value_or(0);
        profile_.valid_until = time_of(head, "valid_until", Need::optional);
        if (profile_.valid_until && *profile_.valid_until <= profile_.valid_from)
            head.add(head.line(), "wrong-value", "valid_until: not after valid_from");
        read_base(head);
        read_schemes(head);
        read_overrides(head);
        profile_.confidence =
            head.word<Confidence>("confidence", Need::required).value_or(Confidence::memory);
        profile_.sources = head.plain_texts("sources", Need::required);
        head.refuse_others();
    }

    static std::uint32_t version_of(TomlFields& head, std::string_view name, Need need) {
        return static_cast<std::uint32_t>(head.number(name, {1, version_max}, need).value_or(0));
    }

    static std::optional<std::int64_t> time_of(TomlFields& head, std::string_view name, Need need) {
        const LinedText text = head.lined_text(name, need);
        if (text.text.empty()) return std::nullopt;
        const auto time = from_rfc3339(text.text);
        if (!time)
            head.add(text.line, "wrong-value",
                     std::string(name) + ": not a time such as \"2027-03-01T00:00:00Z\"");
        return time ? std::optional(*time) : std::nullopt;
    }

    void read_base(TomlFields& head) {
        const std::string base = head.text("extends", Need::optional);
        const auto version =
            version_of(head, "extends_version", base.empty() ? Need::optional : Need::required);
        if (!base.empty()) profile_.extends = ProfileName{base, version};
    }

    void read_schemes(TomlFields& head) {
        for (const LinedText& scheme : head.texts("schemes", Need::required))
            if (std::ranges::find(catalogue().classifications, scheme.text,
                                  &Classification::scheme) != catalogue().classifications.end())
                profile_.schemes.push_back(scheme.text);
            else
                head.add(scheme.line, "unknown-name",
                         "schemes: no classification scheme \"" + escaped(scheme.text) + "\"");
    }

    void read_overrides(TomlFields& head) {
        for (const Interlock each : head.words<Interlock>("overrides", Need::optional))
            profile_.overrides.emplace_back(to_text(each));
    }

    void refuse_doubles() {
        for (auto one = profile_.rules.begin(); one != profile_.rules.end(); ++one)
            if (std::any_of(profile_.rules.begin(), one,
                            [&](const PolicyRule& each) { return each.id == one->id; }))
                flaws_.push_back({one->line, "doubled",
                                  "a second rule with the id \"" + escaped(one->id) + "\""});
    }

    std::vector<ProfileFlaw>& flaws_;
    Profile profile_;
};

// The rules of the base come after those of the one that extends it.
void append_base(Profile& profile, const Toml& file, const Profile* base,
                 std::vector<ProfileFlaw>& flaws) {
    const ProfileName& name = *profile.extends;
    const Toml* member = file.find("profile")->find("extends");
    const auto refuse = [&](const std::string& why) {
        flaws.push_back({member->line(), "no-such-base", "extends: " + why});
    };
    if (base == nullptr || base->id == profile.id || base->id != name.id || base->extends)
        return refuse("no shipped profile \"" + escaped(name.id) + "\"");
    if (base->version < name.version)
        return refuse(name.id + " is shipped in version " + std::to_string(base->version) +
                      ", not in " + std::to_string(name.version) + " or a later one");
    profile.rules.insert(profile.rules.end(), base->rules.begin(), base->rules.end());
    for (const std::string& scheme : base->schemes)
        if (std::ranges::find(profile.schemes, scheme) == profile.schemes.end())
            profile.schemes.push_back(scheme);
}

using FindBase = std::function<const Profile*(std::string_view id)>;

ProfileReading read_with(std::string_view text, const FindBase& find_base) {
    ProfileReading reading;
    const TomlReading toml = read_toml(text);
    for (const TomlProblem& problem : toml.problems)
        reading.flaws.push_back({problem.line, "syntax", problem.text});
    if (!reading.flaws.empty()) return reading;
    Profile profile = ProfileReader(reading.flaws).read(toml.value);
    if (profile.extends)
        append_base(profile, toml.value, find_base(profile.extends->id), reading.flaws);
    std::ranges::stable_sort(reading.flaws, {}, &ProfileFlaw::line);
    if (reading.flaws.empty()) reading.profile = std::move(profile);
    return reading;
}

Result<Profile> profile_in(ProfileReading reading) {
    if (reading.profile) return std::move(*reading.profile);
    const ProfileFlaw& flaw = reading.flaws.front();
    return Error{Fault::invalid, "line " + std::to_string(flaw.line) + ": " + flaw.text,
                 "quietus policy lint FILE tells all that is wrong with it"};
}

} // namespace

ProfileReading read_profile(std::string_view text) {
    return read_with(text, find_shipped_profile);
}

Result<Profile> parse_profile(std::string_view text) {
    return profile_in(read_profile(text));
}

Result<Profile> parse_profile(std::string_view text, std::string_view base_text) {
    const auto base = parse_profile(base_text);
    if (!base) return Error(base.error()).during("extended profile");
    return profile_in(read_with(text, [&](std::string_view) { return &*base; }));
}

const std::vector<ShippedProfile>& shipped_profiles() {
    static const std::vector<ShippedProfile> shipped{{default_profile, uk_official_toml},
                                                     {"nist-800-88r2", nist_800_88r2_toml},
                                                     {"au-ism", au_ism_toml},
                                                     {"legacy-overwrite", legacy_overwrite_toml}};
    return shipped;
}

const Profile* find_shipped_profile(std::string_view id) {
    const auto& shipped = shipped_profiles();
    const auto found = std::ranges::find(shipped, id, &ShippedProfile::id);
    if (found == shipped.end()) return nullptr;
    // Each is read when it is first asked for.
    static std::array<std::once_flag, 8> once;
    static std::array<Profile, once.size()> profiles;
    const auto index = static_cast<std::size_t>(found - shipped.begin());
    std::call_once(once[index], [&] {
        auto profile = parse_profile(found->text);
        QUIETUS_ENSURE(profile && profile->id == id && !profile->extends);
        profiles[index] = std::move(*profile);
    });
    return &profiles[index];
}

} // namespace quietus
