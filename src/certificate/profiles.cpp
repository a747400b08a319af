#include "quietus/certificate/profiles.hpp"

#include "quietus/core/file.hpp"
#include "quietus/policy/profile.hpp"
#include "quietus/stream/digest.hpp"

#include <algorithm>
#include <filesystem>

namespace quietus {
namespace {

constexpr std::size_t signature_limit = std::size_t{256} << 10U;

std::vector<std::string> files_of(const std::string& directory, std::string_view ending) {
    std::vector<std::string> paths;
    std::error_code failed;
    for (std::filesystem::directory_iterator entry(directory, failed), end; !failed && entry != end;
         entry.increment(failed))
        if (std::string path = entry->path().string(); path.ends_with(ending))
            paths.push_back(std::move(path));
    std::ranges::sort(paths);
    if (paths.size() > profiles_of_directory) paths.resize(profiles_of_directory);
    return paths;
}

} // namespace

ProfileTexts ProfileTexts::shipped() {
    ProfileTexts texts;
    for (const ShippedProfile& each : shipped_profiles())
        texts.add({std::string(each.text), {}, true});
    return texts;
}

void ProfileTexts::add(ProfileText text) {
    std::string digest = sha256_hex(text.text);
    const auto known = by_digest_.find(digest);
    // One that comes with its signature tells more than one without.
    if (known != by_digest_.end() && (known->second.shipped || text.p7s.empty())) return;
    by_digest_.insert_or_assign(std::move(digest), std::move(text));
}

void ProfileTexts::add_directory(const std::string& directory, std::string_view ending) {
    for (const std::string& path : files_of(directory, ending)) {
        auto text = read_regular_file(path, profile_limit);
        if (!text) continue;
        auto p7s = read_regular_file(path + std::string(profile_signature_ending), signature_limit);
        add({std::move(*text), p7s ? std::move(*p7s) : std::string(), false});
    }
}

void ProfileTexts::add_beside(const std::string& directory) {
    add_directory(directory, profile_ending);
    add_directory(directory, order_ending);
}

const ProfileText* ProfileTexts::find(std::string_view sha256) const {
    const auto found = by_digest_.find(sha256);
    return found == by_digest_.end() ? nullptr : &found->second;
}

ProfileTexts profiles_beside(const std::string& document) {
    ProfileTexts texts = ProfileTexts::shipped();
    const auto slash = document.rfind('/');
    texts.add_beside(slash == std::string::npos ? "." : document.substr(0, slash + 1));
    return texts;
}

SignatureCheck check_profile_signature(const ProfileText& profile, const TrustAnchors& trust) {
    return check_signature(profile.p7s, profile.text, DocumentType::profile, trust);
}

} // namespace quietus
