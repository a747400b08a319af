// Profile: the rules of one body as data. Which drive may go where, after what, and who says so.
//
// A profile is a TOML file; quietus-policy(7) describes it. Those of src/policy/profiles are
// shipped; a department's own extends one of them, and its rules come first. The first rule that
// fits a question answers it, and what no rule fits is denied.
#pragma once

#include "quietus/core/result.hpp"
#include "quietus/policy/catalogue.hpp"
#include "quietus/policy/terms.hpp"
#include "quietus/record/plan.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quietus {

/// One way to do what a rule asks for: a technique, or several one after the other.
struct Method {
    std::vector<TechniqueId> steps;
    /// What this one has to reach; lower than the rule's for a fallback.
    Level level = Level::none;
    VendorClaim vendor_claim = VendorClaim::none; ///< accepted: counts as what a vendor's may reach
    Conditions requires_;

    friend bool operator==(const Method&, const Method&) = default;
};

/// What becomes of a drive that was not proven erased.
enum class OnFailure : std::uint8_t { destroy, escalate };
template <>
inline constexpr auto enum_texts<OnFailure> = spellings("destroy", "escalate");

struct PolicyRule {
    std::string id;
    std::string profile; ///< of the profile that it stands in, which need not be the one asked
    std::uint32_t line = 1;
    Classifications classifications;
    Media media;
    Dispositions dispositions;
    Destinations destinations;
    Decision decision = Decision::deny;
    std::string reason; ///< of deny and escalate: what to do instead, or whom to ask
    // Of allow; before a destruction all of it is done if the drive can.
    Level level = Level::none;   ///< the least that will do
    std::vector<Method> methods; ///< in order of preference
    /// Schemes that an overwrite may use; the first is taken unless somebody chooses.
    std::vector<std::string> schemes;
    Verification verification;
    std::vector<Participant> people;
    /// Of the drives that it applies to, how many somebody else reads again; 0: none.
    std::uint32_t recheck_percent = 0;
    /// Of remapped and pending blocks, where a number is set; not knowing is too many.
    std::optional<std::uint64_t> remapped_at_most;
    std::vector<std::string> destruction; ///< ids of the catalogue that will do
    OnFailure on_failure = OnFailure::destroy;
    std::string residual;            ///< the risk that stays, in words for the document
    std::vector<std::string> duties; ///< what persons have to see to besides
    std::uint32_t retention_years = 0;
    Confidence confidence = Confidence::memory;
    std::vector<std::string> sources;
    std::string note;

    friend bool operator==(const PolicyRule&, const PolicyRule&) = default;
};

/// How another profile's text is named, on documents and in `extends`.
struct ProfileName {
    std::string id;
    std::uint32_t version = 0;

    friend bool operator==(const ProfileName&, const ProfileName&) = default;
};

struct Profile {
    std::string id;
    std::string title;
    std::uint32_t version = 0; ///< from 1; a station takes none that is lower than one it had
    std::string authority;
    std::string jurisdiction;
    std::int64_t valid_from = 0;             ///< UTC seconds
    std::optional<std::int64_t> valid_until; ///< the first second in which it is no longer in force
    std::optional<ProfileName> extends;      ///< a shipped one, of at least this version
    std::vector<std::string> schemes;   ///< of classifications that it speaks of, first its own
    std::vector<std::string> overrides; ///< interlocks that a locked station may set aside
    Confidence confidence = Confidence::memory;
    std::vector<std::string> sources;
    std::vector<PolicyRule> rules;

    friend bool operator==(const Profile&, const Profile&) = default;
};

/// Something wrong with a profile's text, with its line.
struct ProfileFlaw {
    std::uint32_t line = 1;
    std::string
        code; ///< "syntax", "unknown-name", "missing", "wrong-value" ...; see policy/lint.hpp
    std::string text; ///< one clause, fit to print

    friend bool operator==(const ProfileFlaw&, const ProfileFlaw&) = default;
};

/// The profile, unless a flaw keeps it from being one.
struct ProfileReading {
    std::optional<Profile> profile;
    std::vector<ProfileFlaw> flaws; ///< in the order of their lines
};

/// Reads the text of one profile, and of the shipped one that it extends, whose rules follow its
/// own. At most 1 MiB.
[[nodiscard]] ProfileReading read_profile(std::string_view text);
/// The same for who wants a profile or a sentence: Fault::invalid, "line 12: ...".
[[nodiscard]] Result<Profile> parse_profile(std::string_view text);
/// One that extends the profile with this text, which need not be shipped any more.
[[nodiscard]] Result<Profile> parse_profile(std::string_view text, std::string_view base_text);

/// A profile that this program brings, with its exact text: its digest names it.
struct ShippedProfile {
    std::string_view id;
    std::string_view text;
};
[[nodiscard]] const std::vector<ShippedProfile>& shipped_profiles();
/// The shipped profile that is used when nobody names one.
inline constexpr std::string_view default_profile = "uk-official";
/// Read once and kept; null when none is shipped under this id.
[[nodiscard]] const Profile* find_shipped_profile(std::string_view id);

/// A marking as somebody stated it, and what it counts as.
struct StatedClassification {
    std::string given; ///< as it was typed
    ClassificationId id = ClassificationId::unknown;
    std::vector<std::string> caveats;
    bool decided = false; ///< an ambiguous one, and the statement says what it counts as
};

/// Reads LABEL, "LABEL CAVEAT", or for a marking that counts as one of several "LABEL=DECIDED".
/// Case, hyphens and blanks do not matter. Fault::usage, with the labels of the profile as hint,
/// when it has no such marking.
[[nodiscard]] Result<StatedClassification> read_classification(const Profile& profile,
                                                               std::string_view text);
/// Every label that read_classification takes, in the profile's order.
[[nodiscard]] std::vector<std::string> labels_of(const Profile& profile);

} // namespace quietus
