// Profiles and disposal orders as documents name them: exact texts by their digest, so that an
// auditor can ask policy again.
//
// A document names the profile that decided, and the shipped one that it extends, by the SHA-256 of
// their texts. The station saves both beside its documents, as SHA256.policy.toml, the signature of
// the policy owner as SHA256.policy.toml.p7s; and an order that was signed as SHA256.order.toml.
#pragma once

#include "quietus/core/result.hpp"
#include "quietus/crypto/cms.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace quietus {

/// The largest profile and signature of one, and the most of one directory, that are looked into.
inline constexpr std::size_t profile_limit = std::size_t{1} << 20U;
inline constexpr std::size_t profile_signature_limit = std::size_t{256} << 10U;
inline constexpr std::size_t profiles_of_directory = 256;

struct ProfileText {
    std::string text;
    std::string p7s;      ///< DER; empty: not signed
    bool shipped = false; ///< with this program: needs no signature
};

class ProfileTexts {
  public:
    /// Those that are shipped with this program.
    [[nodiscard]] static ProfileTexts shipped();
    void add(ProfileText text);
    /// Every text of a directory whose name has this ending, as far as it can be read: what
    /// cannot is missed when a document names it.
    void add_directory(const std::string& directory, std::string_view ending);
    /// What a station saved in a directory beside its documents.
    void add_beside(const std::string& directory);
    /// nullptr when there is no text with this SHA-256.
    [[nodiscard]] const ProfileText* find(std::string_view sha256) const;

  private:
    std::map<std::string, ProfileText, std::less<>> by_digest_;
};

/// How a station names the files of a profile and of an order: "SHA256.policy.toml".
inline constexpr std::string_view profile_ending = ".policy.toml";
inline constexpr std::string_view order_ending = ".order.toml";
inline constexpr std::string_view profile_signature_ending = ".p7s";

/// The shipped ones and those beside a document, whichever of its files is named.
[[nodiscard]] ProfileTexts profiles_beside(const std::string& document);

/// What speaks against the signature over a profile's text: the findings of check_signature for its
/// content type, whose one role is the policy owner.
[[nodiscard]] SignatureCheck check_profile_signature(const ProfileText& profile,
                                                     const TrustAnchors& trust);

} // namespace quietus
