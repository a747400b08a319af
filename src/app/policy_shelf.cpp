#include "quietus/app/policies.hpp"

#include "trust_directory.hpp"

#include "quietus/certificate/profiles.hpp"
#include "quietus/core/bytes.hpp"
#include "quietus/core/directory.hpp"
#include "quietus/core/file.hpp"
#include "quietus/core/json_fields.hpp"
#include "quietus/core/nearest.hpp"
#include "quietus/core/replace_file.hpp"
#include "quietus/stream/digest.hpp"

#include <algorithm>
#include <filesystem>

namespace quietus {
namespace {

constexpr std::size_t versions_max = std::size_t{1} << 20U;

/// A version that this station has used.
struct UsedVersions {
    std::vector<ProfileDigest> profiles;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("profiles", self.profiles);
    }
};

std::string folder(const std::string& state) {
    return state + "/policies";
}

std::string versions_file(const std::string& state) {
    return folder(state) + "/versions.json";
}

Result<UsedVersions> used_versions(const std::string& state) {
    const std::string path = versions_file(state);
    if (!exists(path)) return UsedVersions{};
    auto text = read_regular_file(path, versions_max);
    if (!text) return std::move(text).error();
    auto json = parse_json(*text);
    auto used = json ? from_json<UsedVersions>(*json) : Result<UsedVersions>(json.error());
    if (!used) return std::move(used).error().during(path);
    return used;
}

Error refused(const std::string& what, std::string why, std::string hint = {}) {
    return Error{Fault::refused, "profile " + escaped(what) + ": " + std::move(why),
                 std::move(hint)};
}

Result<LoadedProfile> read_signed(const std::string& path, const PolicyShelf& shelf) {
    auto held = read_signed_text(path, DocumentType::profile, shelf);
    if (!held) return std::move(held).error();
    auto profile = parse_profile(held->text);
    if (!profile) return refused(path, profile.error().message, profile.error().hint);
    const std::string digest = sha256_hex(held->text);
    return LoadedProfile{std::move(*profile), std::move(held->text), digest, std::move(held->p7s),
                         std::move(held->signer.name)};
}

Status check_in_force(const LoadedProfile& loaded, const std::string& path, std::int64_t now) {
    if (now < loaded.profile.valid_from)
        return refused(path, "it is not in force before " + to_rfc3339(loaded.profile.valid_from));
    if (loaded.profile.valid_until && now >= *loaded.profile.valid_until)
        return refused(path, "it expired at " + to_rfc3339(*loaded.profile.valid_until));
    return {};
}

Status check_version(const LoadedProfile& loaded, const std::string& path,
                     const std::string& state) {
    const auto used = used_versions(state);
    if (!used) return Error(used.error());
    const auto last = std::ranges::find(used->profiles, loaded.profile.id, &ProfileDigest::id);
    if (last == used->profiles.end() || loaded.profile.version > last->version) return {};
    if (loaded.profile.version < last->version)
        return refused(path, "it is version " + std::to_string(loaded.profile.version) +
                                 ", and this station has used version " +
                                 std::to_string(last->version));
    if (loaded.sha256 == last->sha256) return {};
    return refused(path, "it is another text than the version " + std::to_string(last->version) +
                             " that this station has used");
}

Result<LoadedProfile> load_file(const std::string& path, const PolicyShelf& shelf) {
    auto loaded = read_signed(path, shelf);
    if (!loaded) return loaded;
    if (find_shipped_profile(loaded->profile.id) != nullptr)
        return refused(path, "its id is that of a shipped profile");
    if (auto status = check_in_force(*loaded, path, shelf.now); !status)
        return std::move(status).error();
    if (auto status = check_version(*loaded, path, shelf.state); !status)
        return std::move(status).error();
    return loaded;
}

LoadedProfile shipped(const ShippedProfile& each) {
    return {*find_shipped_profile(each.id), std::string(each.text), sha256_hex(each.text)};
}

Error unknown(const std::string& name, const PolicyShelf& shelf) {
    std::vector<std::string> ids;
    ids.reserve(shipped_profiles().size());
    for (const ShippedProfile& each : shipped_profiles())
        ids.emplace_back(each.id);
    for (const std::string& path : files_in(shelf.trust, ".toml"))
        ids.push_back(std::filesystem::path(path).stem().string());
    std::string all;
    for (const std::string& id : ids)
        all += (all.empty() ? "one of: " : ", ") + id;
    const std::string meant = did_you_mean(name, ids);
    return {Fault::usage, "--policy: no profile \"" + escaped(name) + "\"",
            meant.empty() ? all : meant};
}

bool is_plain_name(const std::string& name) {
    return !name.empty() && std::ranges::all_of(name, [](char each) {
        return (each >= 'a' && each <= 'z') || (each >= '0' && each <= '9') || each == '-';
    });
}

std::string name_in(const std::string& directory, const std::string& sha256) {
    return directory + "/" + sha256 + std::string(profile_ending);
}

Status save_text(const std::string& directory, const ProfileText& profile) {
    const std::string path = name_in(directory, sha256_hex(profile.text));
    if (auto status = save_once(path, profile.text); !status) return status;
    if (profile.p7s.empty()) return {};
    const std::string signature = path + std::string(profile_signature_ending);
    return exists(signature) ? Status{} : save_new_file(signature, profile.p7s);
}

Status remember(const LoadedProfile& loaded, const std::string& state) {
    auto used = used_versions(state);
    if (!used) return std::move(used).error();
    const std::string before = to_line(to_json(*used));
    const ProfileDigest now{loaded.profile.id, loaded.profile.version, loaded.sha256};
    const auto last = std::ranges::find(used->profiles, now.id, &ProfileDigest::id);
    if (last != used->profiles.end() && *last == now) return {};
    if (last == used->profiles.end())
        used->profiles.push_back(now);
    else
        *last = now;
    const std::string after = to_line(to_json(*used));
    const std::string path = versions_file(state);
    return exists(path) ? replace_file(path, {before, after}) : save_new_file(path, after, 0644);
}

} // namespace

NamedProfile named(const LoadedProfile& loaded) {
    NamedProfile named{loaded.profile, loaded.sha256, std::nullopt};
    if (!loaded.profile.extends) return named;
    const auto& all = shipped_profiles();
    const auto base = std::ranges::find(all, loaded.profile.extends->id, &ShippedProfile::id);
    named.extends = ProfileDigest{std::string(base->id), find_shipped_profile(base->id)->version,
                                  sha256_hex(base->text)};
    return named;
}

ProfileList list_profiles(const PolicyShelf& shelf) {
    ProfileList list;
    std::ranges::transform(shipped_profiles(), std::back_inserter(list.profiles), shipped);
    for (const std::string& path : files_in(shelf.trust, ".toml")) {
        auto loaded = load_file(path, shelf);
        if (loaded)
            list.profiles.push_back(std::move(*loaded));
        else
            list.refused.push_back(std::move(loaded).error());
    }
    return list;
}

Result<LoadedProfile> load_profile(const std::string& name, const PolicyShelf& shelf) {
    const auto& all = shipped_profiles();
    const auto found = std::ranges::find(all, name, &ShippedProfile::id);
    if (found != all.end()) return shipped(*found);
    if (name.find('/') != name.npos) return load_file(name, shelf);
    const std::string path = shelf.trust + "/" + name + ".toml";
    if (is_plain_name(name) && exists(path)) return load_file(path, shelf);
    return unknown(name, shelf);
}

Status keep_profile(const LoadedProfile& loaded, const PolicyShelf& shelf) {
    const auto as_obstacle = [](Error error) {
        error.fault = Fault::io; // nothing was written to a drive
        return error;
    };
    if (auto status = make_directories(folder(shelf.state), 0755); !status)
        return as_obstacle(std::move(status).error());
    if (auto status = save_text(folder(shelf.state), {loaded.text, loaded.p7s}); !status)
        return as_obstacle(std::move(status).error());
    if (loaded.p7s.empty()) return {}; // shipped ones come with the program
    if (auto status = remember(loaded, shelf.state); !status)
        return as_obstacle(std::move(status).error());
    return {};
}

Status save_profiles_beside(const Plan& plan, const std::string& state,
                            const std::string& directory) {
    const auto& decision = plan.policy.decision;
    if (!decision) return {};
    ProfileTexts known = ProfileTexts::shipped();
    known.add_directory(folder(state), profile_ending);
    std::vector<std::string> digests{decision->profile.sha256};
    if (decision->extends) digests.push_back(decision->extends->sha256);
    for (const std::string& digest : digests) {
        const ProfileText* text = known.find(digest);
        if (text == nullptr)
            return Error{Fault::evidence, "the text of profile " + escaped(decision->profile.id) +
                                              " is gone from " + folder(state)};
        if (auto status = save_text(directory, *text); !status) return status;
    }
    return {};
}

Result<std::string> read_profile_file(const std::string& path) {
    auto text = read_regular_file(path, profile_limit);
    if (!text) return Error{Fault::usage, text.error().message};
    return text;
}

Result<SignedProfile> sign_profile(const std::string& path, const PersonalKey& key, Clock& clock) {
    auto text = read_profile_file(path);
    if (!text) return std::move(text).error();
    const auto flaws = lint(*text);
    if (!flaws.empty())
        return Error{Fault::refused,
                     escaped(path) + ":" + std::to_string(flaws.front().line) + ": " +
                         flaws.front().code + ": " + flaws.front().text,
                     "quietus policy lint " + path + " tells all that is wrong with it"};
    auto file = sign_text(path, DocumentType::profile, key, clock.utc_seconds());
    if (!file) return std::move(file).error();
    return SignedProfile{std::move(*file), sha256_hex(*text), key.identity()};
}

} // namespace quietus
