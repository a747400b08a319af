// Examining a payload: from exact bytes to facts, and whether the facts hold together.
#pragma once

#include "payload.hpp"

#include "destruction_payload.hpp"

#include "quietus/certificate/profiles.hpp"
#include "quietus/certificate/validation.hpp"
#include "quietus/crypto/cms.hpp"
#include "quietus/policy/decide.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace quietus {

using CheckFindings = std::vector<CheckFinding>;

/// The JSON of a payload and what is wrong with its bytes; no value after an E_JSON finding other
/// than E_JSON_NOT_CANONICAL.
struct PayloadBytes {
    std::optional<Json> json;
    CheckFindings findings;
};
[[nodiscard]] PayloadBytes examine_bytes(std::string_view payload);

/// The facts, when schema and type are known and every member is as it must be.
struct PayloadFacts {
    std::optional<Payload> payload;
    CheckFindings findings;
};
[[nodiscard]] PayloadFacts examine_schema(const Json& json);

/// Whether the document claims that something was erased: a certificate does, and a rehearsal of
/// one, which is held to the same.
[[nodiscard]] bool is_proof(const Payload& payload);

/// Arithmetic, times, and the result derived again; adds to `findings`. Runs in time proportional
/// to the size of the payload, whoever wrote it.
void examine_semantics(const Payload& payload, CheckFindings& findings);

/// Parts of the above, one file each.
void examine_form(const Payload& payload, CheckFindings& findings);
/// That a rehearsal says so wherever it can, and that nothing else does.
void examine_rehearsal(const Payload& payload, CheckFindings& findings);
void examine_times(const Payload& payload, CheckFindings& findings);
/// False when lists of extents are so wrong that nothing may be computed from them.
[[nodiscard]] bool examine_extents(const Payload& payload, CheckFindings& findings);
void examine_totals(const Payload& payload, CheckFindings& findings);
void examine_result(const Payload& payload, CheckFindings& findings);
/// Whether the operator's confirmation, if there is one, is of what was done.
void examine_confirmation(const Payload& payload, CheckFindings& findings);

/// The facts of a statement of physical destruction, as PayloadFacts.
struct DestructionReading {
    std::optional<DestructionPayload> payload;
    CheckFindings findings;
};
[[nodiscard]] DestructionReading examine_destruction_schema(const Json& json);
/// What is the same in all documents, and whether what a shipped profile says of it follows.
void examine_destruction(const DestructionPayload& payload, CheckFindings& findings);
/// The same for all other profiles.
void check_destruction(const DestructionPayload& payload, const ProfileTexts& texts,
                       const TrustAnchors& trust, CheckFindings& findings);

/// A certificate whose validation is looked at.
struct ValidatedCertificate {
    const Payload& payload;
    std::string payload_sha384;
    const std::vector<CheckedSigner>& signers;
};
/// The statement beside it, as far as nothing breaks it. Where it accepts, that nobody has
/// validated is taken from the findings; everything found of the statement says "validation".
std::optional<StatedValidation> check_validation(const ValidatedCertificate& certificate,
                                                 const ValidationFiles& files,
                                                 const TrustAnchors& trust,
                                                 CheckFindings& findings);

/// The profile that decided, when this text is at hand and readable. Without trust only those that
/// are shipped are looked for, and with it the others: then its owner's signature is examined too.
[[nodiscard]] const Profile* find_deciding_profile(const PolicyDecision& decision,
                                                   const ProfileTexts& texts,
                                                   const TrustAnchors* trust,
                                                   CheckFindings& findings);
void add_objections(const std::vector<PolicyObjection>& objections, CheckFindings& findings);

/// Whether the decision follows from its profile, when that is a shipped one.
void examine_policy(const Payload& payload, CheckFindings& findings);
/// The same for all others, and whether their owner's signature holds.
void check_policy(const Payload& payload, const ProfileTexts& texts, const TrustAnchors& trust,
                  CheckFindings& findings);

/// Whether the order that was followed says so, and an approver signed it.
void check_order(const Payload& payload, const ProfileTexts& texts, const TrustAnchors& trust,
                 CheckFindings& findings);

/// The signature over the confirmation, and that the operator made it before the run.
void check_confirmation(const Payload& payload, const TrustAnchors& trust, CheckFindings& findings);

} // namespace quietus
