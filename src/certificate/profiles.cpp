#include "quietus/certificate/profiles.hpp"

#include "quietus/core/directory.hpp"
#include "quietus/core/file.hpp"
#include "quietus/policy/profile.hpp"
#include "quietus/stream/digest.hpp"

#include <utility>

namespace quietus {
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
    auto paths = files_in(directory, ending);
    if (paths.size() > profiles_of_directory) paths.resize(profiles_of_directory);
    for (const std::string& path : paths) {
        auto text = read_regular_file(path, profile_limit);
        if (!text) continue;
        auto p7s = read_regular_file(path + std::string(profile_signature_ending),
                                     profile_signature_limit);
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
