// validate: a person accepts or rejects what a certificate proves against the sensitivity of the
// data. Their signed statement lies beside the certificate, and this station's log has it.
#pragma once

#include "quietus/app/sign.hpp"
#include "quietus/app/site.hpp"
#include "quietus/certificate/validation.hpp"
#include "quietus/core/result.hpp"
#include "quietus/crypto/personal_key.hpp"

#include <cstdint>
#include <string>

namespace quietus {

struct ValidateRequest {
    std::string certificate; ///< any file of it
    ValidationDecision decision = ValidationDecision::rejected;
    std::string classification;   ///< empty: the certificate's
    std::string reason;           ///< needed of a rejection
    std::string document_marking; ///< empty: the certificate's
    const PersonalKey& key;
    const TrustAnchors& trust; ///< for everybody who signed the certificate, and the validator
};

struct GivenValidation {
    std::string id;   ///< of the certificate
    std::string path; ///< of the statement's JSON file
    ValidationDecision decision = ValidationDecision::rejected;
    SignerIdentity validator;
    std::uint64_t log_index = 0;
};

/// The station's key and log are tried first, then the certificate is checked as an auditor does,
/// without and with the statement; only then is anything saved, and logged after it. One that a
/// crash left unlogged, or half saved, is brought to its end by the same person saying the same.
/// Fault::usage for a key that is no validator's; Fault::refused when this station does not know
/// the validator, who signed or did the work, when the certificate is no proof or cannot be
/// decided, or when somebody has validated it; Fault::invalid when it does not hold;
/// Fault::evidence when the statement cannot be saved or logged; else as preflight() and
/// draft_validation().
[[nodiscard]] Result<GivenValidation> validate(const ValidateRequest& request, const Site& site);

} // namespace quietus
