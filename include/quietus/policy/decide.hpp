// decide: an answer as it goes onto plan and document, and whether one on a document follows from
// the profile's text.
#pragma once

#include "quietus/policy/evaluate.hpp"
#include "quietus/record/drive.hpp"
#include "quietus/record/plan.hpp"
#include "quietus/record/policy_decision.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace quietus {

/// A profile with the digests that name its text.
struct NamedProfile {
    const Profile& profile;
    std::string sha256;
    std::optional<ProfileDigest> extends; ///< of the shipped one, when it extends any
};

/// A question as people asked it.
struct PolicyRequest {
    StatedClassification classification;
    Disposition disposition = Disposition::reuse;
    std::optional<StatedClassification> destination;
    std::vector<SuppliedValue> supplied;
    Conditions met = {}; ///< whatever the drive is
};

[[nodiscard]] Question question_about(const PolicyRequest& request, MediumId medium);

/// What goes onto the plan of a drive for which the answer is to allow.
[[nodiscard]] PolicyBasis basis_of(const NamedProfile& named, const PolicyRequest& request,
                                   const Question& question, const Ruling& answer);

/// Something of a decision that does not follow: a stable code and a clause.
///   E_POLICY_UNKNOWN     the text is of another profile than the document names
///   E_POLICY_WITHDRAWN   the profile was not in force then
///   E_POLICY_DECISION    the profile answers otherwise, or was asked about another drive
///   E_METHOD_INSUFFICIENT  technique, scheme, level or read-back fall short of the rule
///   E_RESIDUAL           what the rule lays down besides is not what the document says
struct PolicyObjection {
    std::string code;
    std::string text;

    friend bool operator==(const PolicyObjection&, const PolicyObjection&) = default;
};

/// A plan that bears a decision, asked of the profile again. `stated` is the drive as a document
/// tells of it, `at` when it was erased, UTC seconds. Pure and total, whatever the plan says.
[[nodiscard]] std::vector<PolicyObjection> review(const Profile& profile, const Plan& plan,
                                                  const Drive& stated, std::int64_t at);

} // namespace quietus
