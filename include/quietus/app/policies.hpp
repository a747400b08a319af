// Policies: the profiles that a station may judge by, and what they say about a drive at hand.
//
// A department's own profile is TRUST/ID.toml, or a file anywhere, with the signature of its owner
// beside it (ID.toml.p7s). It is taken when that signature leads to a root in TRUST/*.pem, while it
// is in force, and when this station has not used a later version of it.
#pragma once

#include "quietus/core/clock.hpp"
#include "quietus/core/result.hpp"
#include "quietus/crypto/personal_key.hpp"
#include "quietus/policy/decide.hpp"
#include "quietus/policy/explain.hpp"
#include "quietus/policy/lint.hpp"
#include "quietus/policy/profile.hpp"
#include "quietus/policy/schemes.hpp"
#include "quietus/record/drive.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace quietus {

/// Where a station looks for profiles, and what it remembers of them.
struct PolicyShelf {
    std::string trust; ///< directory of roots and profiles: /etc/quietus/trust
    std::string state; ///< STATE
    std::int64_t now = 0;
};

/// A profile, its exact text, and what documents name that by.
struct LoadedProfile {
    Profile profile;
    std::string text;
    std::string sha256;         ///< of the text, hexadecimal
    std::string p7s = {};       ///< DER; empty when it is shipped with this program
    std::string signed_by = {}; ///< the policy owner; empty when it is shipped
};

/// The profile with the digest of the one that it extends.
[[nodiscard]] NamedProfile named(const LoadedProfile& loaded);

/// All that may be named: the shipped ones, then those of the trust directory that hold. Of one
/// that does not there is a sentence instead.
struct ProfileList {
    std::vector<LoadedProfile> profiles;
    std::vector<Error> refused;
};
[[nodiscard]] ProfileList list_profiles(const PolicyShelf& shelf);
/// The one of this name: an id, or a path with a slash in it. Fault::usage, with the nearest names,
/// when there is none; Fault::refused with the reason when it is not signed, was altered, is signed
/// by nobody who is trusted here, is not in force or older than one that was used here before.
[[nodiscard]] Result<LoadedProfile> load_profile(const std::string& name, const PolicyShelf& shelf);

/// Keeps the texts of a profile that is about to decide, and remembers its version: STATE/policies.
/// Fault::io.
[[nodiscard]] Status keep_profile(const LoadedProfile& loaded, const PolicyShelf& shelf);
/// Puts the texts that a plan's decision names beside the documents, where they are not there yet.
/// Fault::evidence.
[[nodiscard]] Status save_profiles_beside(const Plan& plan, const std::string& state,
                                          const std::string& directory);

/// The text of a profile that nobody need trust yet, to be looked at. Fault::usage when it cannot
/// be read.
[[nodiscard]] Result<std::string> read_profile_file(const std::string& path);
struct SignedProfile {
    std::string p7s; ///< the new file
    std::string sha256;
    SignerIdentity signer;
};
/// Signs a profile that is clean of lint: FILE.p7s. Fault::refused when it is not, or when the key
/// is not a policy owner's; Fault::evidence.
[[nodiscard]] Result<SignedProfile> sign_profile(const std::string& path, const PersonalKey& key,
                                                 Clock& clock);

/// What people ask, by the names that they use for it, and who supplied each.
struct Supplied {
    std::string value;
    Supplier by = Supplier::option;
    std::string reference = {};
};
struct PolicyQuestion {
    std::optional<Supplied> profile; ///< the shipped default when nobody names one
    std::optional<Supplied> classification;
    std::optional<Supplied> disposition;
    std::optional<Supplied> destination; ///< a classification as well
    bool has_authority = false;          ///< somebody is named on whose authority it is done
    bool owner_accepts = false;          ///< fallbacks that depend on that, in a signed order
    /// What the operator did not type besides, and who gave it: for the document.
    std::vector<SuppliedValue> others = {};
};
/// Fault::usage, with what there is to choose from, when something is missing or not known, or
/// when it is decided what an ambiguous marking counts as without an authority for that.
[[nodiscard]] Result<PolicyRequest> read_question(const Profile& profile,
                                                  const PolicyQuestion& asked);

/// What is known of a drive that policy asks about.
[[nodiscard]] DriveFacts facts_of(const Drive& drive);
/// Fault::usage, with the list, when there is no such medium.
[[nodiscard]] Result<MediumId> read_medium(const std::string& name);
/// The question about this drive.
[[nodiscard]] Question about_drive(const PolicyRequest& request, const Drive& drive);

} // namespace quietus
